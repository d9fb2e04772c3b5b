# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export --weights-only: a slim save of the same network."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def train(precision: str = "float") -> Path:
    run = rnn.train(rnn.Config.read("x.config", autosave=True, optimiser="adam", precision=precision))
    assert run.last_save is not None
    return run.last_save.rename("full.save")


@pytest.mark.parametrize("precision", ["float", "double"])
def test_the_same_network_without_the_rest(capsys: Capture, precision: str) -> None:
    full = train(precision)
    capsys.readouterr()
    assert run_cli("export", full, "--weights-only", "-o", "slim.save") == 0
    out = capsys.readouterr().out
    text = Path("slim.save").read_text()
    assert re.findall(r"^trainer_(\w+)", text, re.M) == ["format", "end"]
    assert "optimiser_" not in text
    assert out == f"slim.save: {len(text)} bytes, of {full.stat().st_size}\n"
    assert len(text) < full.stat().st_size / 2
    networks = [rnn.Network.load(path, "float64") for path in (full, "slim.save")]
    for name, weights in networks[0].weights.items():
        assert np.array_equal(weights, networks[1].weights[name])
    data = rnn.Dataset.read("train.nc", task="transcription")
    for one, other in zip(*(network.predict(data) for network in networks), strict=True):
        assert np.array_equal(one.outputs, other.outputs)


def test_a_slim_save_is_a_start_for_training() -> None:
    rnn.export_weights(train(), "slim.save")
    run = rnn.train(rnn.Config.read("slim.save", autosave=False, totalEpochs=1))
    assert [epoch.epoch for epoch in run.history] == [1]


def test_bad_usage(capsys: Capture) -> None:
    assert run_cli("export", "missing.save", "--weights-only", "-o", "slim.save") == 2
    assert "missing.save" in capsys.readouterr().err
    assert run_cli("export", "x.config", "--weights-only", "-o", "slim.save") in (1, 2)
    assert "x.config" in capsys.readouterr().err
    assert run_cli("export", "x.config", "-o", "slim.save") == 2
    assert "--weights-only" in capsys.readouterr().err
    assert not Path("slim.save").exists()


def test_a_failed_export_leaves_what_was_there() -> None:
    full = train()
    Path("slim.save").write_text("something")
    full.write_text(full.read_text()[:-200])
    assert run_cli("export", full, "--weights-only", "-o", "slim.save") == 1
    assert Path("slim.save").read_text() == "something"
