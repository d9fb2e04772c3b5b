# SPDX-License-Identifier: Apache-2.0
"""The Jacobian from Python and by command; its numbers are checked in C++ (engine_jacobian_test.cpp)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny import images, run_cli, write_data

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def make_network(range_: float = 1.0, **values: object) -> rnn.Network:
    config = rnn.Config.read("x.config", initWeightRange=range_, precision="double", **values)
    network = rnn.Network.build(config, rnn.Dataset.read("train.nc", task=config["task"]).header)
    network.save("net.save")
    return network


def first(task: str = "transcription") -> rnn.Sequence:
    return rnn.Dataset.read("train.nc", task=task)[0]


@pytest.mark.parametrize(("unit", "units"), [(None, slice(None)), (1, 1), ("b", 1), ("blank", 3)])
def test_is_the_derivative_of_half_the_squares(unit: int | str | None, units: slice | int) -> None:
    network, sequence = make_network(), first()
    found = rnn.jacobian(network, sequence, [5], unit)

    def energy(inputs: np.ndarray) -> float:
        outputs = network.predict(rnn.Sequence(inputs, None))[0].outputs
        return float(np.sum(outputs[5][units] ** 2) / 2)

    step = np.float32(2**-10)
    for place in ((0, 0), (5, 2), (11, 1)):
        above, below = sequence.inputs.copy(), sequence.inputs.copy()
        above[place] += step
        below[place] -= step
        width = float(above[place]) - float(below[place])
        assert found.inputs[place] == pytest.approx((energy(above) - energy(below)) / width, rel=1e-4, abs=1e-9)
    assert found.inputs.shape == sequence.inputs.shape
    np.testing.assert_array_equal(found.outputs, network.predict(sequence)[0].outputs[5])


def test_largest_and_strength() -> None:
    found = rnn.jacobian(make_network(), first(), [5])
    (point, unit, derivative), second = found.largest(2)
    assert abs(derivative) == np.abs(found.inputs).max()
    assert found.inputs[(*point, unit)] == derivative
    assert abs(second[2]) <= abs(derivative)
    np.testing.assert_allclose(found.strength, np.linalg.norm(found.inputs, axis=-1))


def test_targets_are_not_needed_and_change_nothing() -> None:
    network, sequence = make_network(), first()
    bare = rnn.Sequence(sequence.inputs, None)
    np.testing.assert_array_equal(rnn.jacobian(network, sequence, [5]).inputs, rnn.jacobian(network, bare, [5]).inputs)


@pytest.mark.parametrize(
    ("point", "unit", "message"),
    [([12], None, "12 is outside"), ([-1], None, "-1 is outside"), ([1, 1], None, "2 coordinates"), ([1], 4, "unit 4"),
     ([1], -1, "unit -1"), ([1], "z", "no output unit is called 'z'; there are a, b, c, blank")],
)  # fmt: skip
def test_wrong_coordinates(point: list[int], unit: int | str | None, message: str) -> None:
    network = make_network()
    with pytest.raises(rnn.ConfigError, match=message):
        rnn.jacobian(network, first(), point, unit)


# --- the command ---


def test_command(capsys: Capture) -> None:
    network = make_network()
    assert run_cli("jacobian", "net.save", "train.nc", "--sequence=0", "--coords=5,b", "-o", "out", "--top=3") == 0
    out = capsys.readouterr().out
    found = rnn.jacobian(network, first(), [5], "b")
    point, unit, derivative = found.largest()[0]
    assert out.splitlines()[-3].split() == [str(point[0]), str(unit), f"{derivative:.6g}"]
    np.testing.assert_array_equal(rnn.read_dump("out")["input_errors"], found.inputs)


def test_one_output_point_needs_no_coordinates(capsys: Capture) -> None:
    sequences = [{"inputs": np.random.default_rng(i).normal(size=(4, 1)), "target": "abc"[i]} for i in range(3)]
    write_data(Path("train.nc"), sequences, "sequence_classification")
    make_network(task="sequence_classification")
    assert run_cli("jacobian", "net.save", "train.nc") == 0
    assert "its single point" in capsys.readouterr().out
    assert run_cli("jacobian", "net.save", "train.nc", "--coords=c") == 0
    assert run_cli("jacobian", "net.save", "train.nc", "--coords=1,1") == 2
    assert "expected 0 numbers" in capsys.readouterr().err


@pytest.mark.parametrize("data", ["1D", "2D"])
def test_picture(data: str) -> None:
    if data == "2D":
        write_data(Path("train.nc"), images())
    make_network()
    assert run_cli("jacobian", "net.save", "train.nc", "--coords=5", "--picture", "p.png") == 0
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")


def test_picture_of_outputs_in_2d_and_without_a_tag(capsys: Capture) -> None:
    sequences = [{"inputs": s["inputs"], "target": np.zeros((12, 4), dtype=int)} for s in images()]
    write_data(Path("train.nc"), sequences, "classification")
    make_network(task="classification")
    assert run_cli("jacobian", "net.save", "train.nc", "--sequence=1", "--coords=8,2,b", "--picture", "p.png") == 0
    assert "sequence #1, output at 8,2, b" in capsys.readouterr().out
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")


def test_three_dimensions_have_no_picture(capsys: Capture) -> None:
    sequences = [{"inputs": np.ones((2, 3, 2, 1)), "target": "a"} for _ in range(2)]
    write_data(Path("train.nc"), sequences, "sequence_classification")
    make_network(task="sequence_classification")
    assert run_cli("jacobian", "net.save", "train.nc", "--picture", "p.png") == 2
    assert "1 or 2 dimensions, this one has 3" in capsys.readouterr().err


def test_points_must_be_numbers(capsys: Capture) -> None:
    make_network()
    assert run_cli("jacobian", "net.save", "train.nc", "--coords=a,b") == 2
    assert "whole numbers" in capsys.readouterr().err
