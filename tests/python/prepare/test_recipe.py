# SPDX-License-Identifier: Apache-2.0
"""Recipes as text: there and back, and texts that are none."""

from __future__ import annotations

import json

import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare import LineRecipe


def test_there_and_back() -> None:
    recipe = LineRecipe(height=33, invert="never", contrast="none", form="NFD", space="_", right_to_left=True, scale=2)
    assert LineRecipe.from_json(recipe.to_json(), "x") == recipe
    assert LineRecipe.from_json('{"kind": "lines", "version": 1}', "x") == LineRecipe()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "audio"}, "x.save: recipe: expected one of kind 'lines', found kind 'audio'"),
        ({"kind": None}, "found kind None"),
        ({"version": 2}, "expected version 1, found 2: written by a newer version"),
        ({"shear": 1}, "unknown setting 'shear'"),
        ({"height": "48"}, 'height: expected a value like 48, found "48"'),
        ({"height": True}, "height: expected a value like 48, found true"),
        ({"height": 48.5}, "height: expected a value like 48, found 48.5"),
        ({"height": 0}, "height 0: expected 4 to 1024 pixels"),
        ({"scale": float("inf")}, "scale: expected a value like"),
        ({"scale": 0}, "scale is 0"),
        ({"space": " "}, "space ' ': expected a label without white space"),
        ({"invert": "maybe"}, "invert 'maybe': expected one of auto"),
        ({"right_to_left": 1}, "right_to_left: expected a value like false"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, object], error: str) -> None:
    text = json.dumps({"kind": "lines", "version": 1, **changes})
    with pytest.raises(rnn.FormatError) as raised:
        LineRecipe.from_json(text, "x.save")
    assert error in str(raised.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 10000, '"lines"'])
def test_texts_that_are_no_recipe(text: str) -> None:
    with pytest.raises(rnn.FormatError, match=r"x\.save: recipe: damaged"):
        LineRecipe.from_json(text, "x.save")


def test_a_network_takes_one_line_only() -> None:
    header = rnn.DataHeader(1, 1, 0, ["a"])
    network = rnn.Network.build(rnn.Config({"task": "transcription", "hiddenSize": 1}), header)
    assert network.recipe == ""
    network.recipe = "{}"
    assert network.recipe == "{}"
    for wrong in ("a\nb", " a", "a\x01"):
        with pytest.raises(rnn.DataError, match="one line of text"):
            network.recipe = wrong
    assert network.recipe == "{}"
