# SPDX-License-Identifier: Apache-2.0
"""Pages of corrections: what is in them, that nothing of a file's becomes HTML, and what is said of characters."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_pages import made_text, page_data, spelled
from PIL import Image

import rnnlib_py as rnn
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.text.correction import make_line, make_pages
from rnnlib_py.text.correction.characters import characters_of
from rnnlib_py.text.correction.pages import page_names

RECIPE = LineRecipe()
ARABIC = LineRecipe(right_to_left=True)


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Elements(HTMLParser):
    """All elements of a page, with what is in scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.contents: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.contents:
            self.contents[self._inside].append(data)


def test_lines_have_their_picture_and_text_and_how_sure_each_character_is() -> None:
    found = made_text("scans/a.png", [("O", 0.5), ("n", 0.9999), ("␣", 0.8), ("2", 1.0)])
    ((name, page),) = make_pages([found], RECIPE, "best.save")
    data = page_data(page)
    assert (name, data["file"], data["model"]) == ("lines.html", "lines.corrections.json", "best.save")
    (line,) = data["lines"]
    assert (line["image"], line["text"]) == ("scans/a.png", "On 2")
    assert line["sha256"] == hashlib.sha256(Path("scans/a.png").read_bytes()).hexdigest()
    assert line["pieces"] == [["O", 0.5], ["n", 1.0], [" ", 0.8], ["2", 1.0]]
    assert line["confidence"] == pytest.approx(0.825, abs=1e-3)
    kind, content = re.fullmatch(r"data:image/(png|jpeg);base64,(.*)", line["picture"]).groups()  # type: ignore[union-attr]
    Path(f"shown.{kind}").write_bytes(base64.b64decode(content))
    with Image.open(f"shown.{kind}") as shown, Image.open("scans/a.png") as original:
        assert shown.size == original.size == (line["width"], line["height"])


def test_large_pictures_are_reduced() -> None:
    Image.new("L", (8000, 300), 255).save("wide.png")
    line = make_line(made_text("wide.png", spelled("x")), RECIPE)
    assert (line.width, line.height) == (2560, 96)


def test_nothing_of_a_file_becomes_html() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{SCRIPT}}<!--"
    found = made_text("a <b>'\"&{{DATA}}.png", spelled(evil.replace(" ", "")))
    ((_, page),) = make_pages([found], RECIPE, f"{evil}.save")
    plain = Elements(next(make_pages([made_text("x.png", spelled("x"))], RECIPE, "x.save"))[1])
    elements = Elements(page)
    assert [tag for tag, _ in elements.found] == [tag for tag, _ in plain.found]
    assert elements.contents["script"][1:] == plain.contents["script"][1:]
    data = page_data(page)
    assert data["model"] == f"{evil}.save"
    assert data["lines"][0]["image"] == "a <b>'\"&{{DATA}}.png"
    assert data["lines"][0]["text"] == evil.replace(" ", "")


def test_the_policy_lets_only_the_page_s_own_script_run_and_loads_nothing() -> None:
    elements = Elements(next(make_pages([made_text("x.png", spelled("x"))], RECIPE, "x.save"))[1])
    policy = next(a["content"] or "" for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:;")
    for kind, text in (("script", elements.contents["script"][1]), ("style", elements.contents["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert not any(name in attributes for _, attributes in elements.found for name in ("src", "href", "onclick"))


def test_every_control_has_a_name() -> None:
    page = next(make_pages([made_text("x.png", spelled("x"))], RECIPE, "x.save"))[1]
    assert '<html lang="en">' in page
    assert re.search(r"<label>Order\s+<select", page)
    assert re.search(r'<output id="counter" aria-live="polite">', page)


def test_many_lines_become_several_pages_the_least_sure_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnlib_py.text.correction.pages.LINES_PER_PAGE", 2)
    sure = [0.9, 0.2, 0.8, 0.1, 0.7]
    found = [made_text(f"{i}.png", spelled("ab", value)) for i, value in enumerate(sure)]
    found[2] = made_text("2.png", [])  # nothing was read

    def images(least_sure: int) -> dict[str, list[str]]:
        pages = make_pages(found, RECIPE, "x.save", "check & go", least_sure)
        return {name: [line["image"][0] for line in page_data(page)["lines"]] for name, page in pages}

    names = ["check & go-1.html", "check & go-2.html", "check & go-3.html"]
    assert images(0) == dict(zip(names, [["0", "1"], ["2", "3"], ["4"]], strict=True))
    assert images(3) == dict(zip(names, [["2", "3"], ["1", "0"], ["4"]], strict=True))
    second = list(make_pages(found, RECIPE, "x.save", "check & go"))[1][1]
    assert 'Page <a href="check%20%26%20go-1.html">1</a> <b>2</b> <a href' in second
    assert page_data(second)["file"] == "check & go-2.corrections.json"
    assert page_names(20, "x")[0] == "x-01.html"


@pytest.mark.parametrize(
    ("visual", "expected"),
    [
        ("cba", None),
        ("אבג", "גבא"),
        ("אב גד", "דג בא"),
        ("12 אב", "בא 12"),
        ("␣אב␣", "בא"),
    ],
)
def test_confidences_follow_characters_into_the_order_of_reading(visual: str, expected: str | None) -> None:
    labels = [("␣" if c == " " else c, 0.5 + i / 100) for i, c in enumerate(visual)]
    found = made_text("x.png", labels, ARABIC)
    pieces = characters_of(found, ARABIC)
    assert "".join(text for text, _ in pieces) == found.text == (expected or visual)
    sure = {label: value for label, value in labels if label != "␣"}
    assert all(sure[text] == value for text, value in pieces if text != " ")


def test_where_directions_are_mixed_in_a_word_equal_characters_get_the_lower_confidence() -> None:
    found = made_text("x.png", [("1", 0.9), ("-", 0.8), ("2", 0.7), ("1", 0.6), ("א", 0.5), ("ב", 0.4)], ARABIC)
    pieces = characters_of(found, ARABIC)
    assert "".join(text for text, _ in pieces) == found.text
    assert dict(pieces) == {"1": 0.6, "-": 0.8, "2": 0.7, "א": 0.5, "ב": 0.4}


def test_a_picture_that_has_gone_is_an_error() -> None:
    found = made_text("x.png", spelled("x"))
    Path("x.png").unlink()
    with pytest.raises(rnn.IoError, match=r"x\.png"):
        make_line(found, RECIPE)
