# SPDX-License-Identifier: Apache-2.0
"""What the page of corrections does in a browser: edits, marks, counts, keeps and saves.

They need Chromium and are skipped where there is none; test_correction_page.py tests what needs no browser.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from made_pages import made_text, result_of, spelled

from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.text.correction import make_pages

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EVIL = "</p><img src=x onerror=window.broken=1>"

# Works on the page as a user would, through events, and writes what there is then into the page.
SCRIPT = r"""
const saved = [];
URL.createObjectURL = (blob) => { saved.push(blob); return "blob:none"; };
HTMLAnchorElement.prototype.click = function () { saved.name = this.download; };
const fields = () => [...document.querySelectorAll("#lines input[type=text]")];
const type = (field, text) => { field.value = text; field.dispatchEvent(new Event("input")); };
const press = (field, key, more) =>
  field.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...more }));
const counter = () => document.getElementById("counter").textContent;
const asks = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
const found = { asks: [asks()], counters: [counter()] };

fields()[0].focus();
type(fields()[0], "\u00f8ne <two>");
press(fields()[0], "Enter");
found.focus = [fields().indexOf(document.activeElement)];
press(fields()[1], "Enter", { isComposing: true });
press(fields()[1], "Enter");
press(fields()[2], "ArrowUp");
found.focus.push(fields().indexOf(document.activeElement));
type(fields()[3], "x");
document.querySelectorAll("#lines button")[3].click();
found.counters.push(counter());
found.asks.push(asks());
found.kept = JSON.parse(localStorage.getItem(Object.keys(localStorage)[0])).work;
document.getElementById("save").click();
found.asks.push(asks());
document.getElementById("order").value = "unsure";
document.getElementById("order").dispatchEvent(new Event("change"));
found.order = [...document.querySelectorAll(".head span:first-child")].map((e) => e.textContent);
const marked = document.querySelectorAll("#lines .unsure, #lines .doubtful");
found.marks = [...marked].map((e) => [e.className, e.textContent]);
found.names = fields().map((field) => field.getAttribute("aria-label"));
found.directions = fields().map((field) => field.dir);
found.broken = window.broken === 1 || document.querySelectorAll("#lines p img").length > 0;
found.file = saved.name;
saved[0].text().then((text) => {
  found.saved = JSON.parse(text);
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
});
"""


def with_script(page: str, script: str) -> str:
    """The page with another script at its end, which its policy allows."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    return page.replace("</body>", f"<script>{script}</script></body>")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What SCRIPT found in a page of four lines."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    folder = tmp_path_factory.mktemp("page")
    labels = [
        [("o", 0.5), ("n", 0.6), ("e", 0.99)],
        spelled("two", 0.8),
        spelled(EVIL.replace(" ", "")),
        spelled("four", 0.4),
    ]
    texts = [made_text(str(folder / f"{i}.png"), line) for i, line in enumerate(labels)]
    ((_, page),) = make_pages(texts, LineRecipe(), "best.save")
    (folder / "page.html").write_text(with_script(page, SCRIPT), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command = [CHROMIUM, *options, "--virtual-time-budget=2000", "--dump-dom", f"file://{folder / 'page.html'}"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    result: dict[str, Any] = result_of(done.stdout)
    return result


def test_texts_and_marks_are_counted(found: dict[str, Any]) -> None:
    assert found["counters"] == [
        "0 changed, 0 correct, 4 of 4 not looked at",
        "1 changed, 1 correct, 2 of 4 not looked at",
    ]


def test_enter_and_arrows_go_to_other_lines(found: dict[str, Any]) -> None:
    assert found["focus"] == [1, 1]


def test_the_file_says_what_became_of_each_line(found: dict[str, Any]) -> None:
    assert found["file"] == "lines.corrections.json"
    saved = found["saved"]
    assert (saved["format"], saved["version"], saved["model"]) == ("rnnlib-py corrections", 1, "best.save")
    lines = [(line["text"], line["read"], line["state"]) for line in saved["lines"]]
    evil = EVIL.replace(" ", "")
    assert lines == [
        ("øne <two>", "one", "changed"),
        ("two", "two", "confirmed"),
        (evil, evil, "unseen"),
        ("four", "four", "unseen"),
    ]
    for line in saved["lines"]:
        assert line["sha256"] == hashlib.sha256(Path(line["image"]).read_bytes()).hexdigest()


def test_work_is_kept_and_leaving_asks_until_it_is_saved(found: dict[str, Any]) -> None:
    assert found["asks"] == [False, True, False]
    assert found["kept"] == [[0, "øne <two>", True], [1, "two", True]]


def test_unsure_characters_are_marked_and_unsure_lines_come_first(found: dict[str, Any]) -> None:
    assert found["order"] == ["4", "1", "2", "3"]
    assert found["marks"] == [["unsure", "four"], ["unsure", "on"], ["doubtful", "two"]]


def test_texts_are_no_html_and_fields_have_names_and_directions(found: dict[str, Any]) -> None:
    assert not found["broken"]
    assert found["directions"] == ["auto"] * 4
    assert [name.split(",")[0] for name in found["names"]] == [f"Text of line {i}" for i in (4, 1, 2, 3)]
