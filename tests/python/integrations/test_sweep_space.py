# SPDX-License-Identifier: Apache-2.0
"""What a sweep searches, as it is written on the command line."""

from __future__ import annotations

import math

import pytest

import rnnlib_py as rnn
from rnnlib_py.integrations.sweeping.space import Choices, NumberRange, parse_space
from rnnlib_py.integrations.sweeping.study import grid_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hiddenSize=20,40", Choices("hiddenSize", ("20", "40"))),
        ("hiddenSize=[20,40],[30,60]", Choices("hiddenSize", ("20,40", "30,60"))),
        ("hiddenBlock=[3,4;2,4],[2,4]", Choices("hiddenBlock", ("3,4;2,4", "2,4"))),
        ("optimiser=adam", Choices("optimiser", ("adam",))),
        ("bidirectional=true,false", Choices("bidirectional", ("true", "false"))),
        ("learnRate=1e-4,1e-3", Choices("learnRate", ("1e-4", "1e-3"))),
        ("learnRate=log:1e-4..1e-2", NumberRange("learnRate", 1e-4, 1e-2, log=True)),
        ("dropout=0..0.5", NumberRange("dropout", 0, 0.5)),
        ("dropout=0..0.5:0.1", NumberRange("dropout", 0, 0.5, step=0.1)),
        ("hiddenSize=20..60:10", NumberRange("hiddenSize", 20, 60, step=10, whole=True)),
        ("hiddenSize=log:10..200", NumberRange("hiddenSize", 10, 200, log=True, whole=True)),
        ("trainFile=a.nc,../b.nc", Choices("trainFile", ("a.nc", "../b.nc"))),
    ],
)
def test_dimensions(text: str, expected: object) -> None:
    assert parse_space([text]) == [expected]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "at least one --set"),
        (["hiddenSize"], "--set hiddenSize: expected a key and its values"),
        (["hiddenSize="], "expected a key and its values"),
        (["hidenSize=1,2"], "did you mean hiddenSize"),
        (["hiddenSize=20,0"], "hiddenSize"),
        (["hiddenSize=20,20"], "the choice 20 is there twice"),
        (["hiddenSize=[20,40"], "expected choices"),
        (["hiddenSize=20,,40"], "expected choices"),
        (["hiddenSize=20,"], "expected choices"),
        (["hiddenSize=1.5..20"], "whole numbers"),
        (["hiddenSize=20..10"], "less than the second"),
        (["learnRate=log:0..1"], "begins above 0"),
        (["learnRate=log:1e-3..1:0.1"], "no steps"),
        (["learnRate=a..b"], "with numbers"),
        (["dropout=0..2"], "dropout"),
        (["dropout=0..0.5:1"], "at most the length"),
        (["optimiser=a..b"], "is no number"),
        (["learnRate=0..inf"], "less than the second"),
        (["dropout=0,0.1", "dropout=0.2"], "the key is there twice"),
    ],
)
def test_bad_dimensions(texts: list[str], message: str) -> None:
    with pytest.raises(rnn.ConfigError, match=message):
        parse_space(texts)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("dropout=0..0.3:0.1", [0.0, 0.1, 0.2, 0.3]),  # as floats 3 * 0.1 is more than 0.3
        ("dropout=0.1..0.3:0.1", [0.1, 0.2, 0.3]),
        ("dropout=0.2..0.3:0.1", [0.2, 0.3]),
        ("dropout=0..0.5:0.2", [0.0, 0.2, 0.4]),
        ("hiddenSize=20..45:10", [20, 30, 40]),
        ("hiddenSize=2..4", [2, 3, 4]),
    ],
)
def test_numbers_of_a_range_with_steps(text: str, numbers: list[float]) -> None:
    (found,) = parse_space([text])
    assert isinstance(found, NumberRange)
    assert (found.numbers(), found.count) == (numbers, len(numbers))


def test_size_of_the_grid() -> None:
    assert grid_size(parse_space(["hiddenSize=20,40", "dropout=0..0.5:0.1", "predictionSteps=1..3"])) == 2 * 6 * 3
    assert grid_size(parse_space(["hiddenSize=20,40", "dropout=0..0.5"])) == math.inf
