# SPDX-License-Identifier: Apache-2.0
"""calibrate() and rnnlib-py calibrate: made-up outputs whose temperature is known, and networks in saves."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny import LABELS, framewise, run_cli, saves, transcription, write_config

import rnnlib_py as rnn
from rnnlib_py.text import calibration
from rnnlib_py.text.calibration_classes import ClassOutputs
from rnnlib_py.text.calibration_texts import TextOutputs
from rnnlib_py.text.read_outputs import ReadSequence

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def softmax(net: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.exp(net - net.max(axis=-1, keepdims=True))
    return np.asarray(values / values.sum(axis=-1, keepdims=True))


def read(task: str, target: list[int], outputs: NDArray[np.float64], indices: list[int]) -> ReadSequence:
    prediction = rnn.Prediction("x", task, [str(i) for i in indices], np.array(indices, dtype=np.int64), outputs)
    return ReadSequence(np.array(target, dtype=np.int64), prediction)


def collapsed(path: NDArray[np.int64], blank: int) -> list[int]:
    return [k for k, _ in groupby(path.tolist()) if k != blank]


def made_texts(count: int, sharper: float) -> list[ReadSequence]:
    """Targets are drawn from the true outputs; the network's have net inputs that are so many times as large."""
    rng = np.random.default_rng(5)
    made = []
    for _ in range(count):
        net = rng.normal(0, 2, (8, 4))
        path = np.array([rng.choice(4, p=row) for row in softmax(net)])
        outputs = softmax(sharper * net)
        made.append(read("transcription", collapsed(path, 3), outputs, collapsed(outputs.argmax(axis=1), 3)))
    return made


def made_classes(units: int, sharper: float) -> list[ReadSequence]:
    rng = np.random.default_rng(6)
    net = rng.normal(0, 1.5, (5000, max(units, 2)))
    target = [int(rng.choice(len(row), p=row)) for row in softmax(net)]
    target[7] = -1
    outputs = softmax(sharper * net)
    return [read("classification", target, outputs if units > 1 else outputs[:, 1:], outputs.argmax(axis=1).tolist())]


@pytest.mark.parametrize("sharper", [0.6, 2.0])
def test_the_temperature_of_texts_is_found(sharper: float) -> None:
    outputs = TextOutputs(made_texts(1500, sharper), 2, 2)
    found = calibration.least(outputs.criterion, calibration.LEAST, calibration.MOST)
    assert found == pytest.approx(sharper, rel=0.06)
    before, after = outputs.units(1.0), outputs.units(found)
    assert list(before) == ["labels", "label posteriors", "words", "lines"]
    assert after["lines"].calibration_error() < 0.03 < before["lines"].calibration_error() / 2
    for unit in ("labels", "label posteriors"):
        assert after[unit].calibration_error() < 0.8 * before[unit].calibration_error()
        assert after[unit].accuracy == before[unit].accuracy


@pytest.mark.parametrize("units", [1, 4])
def test_the_temperature_of_classes_is_found(units: int) -> None:
    outputs = ClassOutputs(made_classes(units, 1.8))
    assert outputs.count == 4999
    found = calibration.least(outputs.criterion, calibration.LEAST, calibration.MOST)
    assert found == pytest.approx(1.8, rel=0.06)
    before, after = outputs.units(1.0)["classes"], outputs.units(found)["classes"]
    assert after.calibration_error() < 0.03 < before.calibration_error()


def test_a_label_is_right_where_it_matches_the_target() -> None:
    outputs = softmax(np.zeros((9, 4)))
    made = [read("transcription", [0, 1, 2, 0, 1], outputs, [0, 2, 1, 1, 2]), read("transcription", [0], outputs, [0])]
    units = TextOutputs(made, 2, 1).units(1.0)
    assert units["labels"].right.tolist() == [True, True, False, True, False, True]
    assert units["words"].right.tolist() == [False, False, True]
    assert units["lines"].right.tolist() == [False, True]
    assert "words" not in TextOutputs(made, -1, 1).units(1.0)


def test_targets_that_do_not_fit_are_left_out_of_the_criterion() -> None:
    outputs = softmax(np.random.default_rng(1).normal(size=(3, 3)))
    made = [read("transcription", [0, 0, 0], outputs, [0]), read("transcription", [0], outputs, [0])]
    both, one = TextOutputs(made, -1, 1), TextOutputs(made[1:], -1, 1)
    assert (both.count, both.skipped) == (1, 1)
    assert both.criterion(1.5) == one.criterion(1.5)


def saved_network(task: str = "transcription", **keys: Any) -> rnn.Network:
    """A network of random weights in net.save, and its data in data.nc."""
    sequences = transcription(count=12) if task == "transcription" else framewise(count=12)
    rnn.write_netcdf("data.nc", sequences, LABELS, task=task)
    config = rnn.Config(task=task, hiddenSize=4, randSeed=3, initWeightRange=3, **keys)
    network = rnn.Network.build(config, rnn.Dataset.read("data.nc", task=task).header)
    network.save("net.save")
    return network


