# SPDX-License-Identifier: Apache-2.0
"""Ink in the XML files of the IAM On-Line Handwriting Database: strokes on a whiteboard, and the text line by line
(M. Liwicki, H. Bunke: "IAM-OnDB - an on-line English sentence database", 2005)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats, Ink, InkItem, ink_of
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import number


def iam_items(root: Element, path: Path, name: str, notes: Notes, is_y_down: bool = True) -> Iterator[InkItem]:
    """The lines of a file.

    Parameters
    ----------
    root
        Its root element.
    path
        The file, for messages.
    name
        What its lines' names begin with.
    notes
        Takes what is not as expected.
    is_y_down
        Whether y grows downwards.

    Raises
    ------
    DataError
        A file without strokes, or whose strokes cannot be divided into the lines of its text.
    """
    strokes = [_stroke(element) for found in root.iter("StrokeSet") for element in found.iter("Stroke")]
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        raise DataError(f"{path}: has no strokes")
    columns = _columns(root)
    lines = _lines(root)
    if len(lines) < 2:
        text = lines[0][1] if lines else None
        yield InkItem(name, text, ink_of(strokes, is_y_down), columns)
        return
    notes.change(str(path), ["its strokes were divided into lines where the pen goes back"])
    for (line, text), part in zip(lines, _divided(strokes, len(lines), is_y_down, path), strict=True):
        yield InkItem(f"{name}/{line}", text, part, columns)


def _stroke(element: Element) -> Floats:
    points = [[number(point.get(name, "nan")) for name in ("x", "y", "time")] for point in element.iter("Point")]
    return np.array(points, np.float64).reshape(-1, 3)


def _columns(root: Element) -> dict[str, str]:
    """The form and who wrote it."""
    found = {}
    form = next(root.iter("Form"), None)
    if form is not None and form.get("writerID"):
        found["writer"] = form.get("writerID", "")
    if form is not None and form.get("id"):
        found["form"] = form.get("id", "")
    return found


def _lines(root: Element) -> list[tuple[str, str]]:
    """Name and text of each line; of a text that is not divided into lines the whole."""
    transcription = root.find("Transcription")
    if transcription is None:
        return []
    lines = [(line.get("id") or str(i), _line_text(line)) for i, line in enumerate(transcription.iter("TextLine"), 1)]
    if lines:
        return lines
    text = "\n".join(element.text or "" for element in transcription.iter("Text"))
    return [(str(i), line) for i, line in enumerate((line for line in text.splitlines() if line.strip()), 1)]


def _line_text(line: Element) -> str:
    if "text" in line.attrib:
        return line.attrib["text"]
    return " ".join(word.get("text", "") for word in line.iter("Word"))


def _divided(strokes: list[Floats], count: int, is_y_down: bool, path: Path) -> list[Ink]:
    """Strokes cut into `count` lines at the greatest ways that the pen went back to the left and down."""
    down = 1.0 if is_y_down else -1.0
    ends = np.array([stroke[-1, :2] for stroke in strokes[:-1]]).reshape(-1, 2)
    starts = np.array([stroke[0, :2] for stroke in strokes[1:]]).reshape(-1, 2)
    back = (ends - starts)[:, 0] + (starts - ends)[:, 1] * down
    if len(back) < count - 1:
        raise DataError(f"{path}: has {len(strokes)} strokes, but a text of {count} lines")
    cuts = np.sort(np.argsort(back, kind="stable")[len(back) - count + 1 :]) + 1
    bounds = [0, *cuts.tolist(), len(strokes)]
    lines = [strokes[a:b] for a, b in pairwise(bounds)]
    heights = [float(np.mean(np.concatenate(line)[:, 1])) * down for line in lines]
    if any(lower <= upper for upper, lower in pairwise(heights)):
        raise DataError(f"{path}: its strokes cannot be divided into the {count} lines of its text")
    return [ink_of(line, is_y_down) for line in lines]
