# SPDX-License-Identifier: Apache-2.0
"""hOCR (version 1.2), as XHTML: a page with one line for each image, with boxes of words and characters."""

from __future__ import annotations

from rnnlib_py import _core
from rnnlib_py.text.outputs.document import Document, Line, ReadLabel, Word
from rnnlib_py.text.outputs.xml import Element, add, box, xml_safe, xml_text

_HEAD = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)


def hocr_text(document: Document) -> str:
    """The document as hOCR."""
    root = Element("html", {"xmlns": "http://www.w3.org/1999/xhtml"})
    head = add(root, "head")
    add(head, "title").text = xml_safe(document.source)
    for name, content in (
        ("ocr-system", f"rnnlib-py {_core.__version__}"),
        ("ocr-capabilities", "ocr_page ocr_line ocrx_word ocrx_cinfo"),
        ("ocr-number-of-pages", str(len(document.lines))),
    ):
        add(head, "meta", {"name": name, "content": content})
    body = add(root, "body")
    for number, line in enumerate(document.lines, 1):
        _add_page(body, line, number)
    for parent in (root, body):
        for child in parent:
            child.tail = "\n"
    return xml_text(root, _HEAD)


def _add_page(body: Element, line: Line, number: int) -> None:
    width, height = line.shape
    whole = f"bbox 0 0 {width} {height}"
    title = f'image "{_quotable(line.tag)}"; {whole}; ppageno {number - 1}'
    page = add(body, "div", {"class": "ocr_page", "id": f"page_{number}", "title": title})
    found = add(page, "span", {"class": "ocr_line", "id": f"line_{number}", "title": whole})
    for i, word in enumerate(line.words, 1):
        _add_word(found, word, f"word_{number}_{i}", height).tail = " " if i < len(line.words) else None


def _add_word(parent: Element, word: Word, name: str, height: int) -> Element:
    title = f"{_property('bbox', word, height)}; x_wconf {100 * word.confidence:.0f}"
    found = add(parent, "span", {"class": "ocrx_word", "id": name, "title": title})
    between = None if len("".join(label.name for label in word.labels)) == len(word.text) else " "
    for label in word.labels:
        title = f"{_property('x_bboxes', label, height)}; x_conf {100 * label.confidence:.2f}"
        part = add(found, "span", {"class": "ocrx_cinfo", "title": title})
        part.text = xml_safe(label.name)
        part.tail = between if label is not word.labels[-1] else None
    return found


def _property(name: str, part: ReadLabel | Word, height: int) -> str:
    return f"{name} {' '.join(map(str, box(part, height)))}"


def _quotable(tag: str) -> str:
    """A tag within quotation marks, in a list with semicolons."""
    return xml_safe(tag).replace('"', "%22").replace(";", "%3B")
