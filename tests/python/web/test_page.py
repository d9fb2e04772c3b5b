# SPDX-License-Identifier: Apache-2.0
"""The page docs/try.md in a real browser, used with a mouse and files. Skipped without Chromium or the module."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from chromium import CHROMIUM, Chromium
from web_module import MODULE, NO_MODULE, ROOT, served

import rnnlib_py as rnn

READER = ROOT / "docs" / "_static" / "reader"
TEXTS = "[...document.querySelectorAll('.reader-text')].map((text) => text.textContent)"
ERROR = "document.querySelector('#reader-lines .reader-error')?.textContent"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def make_site(folder: Path, with_module: bool) -> Path:
    """What of the site the page needs: its own elements, without the theme's."""
    static = folder / "_static"
    shutil.copytree(READER, static / "reader")
    (static / "models").mkdir()
    for name in ("drawn_digits", "fraktur"):
        shutil.copy(ROOT / "models" / f"{name}.safetensors", static / "models")
    if with_module:
        shutil.copytree(MODULE, static / "rnnlib")
    page = (ROOT / "docs" / "try.md").read_text(encoding="utf-8")
    elements = re.findall(r"^<(?:div|script).*?</(?:div|script)>$", page, flags=re.MULTILINE | re.DOTALL)
    assert len(elements) == 3
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = '<link rel="stylesheet" href="_static/reader/reader.css"><title>page</title>'
    (folder / "try.html").write_text("\n".join([head, style, *elements]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (MODULE / "engine.wasm").exists():
        pytest.skip(NO_MODULE)
    with served(make_site(tmp_path_factory.mktemp("site"), with_module=True)) as made:
        yield f"{made}/try.html"


@pytest.fixture
def page(browser: Chromium, address: str) -> Chromium:
    """The page, freshly loaded."""
    browser.open(address)
    browser.wait_for("document.querySelector('#reader-lines select') !== null")
    return browser


def field(page: Chromium) -> tuple[float, float, float, float]:
    """Where digits are drawn: left, top, width and height in the window."""
    box = page.evaluate("JSON.parse(JSON.stringify(document.querySelector('canvas').getBoundingClientRect()))")
    return box["left"], box["top"], box["width"], box["height"]


def draw(page: Chromium, left: float, shape: str) -> None:
    """A digit as a polygon, "x,y x,y ...", of a tenth of the field's height each."""
    x0, y0, width, height = field(page)
    corners = np.array([corner.split(",") for corner in shape.split()], float) * height / 10
    steps = [np.linspace(a, b, 6)[1:] for a, b in pairwise(corners)]
    path = np.concatenate([corners[:1], *steps]) + np.array([x0 + left * width, y0])
    page.drag([(float(x), float(y)) for x, y in path])


def reading(page: Chromium, text: str) -> None:
    """Waits until the field's digits are read so."""
    page.wait_for(f"{TEXTS}[0] === {text!r}")


def test_digits_are_read_while_they_are_drawn(page: Chromium) -> None:
    draw(page, 0.1, "1,2 1,8")
    reading(page, "1")
    draw(page, 0.3, "0,3 1,2 3,2 4,3 4,4 2,6 0,8 4,8")
    reading(page, "12")
    draw(page, 0.5, "0,2 4,2 3,4 2,6 1.5,8")
    reading(page, "127")
    labels = "[...document.querySelectorAll('.reader-places span')].map((place) => place.textContent).join('')"
    assert page.evaluate(labels) == "127"
    assert re.fullmatch(
        r"Least sure: \d \([\d.]+ %\)\. Read in [\d.]+ ms\.",
        page.evaluate("document.querySelector('.reader-notes').textContent"),
    )
    click(page, "Undo")
    reading(page, "12")
    click(page, "Clear")
    page.wait_for(f"{TEXTS}[0].startsWith('Draw some digits')")
    assert page.evaluate("document.querySelectorAll('.reader-tools button:disabled').length") == 2


def click(page: Chromium, text: str) -> None:
    page.evaluate(f"[...document.querySelectorAll('button')].find((b) => b.textContent === {text!r}).click()")


def test_the_example_of_digits_is_read(page: Chromium) -> None:
    click(page, "Show an example")
    reading(page, "1841")


def test_small_and_large_digits_are_read_alike(page: Chromium) -> None:
    for scale in (0.5, 1.0):
        corners = [(x * scale, y * scale + 1) for x, y in ((0, 1), (5, 1), (3.7, 4), (2.5, 7), (2, 8))]
        draw(page, 0.3, " ".join(f"{x},{y}" for x, y in corners))
        reading(page, "7")
        click(page, "Clear")
        page.wait_for(f"{TEXTS}[0] !== '7'")


def test_the_line_of_print_is_read_as_by_python(page: Chromium) -> None:
    click(page, "Read the example")
    line = rnn.Network.load_model("fraktur").read(READER / "fraktur.png")
    page.wait_for(f"{TEXTS}[1] === {line.text!r}")
    shown = page.evaluate("document.querySelectorAll('#reader-lines tbody tr').length")
    assert shown == len(line.prediction.labels)
    marks = page.evaluate("[...document.querySelectorAll('#reader-lines mark')].map((mark) => mark.className)")
    confidences = line.prediction.confidences
    assert marks.count("reader-unsure") == int(np.sum(np.asarray(confidences) < 0.7))


def test_the_other_network_reads_an_image_of_its_own(page: Chromium) -> None:
    page.evaluate("document.querySelector('select').value = 'drawn_digits'")
    click(page, "Read the example")
    page.wait_for(f"{TEXTS}[1] === '488776'")


def test_outputs_in_the_browser_are_those_of_the_engine(page: Chromium) -> None:
    outputs = page.evaluate(
        """(async () => {
          const { loadEngine } = await import("./_static/rnnlib/rnnlib.js");
          const { pixelsOf } = await import("./_static/reader/image.js");
          const bytes = async (url) => (await fetch(url)).arrayBuffer();
          const network = (await loadEngine()).network(await bytes("_static/models/fraktur.safetensors"));
          const image = await pixelsOf(new File([await bytes("_static/reader/fraktur.png")], "a.png"));
          return [...network.read(image).prediction.outputs];
        })()"""
    )
    expected = rnn.Network.load_model("fraktur").read(READER / "fraktur.png").prediction.outputs
    np.testing.assert_allclose(np.reshape(outputs, expected.shape), expected, atol=1e-5)


def test_files_that_are_no_images_or_networks_are_named(page: Chromium, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image", encoding="utf-8")
    page.choose_file("#reader-image", tmp_path / "notes.txt")
    assert page.wait_for(ERROR).startswith("notes.txt: is no image that this browser can read")
    page.choose_file("#reader-image", READER / "fraktur.png")
    page.wait_for(f"{TEXTS}[1].startsWith('Brüssel')")
    assert not page.evaluate(ERROR)

    page.evaluate("{ const s = document.querySelector('select'); s.value = ''; s.dispatchEvent(new Event('change')); }")
    for content, words in [
        (b"\x01\x02", "bad.safetensors"),
        ((ROOT / "models" / "fraktur.safetensors").read_bytes()[:9000], "bad.safetensors"),
        ((ROOT / "models" / "digits.safetensors").read_bytes(), "recipe for lines; it has none"),
        ((ROOT / "models" / "pen_digits.safetensors").read_bytes(), "recipe for lines; its is for ink"),
    ]:
        (tmp_path / "bad.safetensors").write_bytes(content)
        page.choose_file("#reader-model-file", tmp_path / "bad.safetensors")
        page.wait_for(f"({ERROR} ?? '').includes({words!r})")
        page.evaluate(f"document.querySelector('#reader-model-file').value = ''; {TEXTS}")
    (tmp_path / "mine.safetensors").write_bytes((ROOT / "models" / "fraktur.safetensors").read_bytes())
    page.choose_file("#reader-model-file", tmp_path / "mine.safetensors")
    page.wait_for(f"{TEXTS}[1].startsWith('Brüssel')")


def test_everything_has_a_name_and_fits_a_narrow_screen(browser: Chromium, address: str) -> None:
    browser.open(address, width=340, height=700)
    click(browser, "Show an example")
    reading(browser, "1841")
    click(browser, "Read the example")
    browser.wait_for(f"{TEXTS}[1].startsWith('Brüssel')")
    assert browser.evaluate("document.documentElement.scrollWidth") <= 340
    unnamed = """[...document.querySelectorAll('input, select, button, canvas, img')].filter((e) =>
      !(e.labels?.[0]?.textContent || e.textContent || e.getAttribute('aria-label') || e.alt)).length"""
    assert browser.evaluate(unnamed) == 0
    assert browser.evaluate("document.querySelectorAll('[role=status][aria-live=polite]').length") == 2


def test_pages_without_the_module_say_so(browser: Chromium, tmp_path: Path) -> None:
    with served(make_site(tmp_path, with_module=False)) as without:
        browser.open(f"{without}/try.html")
        browser.wait_for("document.querySelector('select') !== null")
        click(browser, "Show an example")
        browser.wait_for("document.querySelector('.reader-error')?.textContent.includes('made without it (ci/wasm.sh')")
