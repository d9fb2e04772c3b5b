# SPDX-License-Identifier: Apache-2.0
"""Ink in UNIPEN files: their labelled segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats, InkItem, ink_of
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.unipen_file import MOST_POINTS, Segment, UnipenFile

_PLACE = re.compile(r"(\d{1,9})(?::(\d{1,9}))?(?:-(\d{1,9})(?::(\d{1,9}))?)?")


def unipen_items(
    path: Path, name: str, notes: Notes, level: str = "outer", is_y_down: bool = False, root: Path | None = None
) -> Iterator[InkItem]:
    """The inks of a UNIPEN file.

    Parameters
    ----------
    path
        The file.
    name
        What its inks' names begin with.
    notes
        Takes segments that cannot be used.
    level
        Which segments are inks: "outer" (those of the first kind in the file's hierarchy that have labels), "inner"
        (the last kind), or a kind, such as "WORD".
    is_y_down
        Whether y grows downwards.
    root
        The folder that included files must lie in; None: that of the file.

    Raises
    ------
    IoError, DataError
        A file that cannot be read, or includes one that lies elsewhere.
    """
    file = UnipenFile(path, path.parent if root is None else root, notes)
    if not any(component.is_down for component in file.components):
        raise DataError(f"{path}: has no strokes")
    segments = _chosen(file, level, path)
    total = 0
    for number, segment in enumerate(segments):
        tag = name if len(segments) == 1 else f"{name}/{number + 1}"
        end = segments[number + 1].first if number + 1 < len(segments) else len(file.components)
        try:
            strokes = _strokes(file, segment, end)
        except DataError as error:
            notes.skip(tag, str(error))
            continue
        total += sum(map(len, strokes))
        if total > MOST_POINTS:
            raise DataError(f"{path}: its inks have more than {MOST_POINTS:,} points")
        yield InkItem(tag, segment.text or None, ink_of(strokes, is_y_down), _columns(segment))


def _columns(segment: Segment) -> dict[str, str]:
    return {"writer": segment.writer} if segment.writer else {}


def _chosen(file: UnipenFile, level: str, path: Path) -> list[Segment]:
    """The segments that are inks; the whole file where none has a text."""
    if level not in ("outer", "inner"):
        found = [segment for segment in file.segments if segment.kind.upper() == level.upper()]
        if not found:
            kinds = ", ".join(dict.fromkeys(segment.kind for segment in file.segments)) or "none at all"
            raise DataError(f"{path}: has no segments {level}; it has {kinds}")
        return found
    labelled = dict.fromkeys(segment.kind for segment in file.segments if segment.text)
    if not labelled:
        writer = file.segments[0].writer if file.segments else ""
        return [Segment("", "?", "", 0, writer)]
    hierarchy = file.hierarchy
    ordered = sorted(labelled, key=lambda kind: hierarchy.index(kind) if kind in hierarchy else len(hierarchy))
    wanted = ordered[0 if level == "outer" else -1]
    return [segment for segment in file.segments if segment.kind == wanted]


def _strokes(file: UnipenFile, segment: Segment, end: int) -> list[Floats]:
    """What the pen drew in a segment. `end`: the number of the component before which the next segment stands."""
    if segment.place == "?":
        parts: list[tuple[int, int, int | None]] = [(i, 0, None) for i in range(segment.first, end)]
    else:
        parts = _parts(segment.place, len(file.components))
    return [
        np.array(file.components[i].points[a:b], np.float64).reshape(-1, 3)
        for i, a, b in parts
        if file.components[i].is_down
    ]


def _parts(place: str, count: int) -> list[tuple[int, int, int | None]]:
    """Components with their first points and the ends of them: "0,2:5-3:10" is component 0, and from point 5 of
    component 2 to point 10 of component 3. `count`: components of the file."""
    found: list[tuple[int, int, int | None]] = []
    shown = f"its delineation '{place[:40]}'"
    for text in place.split(","):
        match = _PLACE.fullmatch(text)
        if match is None:
            raise DataError(f"{shown}: expected component numbers such as 3-5, or 3:0-5:20")
        first, a, last, b = (None if group is None else int(group) for group in match.groups())
        assert first is not None
        final = first if last is None else last
        if not first <= final < count or len(found) + final - first >= count:
            raise DataError(f"{shown} does not fit: the file has {count:,} components")
        found += [(i, (a or 0) if i == first else 0, None) for i in range(first, final + 1)]
        point = a if last is None else b
        if point is not None:
            found[-1] = (final, found[-1][1], point + 1)
    return found
