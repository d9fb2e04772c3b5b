# SPDX-License-Identifier: Apache-2.0
"""ALTO (version 4.4): a page with one line for each image, with boxes of words and characters."""

from __future__ import annotations

from xml.etree import ElementTree

from rnnlib_py import _core
from rnnlib_py.text.outputs.document import Document, Line, ReadLabel, Word
from rnnlib_py.text.outputs.xml import Element, add, box, xml_safe, xml_text

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_PLACE = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"


def alto_text(document: Document) -> str:
    """The document as ALTO. The tags of several images are OtherTags, the tag of one is the name of its file."""
    lines = document.lines
    root = Element(
        "alto",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_NAMESPACE} {_PLACE}",
            "SCHEMAVERSION": "4.4",
        },
    )
    _add_description(root, lines[0].tag if len(lines) == 1 else document.source)
    tags = add(root, "Tags")
    for number, line in enumerate(lines, 1):
        add(tags, "OtherTag", {"ID": f"tag_{number}", "TYPE": "sequence", "LABEL": xml_safe(line.tag)})
    layout = add(root, "Layout")
    for number, line in enumerate(lines, 1):
        _add_page(layout, line, number)
    ElementTree.indent(root)
    return xml_text(root)


def _add_description(root: Element, name: str) -> None:
    description = add(root, "Description")
    add(description, "MeasurementUnit").text = "pixel"
    add(add(description, "sourceImageInformation"), "fileName").text = xml_safe(name)
    processing = add(description, "Processing", {"ID": "reading"})
    add(processing, "processingCategory").text = "contentGeneration"
    software = add(processing, "processingSoftware")
    add(software, "softwareName").text = "rnnlib-py"
    add(software, "softwareVersion").text = _core.__version__


def _add_page(layout: Element, line: Line, number: int) -> None:
    width, height = (str(size) for size in line.shape)
    whole = {"HPOS": "0", "VPOS": "0", "WIDTH": width, "HEIGHT": height}
    page = add(
        layout, "Page", {"ID": f"page_{number}", "PHYSICAL_IMG_NR": str(number), "WIDTH": width, "HEIGHT": height}
    )
    block = add(add(page, "PrintSpace", whole), "TextBlock", {"ID": f"block_{number}", **whole})
    found = add(block, "TextLine", {"ID": f"line_{number}", "TAGREFS": f"tag_{number}", **whole})
    if not line.words:
        add(found, "String", {"CONTENT": "", **whole})  # a line needs one
    before: Word | None = None
    for i, word in enumerate(line.words, 1):
        if before is not None:
            gap = {"HPOS": str(before.last + 1), "VPOS": "0", "WIDTH": str(word.first - before.last - 1)}
            add(found, "SP", gap)
        _add_word(found, word, f"{number}_{i}", line.shape[1])
        before = word


def _add_word(parent: Element, word: Word, name: str, height: int) -> None:
    attributes = {"ID": f"word_{name}", **_box(word, height), "CONTENT": xml_safe(word.text)}
    found = add(parent, "String", {**attributes, "WC": f"{word.confidence:.4f}"})
    for i, label in enumerate(word.labels, 1):
        attributes = {"ID": f"glyph_{name}_{i}", **_box(label, height), "CONTENT": xml_safe(label.name)}
        add(found, "Glyph", {**attributes, "GC": f"{label.confidence:.4f}"})


def _box(part: ReadLabel | Word, height: int) -> dict[str, str]:
    left, top, right, bottom = box(part, height)
    return {"HPOS": str(left), "VPOS": str(top), "WIDTH": str(right - left), "HEIGHT": str(bottom - top)}