def test_the_save_is_as_before_but_for_the_temperature(capsys: Capture) -> None:
    for precision in ("float", "double"):
        write_config(Path("x.config"), autosave=True, optimiser="adam", precision=precision)
        assert run_cli("train", "x.config", "--quiet") == 0
        save = saves(Path())[-1]
        before = save.read_text(encoding="utf-8").splitlines()
        assert run_cli("calibrate", save, "train.nc", "-o", "other.save") == 0
        assert save.read_text(encoding="utf-8").splitlines() == before
        after = Path("other.save").read_text(encoding="utf-8").splitlines()
        added = [line for line in after if line not in before]
        assert sorted(line.split()[0] for line in added) == ["temperature", "trainer_end"]
        assert [line for line in before if line not in after] == [line for line in before if "trainer_end" in line]
        save.unlink()
    capsys.readouterr()
    assert run_cli("calibrate", "other.save", "train.nc") == 0
    assert "stored in other.save" in capsys.readouterr().out


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_safetensors_file_stays_one(dtype: Any, capsys: Capture) -> None:
    network = saved_network()
    network.save("net.safetensors", dtype=dtype, metadata={"license": "CC0"})
    before = rnn.Network.load("net.safetensors", "float64")
    assert run_cli("calibrate", "net.safetensors", "data.nc") == 0
    after = rnn.Network.load("net.safetensors", "float64")
    assert after.metadata == {"license": "CC0"}
    assert after.core.weights().tolist() == before.core.weights().tolist()
    assert rnn.Config.read("net.safetensors").save.tensor_types == {dtype}  # type: ignore[union-attr]
    changed = {key for key, value in after.config.core.items().items() if before.config.core.items().get(key) != value}
    assert changed == {"temperature"}
    assert run_cli("calibrate", "net.safetensors", "data.nc", "-o", "out.save") == 2
    assert run_cli("calibrate", "net.save", "data.nc", "-o", "out.safetensors") == 2
    assert "rnnlib-py export makes safetensors files of saves" in capsys.readouterr().err


def test_predictions_use_the_stored_temperature(capsys: Capture) -> None:
    network = saved_network()
    assert run_cli("calibrate", "net.save", "data.nc", "--format", "json") == 0
    record = json.loads(capsys.readouterr().out)
    temperature = record["after"]["temperature"]
    calibrated = rnn.Network.load("net.save")
    assert calibrated.config["temperature"] == temperature != 1
    assert record["before"]["temperature"] == 1
    assert record["after"]["criterion"] < record["before"]["criterion"]
    data = rnn.Dataset.read("data.nc", task="transcription")
    assert record["before"]["criterion"] == pytest.approx(network.evaluate(data)["ctcError"], rel=1e-4)
    for old, new in zip(network.predict(data), calibrated.predict(data), strict=True):
        assert old.labels == new.labels
        assert old.confidences.tolist() != new.confidences.tolist() or not old.labels
        assert new.temperature == temperature
    again = rnn.calibrate(calibrated, data)
    assert again.before.temperature == temperature
    assert again.temperature == pytest.approx(temperature, rel=2e-3)


@pytest.mark.parametrize("task", ["transcription", "classification"])
def test_output_and_picture(task: str, capsys: Capture) -> None:
    pytest.importorskip("matplotlib")
    saved_network(task)
    assert run_cli("calibrate", "net.save", "data.nc", "-o", "out.save", "--plot", "out.png") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "12 sequences"
    assert lines[1].startswith("temperature 1 -> ")
    units = ["labels", "label posteriors", "lines"] if task == "transcription" else ["classes"]
    assert [line.split("  ")[0] for line in lines if " -> " in line and " % " in line] == units
    assert Path("out.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_calibrated(capsys: Capture) -> None:
    network = saved_network()
    assert run_cli("calibrate", "net.save", "none.nc") == 1
    assert run_cli("calibrate", "x.config", "data.nc") == 2
    assert run_cli("calibrate", "net.save", "data.nc", "-o", "nowhere/out.save") == 1
    assert "nowhere" in capsys.readouterr().err
    before = Path("net.save").read_bytes()
    assert run_cli("calibrate", "net.save", "data.nc", "--plot", "picture.xyz") == 2
    assert Path("net.save").read_bytes() == before
    long = [{"inputs": np.zeros((2, 3)), "target": ["a", "a"]}]
    with pytest.raises(rnn.DataError, match="no sequence has a target that fits"):
        rnn.calibrate(network, rnn.Dataset(long, labels=LABELS, task="transcription"))
    with pytest.raises(rnn.ConfigError, match="temperature is nan, expected a number above 0"):
        rnn.calibrate(network, rnn.Dataset.read("data.nc", task="transcription"), temperature=float("nan"))
    data = rnn.Dataset([(np.zeros((4, 2)), [0.0])], task="sequence_regression")
    values = rnn.Network.build(rnn.Config(task="sequence_regression", hiddenSize=2, randSeed=1), data.header)
    with pytest.raises(rnn.ConfigError, match="task sequence_regression has no labels"):
        rnn.calibrate(values, data)
