# SPDX-License-Identifier: Apache-2.0
"""The lines of PAGE XML files (PRImA's "PAGE", as eScriptorium, Transkribus and OCR-D write it)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from rnnlib_py._core import DataError
from rnnlib_py.prepare.cut_line import Outline
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import find_image, number, parse_points


def page_items(root: Element, path: Path, name: str, folder: Path | None, notes: Notes) -> Iterator[LineItem]:
    """The lines of a PAGE file.

    Parameters
    ----------
    root
        Its root element.
    path
        The file, for messages.
    name
        What its lines' names begin with.
    folder
        Where the images are; None: beside the file.
    notes
        Takes lines without a text or an outline.

    Raises
    ------
    DataError
        A file without a page, or whose image is missing.
    """
    page = root.find("Page")
    if page is None:
        raise DataError(f"{path}: has no element Page, expected PAGE XML")
    image = find_image(page.get("imageFilename", ""), path, folder)
    size = (number(page.get("imageWidth")), number(page.get("imageHeight")))
    for count, line in enumerate(page.iter("TextLine"), 1):
        tag = f"{name}/{line.get('id') or count}"
        polygon, baseline = _points(line.find("Coords")), _points(line.find("Baseline"))
        text = _text(line)
        if text is None:
            notes.skip(tag, "a line without a text")
        elif len(polygon) < 3:
            notes.skip(tag, f"its outline has {len(polygon)} points, expected at least 3")
        else:
            yield LineItem(tag, text, image, Outline(polygon, baseline, size if min(size) > 0 else None), str(path))


def _points(element: Element | None) -> tuple[tuple[float, float], ...]:
    """Of an element with an attribute `points`, or with Point elements, as older files have them."""
    if element is None:
        return ()
    if "points" in element.attrib:
        return parse_points(element.attrib["points"])
    return parse_points(" ".join(f"{point.get('x')},{point.get('y')}" for point in element.findall("Point")))


def _text(line: Element) -> str | None:
    """That of the reading with the lowest index; where the line has none of its own, that of its words."""
    readings = line.findall("TextEquiv")
    if not readings:
        words = [_text(word) for word in line.findall("Word")]
        return " ".join(word for word in words if word) if any(words) else None
    best = min(readings, key=lambda reading: number(reading.get("index")))
    found = best.find("Unicode")
    return None if found is None else found.text or ""
