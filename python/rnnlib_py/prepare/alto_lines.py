# SPDX-License-Identifier: Apache-2.0
"""The lines of ALTO XML files (the Library of Congress's "Analyzed Layout and Text Object", versions 2 to 4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from rnnlib_py._core import DataError
from rnnlib_py.prepare.cut_line import Outline
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import find_image, number, parse_points


def alto_items(root: Element, path: Path, name: str, folder: Path | None, notes: Notes) -> Iterator[LineItem]:
    """The lines of an ALTO file with one page; parameters and errors as page_items().

    Numbers that are no pixels (tenths of a millimetre) are brought to the picture by the size of the page.
    """
    pages = list(root.iter("Page"))
    if len(pages) != 1:
        raise DataError(f"{path}: has {len(pages)} pages, expected an ALTO file with one")
    found = root.find("Description/sourceImageInformation/fileName")
    image = find_image("" if found is None else (found.text or "").strip(), path, folder)
    size = (number(pages[0].get("WIDTH")), number(pages[0].get("HEIGHT")))
    for count, line in enumerate(pages[0].iter("TextLine"), 1):
        tag = f"{name}/{line.get('ID') or count}"
        strings = line.findall("String")
        if not strings:
            notes.skip(tag, "a line without a text")
            continue
        polygon, box = _polygon(line), _box(line)
        if len(polygon) < 3 and not box:
            notes.skip(tag, "has neither an outline nor a box")
            continue
        if len(polygon) < 3 and line.find("Shape") is not None:
            notes.change(tag, [f"its outline has {len(polygon)} points, expected at least 3: its box is used"])
        outline = Outline(polygon if len(polygon) >= 3 else box, _baseline(line), size if min(size) > 0 else None)
        yield LineItem(tag, _text(line), image, outline, str(path))


def _polygon(line: Element) -> tuple[tuple[float, float], ...]:
    found = line.find("Shape/Polygon")
    return () if found is None else parse_points(found.get("POINTS", ""))


def _box(line: Element) -> tuple[tuple[float, float], ...]:
    if any(name not in line.attrib for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")):
        return ()
    left, top = number(line.get("HPOS")), number(line.get("VPOS"))
    right, bottom = left + number(line.get("WIDTH")), top + number(line.get("HEIGHT"))
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _baseline(line: Element) -> tuple[tuple[float, float], ...]:
    """Points; in older versions a single number, the height of a level one."""
    points = parse_points(line.get("BASELINE", ""))
    return points if len(points) > 1 else ()


def _text(line: Element) -> str:
    """Of the strings, with the spaces and the hyphen between and after them."""
    parts: list[str] = []
    for element in line:
        if element.tag in ("String", "HYP"):
            if parts and element.tag == "String" and parts[-1] != " ":
                parts.append(" ")
            parts.append(element.get("CONTENT", ""))
        elif element.tag == "SP":
            parts.append(" ")
    return "".join(parts)
