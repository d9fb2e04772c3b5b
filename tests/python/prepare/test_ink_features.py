# SPDX-License-Identifier: Apache-2.0
"""What becomes of strokes: distances of points, size, slope and slant, and the columns of the inputs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_ink import Stroke, draw

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_features import features_of, shape_of
from rnnlib_py.prepare.ink_items import Ink, ink_of
from rnnlib_py.prepare.ink_resample import lengths_along, resample

BOX = InkRecipe(slope=False, slant=False, size="box", labels="class")
LINE = InkRecipe(slope=True, slant=True, size="line", step=0.3)
TEXT = "ovl xczt lovz"


def ink(strokes: list[Stroke]) -> Ink:
    return ink_of(strokes, is_y_down=False)


def columns(strokes: list[Stroke], recipe: InkRecipe) -> dict[str, np.ndarray]:
    found = features_of(ink(strokes), recipe).inputs
    assert found.dtype == np.float32
    return dict(zip(recipe.columns, found.T, strict=True))


@pytest.mark.parametrize("step", [0.05, 0.3, 1.7, 100.0])
def test_points_lie_at_equal_lengths_of_each_stroke(step: float) -> None:
    random = np.random.default_rng(5)
    places = random.normal(size=(60, 2)).cumsum(axis=0)
    strokes = np.repeat([0, 1, 2], [20, 39, 1])
    along = lengths_along(places, strokes)
    values, numbers = resample(np.column_stack([along, places]), along, strokes, step)
    for stroke, total in ((0, along[19]), (1, along[58])):
        at = values[numbers == stroke, 0]
        np.testing.assert_allclose(np.diff(at), total / (len(at) - 1))
        assert at[-1] == pytest.approx(total)
        assert len(at) == max(round(total / step), 1) + 1
    assert (numbers == 2).sum() == 1
    # Each new point lies on the line between two old ones.
    for point in values[numbers == 0, 1:]:
        a, b = places[:19], places[1:20]
        ways = np.hypot(*(point - a).T) + np.hypot(*(point - b).T) - np.hypot(*(b - a).T)
        assert ways.min() < 1e-9


def test_a_pen_at_rest_adds_no_points() -> None:
    line = np.array([[0, 0], [1, 0], [1, 0], [1, 0], [2, 0]], np.float64)
    same = np.array([[0, 0], [1, 0], [2, 0]], np.float64)
    np.testing.assert_array_equal(features_of(ink([line]), BOX).inputs, features_of(ink([same]), BOX).inputs)


def test_points_at_equal_times() -> None:
    stroke = np.array([[0, 0, 0], [3, 0, 0.1], [4, 0, 0.3]], np.float64)
    recipe = replace(BOX, resample="time", step=0.05, columns=("x",))
    found = features_of(ink([stroke]), recipe)
    np.testing.assert_allclose((found.inputs[:, 0] + 1) * 2, [0, 1.5, 3, 3.25, 3.5, 3.75, 4], atol=1e-6)
    np.testing.assert_allclose(found.positions, [0, 0.5, 1, 1.25, 1.5, 1.75, 2], atol=1e-9)
    with pytest.raises(rnn.DataError, match="its points have no times"):
        features_of(ink([stroke[:, :2]]), recipe)


def test_a_step_that_makes_too_many_points() -> None:
    with pytest.raises(rnn.DataError, match="becomes more than 100,000 points with the step 1e-05"):
        features_of(ink(draw("o")), replace(BOX, step=1e-5))


def test_the_box_is_two_wide_and_does_not_depend_on_place_and_size() -> None:
    found = columns(draw("x"), replace(BOX, resample="none"))
    assert (found["x"].min(), found["x"].max()) == (-1, 1)
    moved = [stroke * 7 + (900, -30) for stroke in draw("x")]
    for name, values in columns(moved, BOX).items():
        np.testing.assert_allclose(values, columns(draw("x"), BOX)[name], atol=1e-5)


def test_a_known_slant_is_removed() -> None:
    upright = shape_of(ink(draw(TEXT)), replace(LINE, slope=False))
    for slant in (-0.6, 0.2, 0.8):
        found = shape_of(ink(draw(TEXT, slant=slant)), replace(LINE, slope=False))
        np.testing.assert_allclose(found, upright, atol=1e-9)
    kept = shape_of(ink(draw(TEXT, slant=0.8)), replace(LINE, slope=False, slant=False))
    assert np.abs(kept - upright).max() > 1


def test_a_known_slope_is_removed() -> None:
    level = shape_of(ink(draw(TEXT)), replace(LINE, slant=False))
    for turn in (-0.5, 0.1, 0.7):
        np.testing.assert_allclose(shape_of(ink(draw(TEXT, turn=turn)), replace(LINE, slant=False)), level, atol=1e-9)
    # Letters alone are no lines.
    kept = replace(BOX, slope=True)
    np.testing.assert_array_equal(shape_of(ink(draw("x", turn=0.5)), kept), shape_of(ink(draw("x", turn=0.5)), BOX))


def test_lines_of_any_size_become_equally_high() -> None:
    shapes = [shape_of(ink(draw(TEXT, size=size)), LINE) for size in (0.01, 3, 5000)]
    for shape in shapes[1:]:
        np.testing.assert_allclose(shape, shapes[0], atol=1e-6)
    fine = features_of(ink(draw(TEXT)), replace(LINE, step=0.01, columns=("y",))).inputs
    assert fine.mean() == pytest.approx(0, abs=0.02)
    assert fine.std() == pytest.approx(1, abs=0.02)


def test_where_a_letter_stands_in_a_line_does_not_show() -> None:
    found = columns(draw("ovz" * 12), LINE)
    assert np.abs(found["x"]).max() < 8
    middle = len(found["x"]) // 2
    period = len(found["x"]) // 12
    np.testing.assert_allclose(found["x"][middle : middle + period], found["x"][middle + period :][:period], atol=0.05)


def test_columns() -> None:
    strokes = [np.array([[0, 0], [4, 0]], np.float64), np.array([[2, 2], [2, -2]], np.float64)]
    found = columns(strokes, replace(BOX, step=1.0))
    np.testing.assert_allclose(found["x"], [-1, 0, 1, 0, 0, 0])
    np.testing.assert_allclose(found["y"], [0, 0, 0, 1, 0, -1])
    np.testing.assert_allclose(found["dx"], [0, 1, 1, -1, 0, 0])
    np.testing.assert_allclose(found["dy"], [0, 0, 0, 1, -1, -1])
    np.testing.assert_array_equal(found["pen_up"], [0, 0, 0, 1, 0, 0])
    np.testing.assert_array_equal(found["end"], [0, 0, 1, 0, 0, 1])


def test_times_between_points() -> None:
    stroke = np.array([[0, 0, 5.0], [1, 0, 5.1], [2, 0, 5.2], [3, 0, 5.5]], np.float64)
    found = columns([stroke], replace(BOX, columns=("dt", "x"), resample="none"))
    np.testing.assert_allclose(found["dt"], np.log1p([0, 1, 1, 3]), rtol=1e-5)


def test_dots_have_a_point() -> None:
    for recipe in (BOX, LINE, replace(BOX, size="none"), replace(BOX, resample="none")):
        found = features_of(ink([np.array([[5.0, 7.0]])]), replace(recipe, slope=True, slant=True))
        assert found.inputs.shape == (1, 6)
        assert np.isfinite(found.inputs).all()
    assert len(features_of(ink([np.zeros((1, 2)), np.zeros((3, 2)), np.ones((1, 2))]), BOX).inputs) == 3


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"columns": ()}, "columns : expected some of x, y, dx, dy"),
        ({"columns": ("x", "x")}, "columns x, x"),
        ({"columns": ("z",)}, "columns z"),
        ({"size": "small"}, "size 'small': expected one of box, line, none"),
        ({"resample": "x"}, "resample 'x'"),
        ({"step": 0.0}, "step 0: expected a positive number"),
        ({"step": float("nan")}, "step nan"),
        ({"labels": "phones"}, "labels 'phones'"),
        ({"space": " "}, "space ' '"),
    ],
)
def test_recipes_that_cannot_be(settings: dict[str, object], error: str) -> None:
    with pytest.raises(rnn.ConfigError, match=error):
        InkRecipe(**settings).check()  # type: ignore[arg-type]


def test_recipes_as_text() -> None:
    recipe = replace(LINE, columns=("dx", "dy", "end"), y_axis="up")
    assert InkRecipe.from_json(recipe.to_json(), "x") == recipe
    for wrong in ('["x", 1]', '"x"', "[1]"):
        text = recipe.to_json().replace('["dx", "dy", "end"]', wrong)
        with pytest.raises(rnn.FormatError, match="x: recipe"):
            InkRecipe.from_json(text, "x")
