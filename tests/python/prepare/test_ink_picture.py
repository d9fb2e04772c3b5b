# SPDX-License-Identifier: Apache-2.0
"""Pictures of strokes: rnnlib-py prepare ink --picture, what they show, and networks that read them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made_ink import LETTERS, draw, some_letters, write_csv
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_items import ink_of
from rnnlib_py.prepare.ink_picture import PICTURE_COLUMNS, picture_of
from rnnlib_py.prepare.ink_picture_config import ink_picture_config

INK, DX, DY, LEVEL, RISING, ORDER, START, END = range(8)
Points = list[tuple[float, float]]


def picture(strokes: list[Points], side: int = 28) -> np.ndarray:
    return picture_of(
        np.concatenate([np.array(stroke, np.float64) for stroke in strokes]),
        np.repeat(np.arange(len(strokes)), [len(stroke) for stroke in strokes]),
        side,
    )


def means(found: np.ndarray) -> np.ndarray:
    """Of the columns, where the line is darkest."""
    result: np.ndarray = found[found[..., INK] >= 0.8 * found[..., INK].max()].mean(axis=0)
    return result


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ((3, 0), (1.5, 0, 1.5, 0)),
        ((-3, 0), (-1.5, 0, 1.5, 0)),
        ((0, -3), (0, 1.5, -1.5, 0)),
        ((0, 3), (0, -1.5, -1.5, 0)),
    ],
)
def test_the_way_of_the_pen_shows(to: tuple[float, float], expected: tuple[float, ...]) -> None:
    found = picture([[(0, 0), to]])
    np.testing.assert_allclose(means(found)[DX : RISING + 1], expected, atol=1e-5)
    # Directions and orientations are those of the picture, whose y grows downwards.
    falling = means(picture([[(0, 1), (1, 0)]]))
    np.testing.assert_allclose(falling[DX : RISING + 1], np.array([0.5**0.5, 0.5**0.5, 0, 1]) * 1.5, atol=1e-5)


def test_begin_and_end_of_a_stroke_show() -> None:
    found = picture([[(0, 0), (1, 0)]])
    middle = 14
    assert found[4, middle, ORDER] < -1 < 1 < found[23, middle, ORDER]
    assert np.unravel_index(found[..., START].argmax(), (28, 28))[0] < 5
    assert np.unravel_index(found[..., END].argmax(), (28, 28))[0] > 22
    assert found[10:18, :, START:].max() == 0


def test_place_size_and_the_points_of_a_line_do_not_matter() -> None:
    corners = np.array([[0, 0], [4, 0], [4, 8], [1, 3]], np.float64)
    between = np.concatenate([np.linspace(a, b, 7) for a, b in pairwise(corners)])
    found = picture([[tuple(p) for p in corners]])
    np.testing.assert_allclose(picture([[tuple(p) for p in between * 30 - 100]]), found, atol=1e-5)
    # The ink is in the middle of the free margin.
    rows, columns = np.nonzero(found[..., INK])
    assert (columns.min(), columns.max()) == (27 - columns.max(), 27 - columns.min())
    assert rows.min() > columns.min() >= 1


@pytest.mark.parametrize("side", [12, 13, 28, 64])
def test_nothing_leaves_the_picture(side: int) -> None:
    strokes = [[(0.0, 0.0), (1.0, 1.0)], [(1.0, 0.0), (0.0, 1.0)]]
    found = picture(strokes, side)
    assert found.shape == (side, side, 8)
    assert found.dtype == np.float32
    for border in (found[0], found[-1], found[:, 0], found[:, -1]):
        assert np.abs(border[..., INK]).max() < 0.5
    np.testing.assert_allclose(found[..., INK], found[::-1, :, INK], atol=1e-5)


def test_a_dot_is_seen() -> None:
    alone = picture([[(5.0, 5.0)]])
    assert alone[..., INK].max() >= 0.5
    assert np.isfinite(alone).all()
    beside = picture([[(0, 0), (10, 0)], [(5, 5)]])
    assert beside[..., INK].max() > 1.5
    assert np.abs(beside[:, :10, DX : RISING + 1]).max() == 0  # a dot has no direction


def test_inks_become_pictures_and_are_read(tmp_path: Path) -> None:
    inks = write_csv(tmp_path / "inks.csv", some_letters(6))
    made = rnn.prepare.ink(inks, tmp_path / "out", picture=16, fractions=[0.8, 0.2])
    assert made.recipe.columns == PICTURE_COLUMNS
    assert made.config is not None
    config = rnn.Config.read(made.config, hiddenSize=[8, 12, 12], totalEpochs=25, learnRate=5e-3, autosave=False)
    assert config.warnings() == []
    assert (config["poolSize"], config["joinHeight"]) == ([[2, 2], [2, 2]], 4)
    assert "inks as pictures of 16 x 16 points" in made.config.read_text(encoding="utf-8")
    network = rnn.train(config, threads=1).network
    recipe = InkRecipe.from_json(network.recipe, "x")
    assert recipe == made.recipe
    drawn = {letter: [stroke * [1, -1] for stroke in draw(letter)] for letter in LETTERS}
    assert [network.read_ink(strokes)[0].text for strokes in drawn.values()] == list(LETTERS)
    again = rnn.prepare.ink(inks, tmp_path / "again", like=made.files["train"])
    assert again.recipe == made.recipe
    sequences = {sequence.tag: sequence.inputs for sequence in rnn.Dataset.read(again.files["test"], task=recipe.task)}
    _, _, strokes = some_letters(6)[3]
    alone = features_of(ink_of([stroke * [1, -1] for stroke in strokes], True), recipe).inputs
    np.testing.assert_allclose(sequences["inks/3"], alone, atol=1e-3)


def test_the_command_line_asks_for_pictures(tmp_path: Path) -> None:
    inks = write_csv(tmp_path / "inks.csv", some_letters(1, 1))
    assert run_cli("prepare", "ink", str(inks), "-o", str(tmp_path), "--picture", "20", "--fractions", "1") == 0
    (first, *_) = rnn.Dataset.read(tmp_path / "train.nc", task="sequence_classification")
    assert first.inputs.shape == (20, 20, 8)


@pytest.mark.parametrize(("side", "levels", "column"), [(12, 2, 3), (16, 2, 4), (28, 3, 4), (32, 3, 4), (256, 6, 4)])
def test_the_config_pools_until_columns_are_short(tmp_path: Path, side: int, levels: int, column: int) -> None:
    recipe = InkRecipe(PICTURE_COLUMNS, labels="class", picture=side)
    text = ink_picture_config(recipe, 3630, 242, {"train": "train.nc"})
    (tmp_path / "x.config").write_text(text, encoding="utf-8")
    config = rnn.Config.read(tmp_path / "x.config")
    assert config.warnings() == []
    assert config["hiddenType"] == ["conv"] * levels + ["lstm"]
    assert config["joinHeight"] == column
    assert config["totalEpochs"] == 97


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"picture": 11}, "picture 11: expected 12 to 256 points"),
        ({"picture": -3}, "picture -3: expected 12 to 256 points"),
        ({"picture": 28, "labels": "characters"}, "picture 28: expected the labels class"),
        ({"picture": 28, "dt": True, "step": 0.2}, "picture 28: has no points, which dt, step would be for"),
    ],
)
def test_pictures_that_cannot_be(tmp_path: Path, asked: dict[str, object], error: str) -> None:
    inks = write_csv(tmp_path / "inks.csv", some_letters(1, 1))
    with pytest.raises(rnn.ConfigError, match=error):
        rnn.prepare.ink(inks, tmp_path / "out", **asked)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()
