# SPDX-License-Identifier: Apache-2.0
"""UNIPEN files (I. Guyon, L. Schomaker et al.: "UNIPEN project of on-line data exchange and recognizer benchmarks",
1994): statements of a keyword that begins with a dot, and all words until the next one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py._core import DataError
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import number

MOST_POINTS = 2**23  # of all inks of a file: files may include another one again and again
_KEYWORD = re.compile(r"\s*\.([A-Z][A-Z_0-9]*)(.*)")
_LABEL = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPOKEN = {"t": "\t", "n": "\n"}
_DEEPEST = 8  # files that include each other
_MOST_FILES = 1000


@dataclass
class Component:
    """What the pen did between two keywords.

    Attributes
    ----------
    is_down : bool
        A stroke; else its way through the air.
    points : list of tuple
        x, y and the time in seconds, NaN where it is not known.
    """

    is_down: bool
    points: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Segment:
    """A labelled part of a file.

    Attributes
    ----------
    kind : str
        As the file's hierarchy calls it: "WORD".
    place : str
        Which components it is made of; "?": those that follow it.
    text : str
    first : int
        The number of the component that follows it in the file.
    writer : str
        "" where it is not known.
    """

    kind: str
    place: str
    text: str
    first: int
    writer: str


class UnipenFile:
    """What stands in a file and in those that it includes.

    Attributes
    ----------
    components : list of Component
        Those with points, in the order of the file, which their numbers in segments follow.
    segments : list of Segment
    hierarchy : list of str
        Kinds of segments, the largest first.
    """

    def __init__(self, path: Path, root: Path, notes: Notes) -> None:
        """Reads the file.

        Parameters
        ----------
        path
            The file.
        root
            The folder that included files must lie in.
        notes
            Takes those that are not included.

        Raises
        ------
        IoError, DataError
            A file that cannot be read, or has more than 2^23 points.
        """
        self.components: list[Component] = []
        self.segments: list[Segment] = []
        self.hierarchy: list[str] = []
        self._root, self._notes = root, notes
        self._files = self._points = 0
        self._columns = ["X", "Y"]
        self._rate = math.nan  # points per second
        self._clock = 0.0
        self._writer = ""
        self._read(path, 0)

    def _read(self, path: Path, depth: int) -> None:
        self._files += 1
        if depth > _DEEPEST or self._files > _MOST_FILES:
            raise DataError(f"{path}: includes too many files, or itself")
        read = read_text_file(path)
        self._notes.change(str(path), read.changes)
        keyword, lines = "", list[str]()
        for line in read.text.splitlines():
            match = _KEYWORD.match(line)
            if match is None:
                lines.append(line)
                continue
            self._take(keyword, lines, path, depth)
            keyword, lines = match[1], [match[2]]
        self._take(keyword, lines, path, depth)

    def _take(self, keyword: str, lines: list[str], path: Path, depth: int) -> None:
        """A statement."""
        text = "\n".join(lines)
        words = text.split()
        if keyword in ("PEN_DOWN", "PEN_UP"):
            self._add_component(Component(keyword == "PEN_DOWN"), lines, path)
        elif keyword == "SEGMENT":
            self._add_segment(text, path)
        elif keyword == "INCLUDE":
            self._include(text.strip().strip('"'), path, depth)
        elif keyword == "HIERARCHY":
            self.hierarchy = words
        elif keyword == "COORD":
            self._columns = [word.upper() for word in words]
            if "X" not in self._columns or "Y" not in self._columns:
                raise DataError(f"{path}: .COORD {' '.join(words)[:40]}: expected X and Y among them")
        elif keyword == "WRITER_ID" and words:
            self._writer = words[0]
        elif keyword == "POINTS_PER_SECOND" and words:
            self._rate = number(words[0])
        elif keyword == "DT" and words and math.isfinite(number(words[0])):
            self._clock += number(words[0]) * 1e-3

    def _add_component(self, component: Component, lines: list[str], path: Path) -> None:
        x, y, count = self._columns.index("X"), self._columns.index("Y"), len(self._columns)
        time = self._columns.index("T") if "T" in self._columns else None
        wait = 1 / self._rate if self._rate > 0 else 0.0
        for line in lines:
            words = line.split()
            if len(words) % count:
                raise DataError(f"{path}: '{line.strip()[:40]}' has {len(words)} numbers, .COORD says {count}")
            for i in range(0, len(words), count):
                seconds = self._clock if wait else math.nan
                if time is not None:
                    seconds = number(words[i + time]) * 1e-3
                component.points.append((number(words[i + x]), number(words[i + y]), seconds))
                self._clock += wait
        self._points += len(component.points)
        if self._points > MOST_POINTS:
            raise DataError(f"{path}: has more than {MOST_POINTS:,} points")
        if component.points:
            self.components.append(component)

    def _add_segment(self, text: str, path: Path) -> None:
        """`TYPE DELINEATION QUALITY "LABEL"`; all but the type may be missing."""
        label = _LABEL.search(text)
        words = (text if label is None else text[: label.start()]).split()
        if not words:
            raise DataError(f"{path}: a .SEGMENT without a type")
        spoken = "" if label is None else _ESCAPE.sub(lambda match: _SPOKEN.get(match[1], match[1]), label[1])
        place = words[1] if len(words) > 1 else "?"
        self.segments.append(Segment(words[0], place, spoken, len(self.components), self._writer))

    def _include(self, name: str, path: Path, depth: int) -> None:
        """Only files in the folder of what is read, or below it: names of files come from strangers."""
        if not name:
            return
        found = (path.parent / name.replace("\\", "/")).resolve()
        if not found.is_relative_to(self._root.resolve()):
            self._notes.change(str(path), [f"includes {name}, which lies outside of {self._root}: it is not read"])
        elif not found.is_file():
            self._notes.change(str(path), [f"includes {name}, which is not there"])
        else:
            self._read(found, depth + 1)
