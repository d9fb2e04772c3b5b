# SPDX-License-Identifier: Apache-2.0
"""Signals and time limits: what they do to a run, and to the program that it runs in."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tiny import left_behind, run_cli, saves, start_cli, transcription, wait_for, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.system.durations import as_seconds, parse_duration
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.training.interruption import interruption

pytestmark = [
    pytest.mark.usefixtures("folder"),
    pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no such signals"),
]


def endless(**values: object) -> Path:
    return write_config(Path("y.config"), totalEpochs=-1, maxTestsNoBest=0, **values)


def without_warnings(err: str) -> list[str]:
    """The lines of the error output, less what a run says of its training: how many epochs it has had is not known."""
    return [line for line in err.splitlines() if not line.startswith("rnnlib-py: warning: epoch ")]


def epochs_saved(save: Path) -> int:
    return int(next(line for line in save.read_text().splitlines() if line.startswith("trainer_epoch ")).split()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_ends_with_its_status(number: signal.Signals) -> None:
    process = start_cli("train", endless(autosave=True))
    wait_for(process, "epoch 3 ")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number, out + err
    (save,) = saves(Path())
    assert epochs_saved(save) >= 3
    assert f"to go on: rnnlib-py train {save}" in out
    assert len(without_warnings(err)) == 1
    assert rnn.train(rnn.Config.read(save, totalEpochs=epochs_saved(save) + 1)).stopped


def test_a_signal_after_the_one_that_ended_the_run_changes_nothing() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1)}
    try:
        with Interrupt(hard=True) as interrupt:
            os.kill(os.getpid(), signal.SIGHUP)
        for number in before:  # while the command prints its last line
            os.kill(os.getpid(), number)
        assert interrupt.number == signal.SIGHUP
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_pair_of_hang_ups_still_saves() -> None:
    """A terminal that closes may send SIGHUP twice, and SIGTERM as well."""
    write_data(Path("long.nc"), transcription(count=2, length=20000))
    process = start_cli("train", endless(trainFile="long.nc", hiddenSize=60, autosave=True))
    wait_for(process, "saving to")
    for number in (signal.SIGHUP, signal.SIGHUP, signal.SIGTERM):
        process.send_signal(number)
        time.sleep(0.02)
    process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGHUP
    assert len(saves(Path())) == 1


def test_usr1_saves_and_goes_on() -> None:
    write_data(Path("many.nc"), transcription(count=3000, length=60))
    process = start_cli("train", endless(trainFile="many.nc", hiddenSize=20, autosave=True))
    wait_for(process, "saving to")
    process.send_signal(signal.SIGUSR1)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("a save was asked for by a signal: saved to"), line
    (save,) = saves(Path())
    assert "trainer_epochUnderWay" in save.read_text()  # within the first epoch
    wait_for(process, "epoch 1 ")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_hang_up_that_nohup_ignores_stays_ignored() -> None:
    process = start_cli("train", endless(autosave=True), before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for(process, "epoch 1 ")
    process.send_signal(signal.SIGHUP)
    wait_for(process, "epoch 4 ")
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM


def test_a_time_limit_saves_and_ends_with_status_0() -> None:
    """Within an epoch, too: this one takes far longer than the limit."""
    write_data(Path("many.nc"), transcription(count=300, length=2000))
    process = start_cli("train", endless(trainFile="many.nc", hiddenSize=200), "--time-limit=3", "-o", "run")
    begin = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begin < 30
    assert process.returncode == 0, out + err
    assert "stopped: time limit 0:03 reached in epoch 1 after " in out
    assert epochs_saved(Path("run/last.save")) == 0
    assert '"status": "time limit"' in Path("run/log.jsonl").read_text()


def test_a_time_limit_in_python() -> None:
    run = rnn.train(endless(), time_limit=0.3)
    assert run.stopped.startswith("time limit 0:00 reached ")
    assert run.history


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("1.5h", 5400),
        ("30m", 1800),
        ("2d", 172800),
        ("50:00", 3000),
        ("3:50:00", 13800),
        ("1-12", 129600),
        ("1-12:30", 131400),
        ("1-02:03:04", 93784),
        ("100:00:00", 360000),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text, "--time-limit") == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "-5", "1:60", "1:2:3:4", "1:", "nan", "inf", "1e3", "3 h", "٣"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(rnn.ConfigError, match="--time-limit is"):
        parse_duration(text, "--time-limit")


# --- in Python ---


def test_a_time_limit_in_python_is_seconds_or_a_text() -> None:
    assert (
        as_seconds(2, "time_limit") == as_seconds("2s", "time_limit") == as_seconds(Fraction(4, 2), "time_limit") == 2
    )


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), float("inf"), True, [1], "soon", "0"])
def test_what_is_no_time_limit_in_python(limit: Any) -> None:
    with pytest.raises(rnn.ConfigError, match="time_limit is"):
        rnn.train(endless(), time_limit=limit)


def interrupted(number: signal.Signals, **values: object) -> BaseException:
    """The exception of a run to which a signal comes in its second epoch."""

    def on_epoch(run: rnn.Run) -> None:
        if run.epoch == 2:
            os.kill(os.getpid(), number)

    with pytest.raises((KeyboardInterrupt, SystemExit)) as caught:
        rnn.train(rnn.Config.read(endless(**values)), on_epoch=on_epoch)
    return caught.value


@pytest.mark.parametrize("autosave", [False, True])
def test_ctrl_c_hands_the_run_over(autosave: bool) -> None:
    error = interrupted(signal.SIGINT, autosave=autosave)
    assert isinstance(error, rnn.TrainingInterrupted)
    assert isinstance(error, KeyboardInterrupt)
    run = error.run
    assert run is not None
    assert run.epoch == 2
    assert len(run.history) == 2
    assert run.network.predict(rnn.Dataset.read("train.nc", task="transcription"))
    run.make_save().write("mine.save")
    assert rnn.train(rnn.Config.read("mine.save", totalEpochs=3, autosave=False)).epoch == 3
    assert (len(saves(Path())) == 1) == autosave
    assert len(pickle.loads(pickle.dumps(run)).history) == 2


def test_sigterm_in_python_is_a_system_exit_with_the_run() -> None:
    error = interrupted(signal.SIGTERM)
    assert isinstance(error, rnn.TrainingTerminated)
    assert error.code == 128 + signal.SIGTERM
    copied = pickle.loads(pickle.dumps(rnn.TrainingTerminated("ended", None, 1)))
    assert (copied.code, copied.number, str(copied)) == (129, 1, "ended")
    assert error.run is not None
    assert error.run.epoch == 2


def test_handlers_are_put_back_and_those_of_the_program_stay() -> None:
    def mine(*_: object) -> None: ...

    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)}
    signal.signal(signal.SIGTERM, mine)
    try:
        during = {}

        def on_epoch(run: rnn.Run) -> bool:
            during.update({n: signal.getsignal(n) for n in before})
            return run.epoch < 1

        rnn.train(endless(), on_epoch=on_epoch)
        assert during[signal.SIGTERM] is mine
        assert all(during[n] != before[n] for n in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGTERM, before[signal.SIGTERM])
    assert {n: signal.getsignal(n) for n in before} == before


def test_a_run_in_another_thread_leaves_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    found = []
    thread = threading.Thread(
        target=lambda: rnn.train(
            rnn.Config.read("x.config"), on_epoch=lambda _: found.append(signal.getsignal(signal.SIGTERM)) is None
        )
    )
    thread.start()
    thread.join()
    assert found
    assert all(handler == before for handler in found)


def test_a_signal_while_data_are_checked_ends_before_the_first_epoch() -> None:
    """Large files take long to be read; nothing is to be saved then."""
    write_data(Path("many.nc"), transcription(count=60000, length=12))
    process = start_cli("train", endless(trainFile="many.nc"), "-o", "run")
    time.sleep(float(os.environ.get("RNNLIB_TEST_START", "1.0")))
    process.terminate()
    out, _ = process.communicate(timeout=60)
    assert process.returncode in (128 + signal.SIGTERM, -signal.SIGTERM), out  # the latter: Python was still starting


def test_the_first_signal_decides() -> None:
    with Interrupt() as interrupt:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        time.sleep(0)
        assert interrupt.requested
        assert isinstance(interruption(interrupt, "x"), rnn.TrainingTerminated)
        assert interrupt.number == signal.SIGTERM
    assert not interrupt.timed_out


def test_an_uncaught_sigterm_in_a_script_ends_it_with_143() -> None:
    script = (
        "import os, signal, rnnlib_py as rnn\n"
        "rnn.train('y.config', on_epoch=lambda run: os.kill(os.getpid(), signal.SIGTERM))\n"
    )
    endless()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 143, done.stderr
    assert done.stderr == ""
    assert left_behind(Path()) == []


def test_the_command_says_which_signal_ended_it() -> None:
    process = start_cli("train", endless(), "--autosave=false")
    wait_for(process, "epoch 1 ")
    process.terminate()
    _, err = process.communicate(timeout=60)
    (line,) = without_warnings(err)
    assert line.startswith("rnnlib-py: ended by SIGTERM: interrupted ")
    assert run_cli("train", "x.config", "--time-limit=1h", "--autosave=false") == 0
