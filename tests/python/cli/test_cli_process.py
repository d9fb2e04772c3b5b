# SPDX-License-Identifier: Apache-2.0
"""The command rnnlib-py in a process of its own: Ctrl-C, output that nobody reads, the progress bar."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from tiny import left_behind, saves, start_cli, transcription, wait_for, write_config, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")


def endless(**values: object) -> Path:
    return write_config(Path("y.config"), totalEpochs=-1, maxTestsNoBest=0, **values)


def test_ctrl_c_saves_and_exits_130() -> None:
    process = start_cli("train", endless(autosave=True))
    wait_for(process, "epoch 3 ")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1].startswith("rnnlib-py: interrupted")
    (save,) = saves(Path())
    assert f"; to go on: rnnlib-py train {save}" in out
    epoch = int(next(line for line in save.read_text().splitlines() if line.startswith("trainer_epoch ")).split()[1])
    assert epoch >= 3
    assert f"epoch {epoch + 1}" in next(line for line in out.splitlines() if line.startswith("interrupted "))
    assert not list(Path().glob("*rnnlib-tmp*"))
    run = rnn.train(rnn.Config.read(save, totalEpochs=epoch + 1))
    assert run.epoch == epoch + 1


def test_ctrl_c_without_autosave_says_so() -> None:
    process = start_cli("train", endless(autosave=False))
    wait_for(process, "epoch 1 ")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "autosave is off: not saved" in out
    assert left_behind(Path()) == []


def test_second_ctrl_c_ends_at_once() -> None:
    """One sequence of a million points takes far longer than this test."""
    write_data(Path("long.nc"), [{"inputs": np.zeros((1_000_000, 3)), "target": ["a"], "tag": "long"}])
    process = start_cli("train", endless(trainFile="long.nc", hiddenSize=100, autosave=True))
    wait_for(process, "train set: ")
    log = ""
    while "train set" not in log:
        log = "".join(path.read_text() for path in Path().glob("*.log"))
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)  # the sequence in flight is finished first
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 130
    process.communicate()


def test_a_run_whose_output_nobody_reads_goes_on() -> None:
    process = start_cli("train", endless(autosave=True))
    wait_for(process, "epoch 1 ")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    warning = process.stderr.readline()
    assert warning == "rnnlib-py: warning: the output cannot be written (Broken pipe); the run goes on without it\n"
    before = saves(Path())[0].read_text()
    deadline = time.monotonic() + 60
    while saves(Path())[0].read_text() == before and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    rest = process.stderr.read()
    assert "cannot be written" not in rest
    assert rest.splitlines()[-1].startswith("rnnlib-py: interrupted")
    process.stderr.close()
    assert saves(Path())[0].read_text() != before


def test_installed_command_has_the_same_entry() -> None:
    process = start_cli("--version")
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, f"rnnlib-py {rnn.__version__}\n")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo terminal")
def test_progress_bar_on_a_terminal() -> None:
    import pty

    leader, follower = pty.openpty()
    write_data(Path("many.nc"), transcription(count=400, length=300))
    config = endless(trainFile="many.nc", hiddenSize=40)
    process = start_cli("train", config, stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    seen = b""
    while b"ctcError" not in seen:
        seen += os.read(leader, 4096)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(leader)
    text = seen.decode()
    assert "epoch 1" in text
    assert re.search(r"\d+/400, \S+ left( \(run \S+\))?, ctcError [\d.]+, [\d.]+ seq/s", text)
