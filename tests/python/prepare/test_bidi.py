# SPDX-License-Identifier: Apache-2.0
"""Text from right to left: labels in visual order, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from line_pictures import picture

import rnnlib_py as rnn
from rnnlib_py.prepare.bidi import to_logical, to_visual
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.line_texts import labels_of, text_of

HEBREW = "אבג דה"
TEXTS = [HEBREW, "שלום 123 עולם", "(אב) גד", "abc אבג def", "אבג abc def דהו", "אבג, דה.", "سلام ۱۲۳ سلام", "12 אב"]


@pytest.mark.parametrize("text", TEXTS)
def test_there_and_back(text: str) -> None:
    assert to_visual(text) != text
    assert to_logical(to_visual(text)) == text
    recipe = LineRecipe(right_to_left=True)
    assert text_of(labels_of(text, recipe), recipe) == text


def test_visual_order() -> None:
    assert to_visual(HEBREW) == HEBREW[::-1]
    assert to_visual("(אב) גד") == "דג (בא)"
    assert to_visual("שלום 123") == "123 םולש"
    assert to_visual("left to right") == "left to right"
    assert labels_of(HEBREW, LineRecipe()) == [letter if letter != " " else "␣" for letter in HEBREW]


def test_lines_say_it_in_their_recipe(tmp_path: Path) -> None:
    for i, text in enumerate([HEBREW, "plain"]):
        picture("abc").save(tmp_path / f"{i}.png")
        (tmp_path / f"{i}.gt.txt").write_text(text, encoding="utf-8")
    made = rnn.prepare.lines(tmp_path, tmp_path / "out", fractions=[1])
    assert made.recipe.right_to_left
    data = rnn.Dataset.read(made.files["train"], task="transcription")
    found = ["".join(data.header.labels[i] for i in s.target) for s in data]  # type: ignore[union-attr]
    assert found == [HEBREW[::-1].replace(" ", "␣"), "plain"]
