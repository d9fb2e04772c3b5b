# SPDX-License-Identifier: Apache-2.0
"""`rnnlib-py check`: what would go wrong, before it does."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tiny import LABELS, images, run_cli, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.model.smaller_blocks import find_smaller_blocks, output_steps

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def report(**values: object) -> rnn.CheckReport:
    return rnn.check(rnn.Config.read("x.config", **values))


def test_nothing_wrong(capsys: Capture) -> None:
    assert run_cli("check", "x.config") == 0
    out = capsys.readouterr().out
    net = rnn.Network.build(rnn.Config.read("x.config"), rnn.DataHeader(1, 3, 0, LABELS))
    assert f"{net.num_weights} weights" in out
    assert "6 sequences, 72 points; shapes 12 to 12" in out
    assert re.search(r"^hidden_0_0 +lstm +-1 +12 +3 +\d+$", out, re.MULTILINE)
    assert re.search(r"^memory: training takes about \S+ KiB beside the data: weights and", out, re.MULTILINE)
    assert re.search(r"labels: a \d+, b \d+, c \d+$", out, re.MULTILINE)
    assert out.endswith("nothing wrong was found\n")


def bytes_of(text: str, pattern: str) -> float:
    found = re.search(pattern.replace("BYTES", r"(\S+) (\w+)"), text)
    assert found is not None
    return float(found[1]) * {"KiB": 2**10, "MiB": 2**20}[found[2]]


def test_memory_of_the_largest_sequences_at_once() -> None:
    sizes = {"task": "transcription", "hiddenSize": [20], "threads": 2}
    write_data(Path("train.nc"), [*transcription(count=3), {"inputs": np.ones((500, 3)), "target": ["a"] * 40}])
    alone = str(report(**sizes))
    together = str(report(**sizes, seqsPerWeightUpdate=16))
    net = rnn.Network.build(rnn.Config.read("x.config", **sizes), rnn.DataHeader(1, 3, 0, LABELS))
    memory = net.memory((500,), sequences=16, target_length=40)
    assert (memory["batch"], memory["workspaces"]) == (8, 2)
    fixed = memory["weights"] + memory["update"]
    for pattern, expected in {
        "about BYTES": fixed + 2 * memory["train"],
        "optimiser BYTES, 2 x": fixed,
        "2 x BYTES for 8 sequences of 500; prediction": memory["train"],
        "prediction 2 x BYTES for 8 sequences of 500": memory["predict"],
    }.items():
        assert bytes_of(together, pattern) == pytest.approx(expected, rel=0.01)
    assert net.memory((500,))["train"] < net.memory((500,), target_length=40)["train"] < memory["train"] / 3
    assert re.search(r"optimiser \S+ \w+, \S+ \w+ for a sequence of 500; prediction 2 x", alone)


def test_nothing_is_written(tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    report(autosave=True)
    assert sorted(tmp_path.iterdir()) == before


def test_every_set_is_described() -> None:
    write_data(Path("val.nc"), transcription(count=4))
    text = str(report(valFile="val.nc", trainFile=["train.nc", "val.nc"]))
    assert "train set: train.nc, val.nc\n  10 sequences" in text
    assert "validation set: val.nc\n  4 sequences" in text


def test_a_save_can_be_checked() -> None:
    run = rnn.train(rnn.Config.read("x.config", autosave=True))
    assert rnn.check(rnn.Config.read(run.last_save or "")).errors == []


# --- targets that do not fit ---

BLOCKS = {"trainFile": "images.nc", "hiddenSize": [2, 3], "inputBlock": [3, 1], "hiddenBlock": [[3, 2]]}


def test_targets_that_do_not_fit_are_named_and_smaller_blocks_found(capsys: Capture) -> None:
    sequences = images(count=4, width=12, target=2)
    sequences[2] = {"inputs": np.random.default_rng(0).normal(size=(9, 4, 1)), "target": ["a", "a"], "tag": "short"}
    write_data(Path("images.nc"), sequences)
    write_config(Path("y.config"), **BLOCKS)
    assert run_cli("check", "y.config") == 0
    out = capsys.readouterr().out
    assert "1 of 4 targets need more steps than the network's output has" in out
    assert "sequence 2 ('short') (needs 3, has 1)" in out
    found = re.search(r"all targets would fit with inputBlock (\S+) and hiddenBlock (\S+)", out)
    assert found is not None
    assert run_cli("check", "y.config", f"--inputBlock={found[1]}", f"--hiddenBlock={found[2]}") == 0
    assert "all targets fit the network's output" in capsys.readouterr().out


def test_smaller_pooling_is_found_with_the_blocks() -> None:
    sequences = images(count=2, width=12, target=3)
    sequences[1]["target"] = ["a", "a", "a"]
    write_data(Path("images.nc"), sequences)
    pooled = {"trainFile": "images.nc", "hiddenSize": [2, 3], "poolSize": [[2, 1], [2, 2]], "hiddenBlock": [[2, 1]]}
    (error,) = rnn.check(rnn.Config.read("x.config", **pooled)).errors
    found = re.search(r"all targets would fit with poolSize (\S+) and hiddenBlock (\S+)", error)
    assert found is not None
    config = rnn.Config.read("x.config", **pooled | {"poolSize": found[1], "hiddenBlock": found[2]})
    assert rnn.check(config).warnings == []


def test_no_blocks_would_do() -> None:
    sequences = transcription(count=3)
    sequences[1] = {"inputs": np.ones((2, 3)), "target": ["a", "b", "c"], "tag": "short"}
    write_data(Path("train.nc"), sequences)
    (warning,) = report().warnings
    assert "no blocks would do: 1 of the targets need more steps than their inputs have" in warning


@pytest.mark.parametrize(
    ("sizes", "length", "needed", "expected"),
    [
        ([3, 3], 18, 2, [3, 3]),
        ([3, 3], 18, 3, [3, 2]),
        ([4], 10, 10, [1]),
        ([2, 2], 5, 6, None),
        ([3, 2], 12, 4, [3, 1]),
    ],
)
def test_find_smaller_blocks(sizes: list[int], length: int, needed: int, expected: list[int] | None) -> None:
    found = find_smaller_blocks(sizes, np.array([length]), np.array([needed]))
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert output_steps(np.array([length]), found)[0] >= needed
    assert np.prod(found) == np.prod(expected)


def test_steps_and_shapes_are_the_engines() -> None:
    write_data(Path("images.nc"), images())
    config = rnn.Config.read("x.config", **BLOCKS)
    data = rnn.Dataset.read("images.nc", task="transcription")
    net = rnn.Network.build(config, data.header)
    for width in range(1, 30):
        assert net.output_shape((width, 4)) == (output_steps(np.array([width]), [3, 3])[0],)
    trace = net.trace(data[0])
    shapes = net.layer_shapes(data[0].shape)
    checked = 0
    for name, shape in shapes.items():
        values = trace.get(f"{name}_outputActivations", trace.get(f"{name}_activations"))
        if values is not None:
            assert values.shape[:-1] == shape, name
            checked += 1
    assert checked >= 10


# --- inputs and labels ---


def test_inputs_without_variance_and_far_from_normal() -> None:
    sequences = transcription()
    for sequence in sequences:
        sequence["inputs"][:, 0] = 5
        sequence["inputs"][:, 1] += 100
    write_data(Path("train.nc"), sequences)
    constant, far = report().warnings
    assert "zero variance (the same everywhere): column 0" in constant
    assert re.search(r"far from mean 0, standard deviation 1: column 1 \(column 1: mean 10\d", far)


def test_labels_that_never_occur() -> None:
    write_data(Path("train.nc"), labels=[*LABELS, "d", "e"])
    assert report().warnings == ["train set: labels that never occur: d, e"]


def test_nan_inputs_are_an_error(capsys: Capture) -> None:
    spoil("inputs", 13, float("nan"))
    assert run_cli("check", "x.config") == 1
    assert "error: train set: NaN or infinite inputs in sequence 1 ('seq1')" in capsys.readouterr().out


def spoil(variable: str, index: int, value: float) -> None:
    import netCDF4

    with netCDF4.Dataset("train.nc", "a") as file:
        file.variables[variable][index] = value


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"trainFile": None}, "trainFile is not given"),
        ({"trainFile": "gone.nc"}, "no file gone.nc"),
        ({"valFile": "gone.nc"}, "no file gone.nc"),
        ({"hiddenBlock": [[2], [2]]}, "hiddenBlock"),
        ({"mixtures": 20}, "not available"),
    ],
)
def test_what_training_would_stop_at_is_an_error(values: dict[str, object], message: str) -> None:
    assert any(message in error for error in report(**values).errors)
    assert "\nerror: " in str(report(**values))


def test_keys_without_effect_are_warned_about() -> None:
    assert "momentum 0.5 has no effect" in report(optimiser="adam", momentum=0.5).warnings[0]


def test_weight_noise_takes_memory() -> None:
    def weights(**values: object) -> float:
        text = "\n".join(report(hiddenSize=300, **values).lines)
        found = re.search(r"weights and optimiser ([\d.]+) MiB", text)
        assert found, text
        return float(found[1])

    plain = weights()
    assert weights(weightDistortion=0.1) > 1.3 * plain
    assert weights(mdl=True) > weights(weightDistortion=0.1)
