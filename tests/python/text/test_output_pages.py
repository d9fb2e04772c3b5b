# SPDX-License-Identifier: Apache-2.0
"""hOCR, ALTO and PAGE, read back by Python's XML parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from made_readings import Labels, made_document, made_prediction

from rnnlib_py.text import Document, document_text

NAMES = ["a", "<", "&", ">", "ש", "\u0301", "\x85", "␣"]
MARKED: Labels = [("a", 2, 3, 0.5), ("\u0301", 4, 4, 1.0), ("␣", 5, 5, 0.9), ("<", 8, 8, 0.5), ("&", 10, 13, 0.4)]
HEBREW: Labels = [("ש", 0, 3, 0.25), ("\x85", 18, 19, 1.0)]
TAGS = ['box/1 "<&>";.png', "2\x1b[31m\u202e", "3"]
HTML = "{http://www.w3.org/1999/xhtml}"
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"
Element = ElementTree.Element


def three_lines() -> Document:
    """Marks, right-to-left text with a control character, nothing; images of different sizes."""
    labels = [MARKED, HEBREW, []]
    predictions = [made_prediction(tag, found) for tag, found in zip(TAGS, labels, strict=True)]
    return made_document(predictions, [(20, 6), (20, 9), (5, 1)], NAMES)


def parsed(document: Document, form: str) -> Element:
    text = document_text(document, form)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    return ElementTree.fromstring(text.encode("utf-8"))


def children(element: Element) -> list[str]:
    return [child.tag.partition("}")[2] for child in element]


def unique(values: Iterator[str | None]) -> None:
    found = list(values)
    assert None not in found
    assert len(found) == len(set(found))


def of_class(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if element.get("class") == name]


def properties(element: Element) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in element.get("title", "").split(";"))
    return {name: value for name, _, value in parts}


def test_hocr() -> None:
    root = parsed(three_lines(), "hocr")
    assert (root.tag, children(root)) == (f"{HTML}html", ["head", "body"])
    meta = {m.get("name"): m.get("content") for m in root.iter(f"{HTML}meta")}
    assert str(meta["ocr-system"]).startswith("rnnlib-py ")
    classes = {element.get("class") for element in root.iter()} - {None}
    assert classes == set(str(meta["ocr-capabilities"]).split())
    unique(element.get("id") for element in root.iter() if element.get("class") not in (None, "ocrx_cinfo"))
    pages = of_class(root, "ocr_page")
    assert [properties(page)["bbox"] for page in pages] == ["0 0 20 6", "0 0 20 9", "0 0 5 1"]
    assert [properties(page)["image"] for page in pages] == [
        '"box/1 %22<&>%22%3B.png"',
        '"2\\x1b[31m\u202e"',
        '"3"',
    ]
    assert ["".join(line.itertext()) for line in of_class(root, "ocr_line")] == ["a\u0301 <&", "ש\x85", ""]
    words = of_class(pages[0], "ocrx_word")
    assert [properties(word) for word in words] == [
        {"bbox": "2 0 5 6", "x_wconf": "50"},
        {"bbox": "8 0 14 6", "x_wconf": "20"},
    ]
    letters = of_class(words[1], "ocrx_cinfo")
    assert [(letter.text, properties(letter)) for letter in letters] == [
        ("<", {"x_bboxes": "8 0 9 6", "x_conf": "50.00"}),
        ("&", {"x_bboxes": "10 0 14 6", "x_conf": "40.00"}),
    ]


def test_hocr_of_labels_that_are_words() -> None:
    labels: Labels = [("ah", 0, 1, 1.0), ("b", 2, 3, 1.0), ("␣", 4, 4, 1.0), ("ah", 5, 5, 1.0)]
    root = parsed(made_document([made_prediction("1", labels)], [(9, 2)], ["ah", "b", "␣"]), "hocr")
    assert ["".join(word.itertext()) for word in of_class(root, "ocrx_word")] == ["ah b", "ah"]
    assert "".join(of_class(root, "ocr_line")[0].itertext()) == "ah b ah"


def alto_box(element: Element) -> tuple[int, ...]:
    return tuple(int(element.get(name, "")) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))


def test_alto() -> None:
    root = parsed(three_lines(), "alto")
    assert (root.tag, children(root)) == (f"{ALTO}alto", ["Description", "Tags", "Layout"])
    assert children(root[0]) == ["MeasurementUnit", "sourceImageInformation", "Processing"]
    assert root.findtext(f".//{ALTO}fileName") == "lines.nc"
    unique(element.get("ID") for element in root.iter() if "ID" in element.attrib)
    tags = {tag.get("ID"): tag.get("LABEL") for tag in root.iter(f"{ALTO}OtherTag")}
    lines = list(root.iter(f"{ALTO}TextLine"))
    assert [tags[line.get("TAGREFS")] for line in lines] == [TAGS[0], "2\\x1b[31m\u202e", "3"]
    pages = list(root.iter(f"{ALTO}Page"))
    assert [(p.get("WIDTH"), p.get("HEIGHT")) for p in pages] == [("20", "6"), ("20", "9"), ("5", "1")]
    for page, line in zip(pages, lines, strict=True):
        assert page[0][0][0] is line
        assert [page[0].tag, page[0][0].tag] == [f"{ALTO}PrintSpace", f"{ALTO}TextBlock"]
    assert children(lines[0]) == ["String", "SP", "String"]
    first, space, second = lines[0]
    assert (first.get("CONTENT"), first.get("WC"), alto_box(first)) == ("a\u0301", "0.5000", (2, 0, 3, 6))
    assert (space.get("HPOS"), space.get("WIDTH")) == ("5", "3")
    assert (second.get("CONTENT"), second.get("WC"), alto_box(second)) == ("<&", "0.2000", (8, 0, 6, 6))
    assert [(g.get("CONTENT"), g.get("GC"), alto_box(g)) for g in second] == [
        ("<", "0.5000", (8, 0, 1, 6)),
        ("&", "0.4000", (10, 0, 4, 6)),
    ]
    assert [string.get("CONTENT") for string in lines[1]] == ["ש\x85"]
    assert [string.get("CONTENT") for string in lines[2]] == [""]


def corners(element: Element) -> str:
    coords = element[0]
    assert coords.tag == f"{PAGE}Coords"
    return coords.get("points", "")


def equivalents(element: Element) -> list[tuple[str | None, str | None]]:
    """Text and confidence, the best first."""
    found = sorted(element.findall(f"{PAGE}TextEquiv"), key=lambda equivalent: int(equivalent.get("index", "")))
    return [(equivalent.findtext(f"{PAGE}Unicode"), equivalent.get("conf")) for equivalent in found]


def test_page() -> None:
    root = parsed(three_lines(), "page")
    assert (root.tag, children(root)) == (f"{PAGE}PcGts", ["Metadata", "Page"])
    assert [entry.text for entry in root[0]][1:] == ["2026-01-02T03:04:05Z"] * 2
    page = root[1]
    assert page.attrib == {"imageFilename": "lines.nc", "imageWidth": "20", "imageHeight": "9"}
    unique(element.get("id") for element in root.iter() if "id" in element.attrib)
    assert children(page) == ["TextRegion"] * 3
    assert [children(region) for region in page] == [["Coords", "TextLine"]] * 3
    lines = [region[1] for region in page]
    assert children(lines[0]) == ["Coords", "Word", "Word", "TextEquiv", "UserDefined"]
    assert [corners(line) for line in lines] == [corners(region) for region in page]
    assert corners(lines[1]) == "0,0 20,0 20,9 0,9"
    assert [line[-1][0].get("value") for line in lines] == [TAGS[0], "2\\x1b[31m\u202e", "3"]
    assert [equivalents(line) for line in lines] == [[("a\u0301 <&", "0.0900")], [("ש\x85", "0.2500")], [("", None)]]
    word = lines[0][2]
    assert children(word) == ["Coords", "Glyph", "Glyph", "TextEquiv"]
    assert (corners(word), equivalents(word)) == ("8,0 14,0 14,6 8,6", [("<&", "0.2000")])
    assert [(corners(glyph), equivalents(glyph)) for glyph in word[1:3]] == [
        ("8,0 9,0 9,6 8,6", [("<", "0.5000")]),
        ("10,0 14,0 14,6 10,6", [("&", "0.4000")]),
    ]


def test_other_readings_are_in_page() -> None:
    prediction = made_prediction("x", MARKED, others=[["a"], ["a", "␣", ">"]])
    root = parsed(made_document([prediction], [(20, 6)], NAMES), "page")
    (line,) = root.iter(f"{PAGE}TextLine")
    assert [text for text, _ in equivalents(line)] == ["a\u0301 <&", "a", "a >"]


@pytest.mark.parametrize(("form", "place"), [("alto", f".//{ALTO}fileName"), ("page", f"{PAGE}Page")])
def test_a_page_of_one_image_has_its_name(form: str, place: str) -> None:
    root = parsed(made_document([made_prediction("scans/7.png", MARKED)], [(20, 6)], NAMES), form)
    found = root.find(place)
    assert found is not None
    assert "scans/7.png" in (found.text, found.get("imageFilename"))
