# SPDX-License-Identifier: Apache-2.0
"""PAGE (PRImA's page content, 2019-07-15): a region with one line for each image, with words and characters."""

from __future__ import annotations

from xml.etree import ElementTree

from rnnlib_py import _core
from rnnlib_py.text.outputs.document import Document, Line, ReadLabel, Word
from rnnlib_py.text.outputs.xml import Element, add, box, xml_safe, xml_text

_NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def page_text(document: Document) -> str:
    """The document as PAGE, which has one page: several images make one of their file's name and of the largest sizes,
    and each region has the coordinates of its own image. Lines have their tag as UserAttribute "tag"."""
    lines = document.lines
    root = Element("PcGts", {"xmlns": _NAMESPACE})
    metadata = add(root, "Metadata")
    add(metadata, "Creator").text = f"rnnlib-py {_core.__version__}"
    for name in ("Created", "LastChange"):
        add(metadata, name).text = document.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    page = add(
        root,
        "Page",
        {
            "imageFilename": xml_safe(lines[0].tag if len(lines) == 1 else document.source),
            "imageWidth": str(max((line.shape[0] for line in lines), default=0)),
            "imageHeight": str(max((line.shape[1] for line in lines), default=0)),
        },
    )
    for number, line in enumerate(lines, 1):
        _add_region(page, line, number)
    ElementTree.indent(root)
    return xml_text(root)


def _add_region(page: Element, line: Line, number: int) -> None:
    width, height = line.shape
    whole = (0, 0, width, height)
    region = add(page, "TextRegion", {"id": f"region_{number}"})
    _add_corners(region, whole)
    found = add(region, "TextLine", {"id": f"line_{number}"})
    _add_corners(found, whole)
    for i, word in enumerate(line.words, 1):
        _add_word(found, word, f"{number}_{i}", height)
    _add_text(found, line.text, line.confidence)
    for i, other in enumerate(line.readings[1:], 1):
        _add_text(found, other, None, i)
    tag = {"name": "tag", "type": "xsd:string", "value": xml_safe(line.tag)}
    add(add(found, "UserDefined"), "UserAttribute", tag)


def _add_word(parent: Element, word: Word, name: str, height: int) -> None:
    found = add(parent, "Word", {"id": f"word_{name}"})
    _add_corners(found, box(word, height))
    for i, label in enumerate(word.labels, 1):
        _add_glyph(found, label, f"glyph_{name}_{i}", height)
    _add_text(found, word.text, word.confidence)


def _add_glyph(parent: Element, label: ReadLabel, name: str, height: int) -> None:
    found = add(parent, "Glyph", {"id": name})
    _add_corners(found, box(label, height))
    _add_text(found, label.name, label.confidence)


def _add_corners(parent: Element, corners: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = corners
    add(parent, "Coords", {"points": f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}"})


def _add_text(parent: Element, text: str, confidence: float | None, number: int = 0) -> None:
    """`number`: of another reading of the same line."""
    attributes = {} if confidence is None else {"conf": f"{confidence:.4f}"}
    equivalent = add(parent, "TextEquiv", {"index": str(number), **attributes})
    add(equivalent, "Unicode").text = xml_safe(text)
