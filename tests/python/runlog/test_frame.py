# SPDX-License-Identifier: Apache-2.0
"""The epochs of a run as a DataFrame."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")


def test_a_row_per_epoch() -> None:
    run = rnn.train(rnn.Config.read("x.config", valFile="train.nc"))
    frame = run.to_frame()
    assert frame.index.name == "epoch"
    assert frame.index.tolist() == [1, 2]
    for epoch in run.history:
        row = frame.loc[epoch.epoch]
        assert row["validation_ctcError"] == epoch["validation"]["ctcError"]
        assert row["train_labelError"] == epoch["train"]["labelError"]
        assert (row["seconds"], row["learn_rate_factor"]) == (epoch.seconds, epoch.learn_rate_factor)
        assert row["improved"] == ", ".join(epoch.improved)


def test_errors_of_classes_when_asked_for() -> None:
    config = rnn.Config(task="sequence_classification", hiddenSize=1, totalEpochs=1, randSeed=1)
    run = rnn.train(config, train=([np.zeros((2, 1)), np.ones((2, 1))], ["x", "y"]))
    assert not any("__" in name for name in run.to_frame().columns)
    assert "train__x" in run.to_frame(per_class=True).columns


def test_noise_has_columns() -> None:
    frame = rnn.train(rnn.Config.read("x.config", mdl=True, mdlInitStdDev=0.01)).to_frame()
    assert {"noise_priorMean", "noise_priorStdDev", "noise_meanStdDev", "noise_belowNoise"} <= set(frame.columns)


def test_a_run_without_an_epoch_has_no_rows() -> None:
    frame = rnn.train(rnn.Config.read("x.config", totalEpochs=0)).to_frame()
    assert (len(frame), frame.index.name) == (0, "epoch")


def test_a_log_has_the_errors(folder: Path) -> None:
    run = rnn.train("x.config", output_dir="out")
    for name in ("log.txt", "log.jsonl"):
        frame = rnn.read_log(folder / "out" / name).to_frame()
        assert frame.index.tolist() == [1, 2]
        np.testing.assert_allclose(frame["train_ctcError"], run.to_frame()["train_ctcError"], rtol=1e-5)


def test_without_pandas() -> None:
    code = """
import sys
sys.modules["pandas"] = None
import rnnlib_py as rnn
run = rnn.train("x.config")
try:
    run.to_frame()
except rnn.ConfigError as error:
    print(error)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("a DataFrame needs pandas (")
    assert ended.stdout.endswith("): pip install 'rnnlib-py[notebook]'\n")
