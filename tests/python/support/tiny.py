# SPDX-License-Identifier: Apache-2.0
"""Tiny data files and configs, and the command in this process or in one of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.cli import main

LABELS = ["a", "b", "c"]


def transcription(count: int = 6, length: int = 12, target: int = 3, seed: int = 0) -> list[dict[str, Any]]:
    """1D sequences whose labels show in their inputs: label k lifts column k for a few steps."""
    rng = np.random.default_rng(seed)
    sequences = []
    for i in range(count):
        labels = rng.integers(0, len(LABELS), target)
        inputs = rng.normal(0, 0.3, (length, len(LABELS)))
        for j, label in enumerate(labels):
            start = j * length // target
            inputs[start : start + 2, label] += 2
        sequences.append({"inputs": inputs, "target": [LABELS[k] for k in labels], "tag": f"seq{i}"})
    return sequences


def framewise(count: int = 4, length: int = 8, seed: int = 0) -> list[dict[str, Any]]:
    """1D sequences with a label per point: which column is larger, and a third that never occurs."""
    rng = np.random.default_rng(seed)
    inputs = [rng.normal(size=(length, 2)) for _ in range(count)]
    return [{"inputs": x, "target": (x[:, 0] > x[:, 1]).astype(int), "tag": f"seq{i}"} for i, x in enumerate(inputs)]


def images(count: int = 4, width: int = 12, height: int = 4, target: int = 2, seed: int = 0) -> list[dict[str, Any]]:
    """2D sequences with a transcription."""
    rng = np.random.default_rng(seed)
    return [
        {
            "inputs": rng.normal(size=(width, height, 1)),
            "target": [LABELS[k] for k in rng.permutation(len(LABELS))[:target]],
            "tag": f"seq{i}",
        }
        for i in range(count)
    ]


def write_data(path: Path, sequences: Iterable[Any] | None = None, task: str = "transcription", **more: Any) -> Path:
    rnn.write_netcdf(path, transcription() if sequences is None else sequences, more.get("labels", LABELS), task=task)
    return path


def write_config(path: Path, /, **values: object) -> Path:
    """A small quick config; what is given is laid over it, None takes a key away."""
    config = rnn.Config(
        {
            "task": "transcription",
            "trainFile": "train.nc",
            "hiddenSize": 3,
            "learnRate": 0.01,
            "totalEpochs": 2,
            "randSeed": 7,
            "threads": 1,
            **values,
        }
    )
    path.write_text(config.text())
    return path


def unsealed(text: str) -> str:
    """A save's text without its checksum, so that it can be changed."""
    return re.sub(r"^trainer_end .*\n\Z", "trainer_end 1\n", text, flags=re.MULTILINE)


def run_cli(*arguments: object) -> int:
    """The command's exit status, in this process."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as leave:
        return int(leave.code or 0)


def start_cli(*arguments: object, before: Callable[[], None] | None = None, **options: Any) -> subprocess.Popen[str]:
    """The command in a process of its own, its output piped. It calls `before` first."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background inherit that it is ignored
        if before is not None:
            before()

    command = [sys.executable, "-m", "rnnlib_py", *map(str, arguments)]
    package = str(Path(rnn.__file__).absolute().parents[1])
    environment = {**os.environ, "PYTHONPATH": package, "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, text=True, env=environment, preexec_fn=prepare, **pipes)


def wait_for(process: subprocess.Popen[str], text: str) -> str:
    """Reads the output up to a line with the text."""
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"never said {text!r}: {seen}{process.stderr.read() if process.stderr else ''}")


def saves(folder: Path, kind: str = "last") -> list[Path]:
    """The saves of a kind ("last", "best_ctcError"), oldest first."""
    return sorted(folder.glob(f"*@*.{kind}.save"))


def left_behind(folder: Path) -> list[str]:
    """Files of runs: saves, logs, temporary files."""
    return sorted(p.name for p in folder.iterdir() if p.is_file() and ("@" in p.name or "rnnlib-tmp" in p.name))
