# SPDX-License-Identifier: Apache-2.0
"""The benchmark of error over time: it trains, finds the epochs' errors, and gives others the same lines and sizes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from line_pictures import TEXTS, write_lines

import rnnlib_py as rnn
from time_to_accuracy import export, network_of, table

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "time_to_accuracy.py"


def test_a_run_reports_each_epoch(tmp_path: Path) -> None:
    folder = write_lines(tmp_path / "lines", TEXTS * 2)
    command = [sys.executable, str(SCRIPT), str(folder), "-o", str(tmp_path / "out"), "--minutes", "0.5"]
    done = subprocess.run([*command, "--set=--totalEpochs=2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    curve = json.loads((tmp_path / "out/times.json").read_text())["rnnlib-py"]
    assert len(curve) == 2
    assert 0 < curve[0]["seconds"] < curve[1]["seconds"] < 30
    assert all(0 < point["error"] <= 1.5 for point in curve)
    assert "| rnnlib-py |" in done.stdout
    assert (tmp_path / "out/times.png").read_bytes().startswith(b"\x89PNG")


def test_other_programs_get_the_same_bytes_and_sizes(tmp_path: Path) -> None:
    made = rnn.prepare.lines(write_lines(tmp_path / "lines"), tmp_path / "data")
    data = rnn.Dataset.read(made.files["train"], task="transcription")
    export(data, tmp_path / "train.npz")
    arrays = np.load(tmp_path / "train.npz")
    first = arrays["pixels"][: arrays["widths"][0]]
    np.testing.assert_allclose(first / 76.5 - 0.5, data[0].inputs[:, :, 0], atol=1e-6)
    assert arrays["targets"][: arrays["lengths"][0]].tolist() == data[0].target.tolist()  # type: ignore[union-attr]
    sizes = network_of(rnn.Config.read(made.config), len(data.header.labels))
    assert len(sizes["convolutions"]) == len(sizes["pools"]) >= 2
    assert len(sizes["lstm"]) >= 1


def test_the_table_says_when_errors_were_reached() -> None:
    curve = [{"seconds": 60.0, "error": 0.3}, {"seconds": 120.0, "error": 0.04}]
    row = table({"x": curve}).splitlines()[-1]
    assert row == "| x | 1.0 | 2.0 | 2.0 | 2.0 | - | - | - | 4.00 % | 2 | 2.0 |"
    assert "no epoch" in table({"x": []})


def test_programs_that_are_not_known_are_refused(tmp_path: Path) -> None:
    folder = write_lines(tmp_path / "lines")
    command = [sys.executable, str(SCRIPT), str(folder), "-o", str(tmp_path / "out"), "--without-rnnlib"]
    done = subprocess.run([*command, "--against", "theano"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected torch or kraken" in done.stderr


def test_the_twin_has_as_many_steps_as_the_network(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from torch_lines import Lines, Network

    made = rnn.prepare.lines(write_lines(tmp_path / "lines"), tmp_path / "data")
    data = rnn.Dataset.read(made.files["train"], task="transcription")
    export(data, tmp_path / "train.npz")
    config = rnn.Config.read(made.config)
    network = rnn.Network.build(config, data.header)
    lines = Lines(tmp_path / "train.npz")
    x, widths, _ = lines.batch([0, 1])
    twin = Network(48, network_of(rnn.Config.read(made.config), len(data.header.labels)), len(data.header.labels))
    outputs, steps = twin(x, widths)
    assert steps.tolist() == [network.output_shape(data[i].shape)[0] for i in (0, 1)]
    assert outputs.shape[2] == len(data.header.labels) + 1
