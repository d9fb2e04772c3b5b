# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export to safetensors files, info about them, and commands that take one in place of a save."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def train() -> rnn.Run:
    run = rnn.train(rnn.Config.read("x.config", autosave=True, valFile="train.nc", optimiser="adam"))
    assert run.last_save is not None
    run.last_save.rename("full.save")
    return run


def test_export_and_use(capsys: Capture) -> None:
    run = train()
    options = ["--dtype", "float16", "--metadata", "license=CC-BY-4.0", "--metadata=attribution=a=b"]
    capsys.readouterr()
    assert run_cli("export", "full.save", "-o", "x.safetensors", *options) == 0
    size = Path("x.safetensors").stat().st_size
    assert capsys.readouterr().out == f"x.safetensors: {size} bytes, of {Path('full.save').stat().st_size}\n"
    network = rnn.Network.load("x.safetensors")
    assert "trainFile" not in network.config.text() and "valFile" not in network.config.text()  # not for elsewhere
    for name, weights in run.network.weights.items():
        assert np.array_equal(network.weights[name], weights.astype(np.float16))
    assert {**network.metadata, "scores": ""} == {
        "license": "CC-BY-4.0", "attribution": "a=b", "epochs": "2", "scores": ""
    }  # fmt: skip
    assert json.loads(network.metadata["scores"])["validation"] == run.history[-1].errors["validation"]

    data = rnn.Dataset.read("train.nc", task="transcription")
    for one, other in zip(network.predict(data), run.network.predict(data), strict=True):
        assert np.abs(one.outputs - other.outputs).max() < 1e-3  # rounded by 1 part in 2048 at most

    for arguments in (["test", "x.safetensors", "train.nc"], ["evaluate", "x.safetensors", "train.nc"]):
        assert run_cli(*arguments) == 0
        assert "rror" in capsys.readouterr().out
    assert run_cli("predict", "x.safetensors", "train.nc") == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    assert run_cli("info", "x.safetensors") == 0
    out = capsys.readouterr().out
    for line in (
        "trained for 2 epochs",
        "a safetensors file, weights as float16",
        "license: CC-BY-4.0",
        "3 labels: a b c",
    ):
        assert f"{line}\n" in out
    assert run_cli("info", "--format", "json", "x.safetensors") == 0
    assert run_cli("weights", "x.safetensors") == 0
    assert run_cli("average", "x.safetensors", "full.save", "-o", "mean.safetensors") == 0
    assert "scores" not in rnn.Network.load("mean.safetensors").metadata
    assert (
        run_cli("x.safetensors", "--totalEpochs=1", "--autosave=false", "--trainFile=train.nc") == 0
    )  # RNNLIB's own way


def test_scores_are_those_of_the_network() -> None:
    """The last network is not the best: it has none."""
    train()
    text = Path("full.save").read_text()
    changed = text.replace('{"epoch":2,', '{"epoch":1,')
    assert changed != text
    Path("full.save").write_text(f"{changed[: changed.rindex('trainer_end')]}trainer_end 1\n")
    rnn.export_weights("full.save", "x.safetensors")
    assert rnn.Network.load("x.safetensors").metadata == {"epochs": "2"}


def test_export_of_one_to_another() -> None:
    train()
    rnn.export_weights("full.save", "a.safetensors", metadata={"license": "CC0", "note": "x"})
    before = rnn.Network.load("a.safetensors").metadata
    assert run_cli("export", "a.safetensors", "-o", "b.safetensors", "--dtype=float64", "--metadata", "note=") == 0
    assert rnn.Network.load("b.safetensors").metadata == {n: t for n, t in before.items() if n != "note"}
    assert run_cli("export", "b.safetensors", "--weights-only", "-o", "c.save") == 0
    for name, weights in rnn.Network.load("full.save").weights.items():
        for other in ("a.safetensors", "b.safetensors", "c.save"):
            assert np.array_equal(weights, rnn.Network.load(other).weights[name])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "x.save"], "--weights-only"),
        (["-o", "x.safetensors", "--dtype", "float8"], "--dtype"),
        (["-o", "x.safetensors", "--metadata", "license"], "expected NAME=TEXT"),
        (["-o", "x.safetensors", "--metadata", "=x"], "expected NAME=TEXT"),
        (["-o", "x.safetensors", "--metadata", "a=x", "--metadata", "a=y"], "given twice"),
        (["-o", "x.safetensors", "--metadata", "config=x"], 'metadata "config": the name is taken'),
        (["-o", "x.save", "--weights-only", "--dtype", "float16"], "safetensors"),
        (["-o", "x.save", "--weights-only", "--metadata", "a=b"], "safetensors"),
    ],
)
def test_bad_usage(arguments: list[str], words: str, capsys: Capture) -> None:
    config = rnn.Config(task="transcription", hiddenSize=2)
    rnn.Network.build(config, rnn.DataHeader(1, 3, 0, ["a", "b", "c"])).save("full.save")
    assert run_cli("export", "full.save", *arguments) == 2
    assert words in capsys.readouterr().err
    assert not list(Path().glob("x.s*"))


def test_info_shows_nothing_that_commands_a_terminal(capsys: Capture) -> None:
    config = rnn.Config(task="transcription", hiddenSize=2)
    network = rnn.Network.build(config, rnn.DataHeader(1, 3, 0, ["a", "b", "c"]))
    network.save("x.safetensors", metadata={"a\n": "\x1b[2J", "epochs": "\x1b]0;"})
    assert run_cli("info", "x.safetensors") == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "a\\n: \\x1b[2J\n" in out
