# SPDX-License-Identifier: Apache-2.0
"""Runs a sweep's trials, in this process or in several."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from collections.abc import Sequence as _Seq
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from rnnlib_py._core import Error
from rnnlib_py.integrations.sweeping.run_trial import SweepTask, run_trial
from rnnlib_py.integrations.sweeping.study import open_study
from rnnlib_py.integrations.sweeping.trials import SweepTrial
from rnnlib_py.training.interruption import TrainingInterrupted, TrainingTerminated

OnTrial = Callable[[SweepTrial], None]
_HOPELESS = 3  # trials that fail, while none has succeeded, end the sweep
_WATCH_SECONDS = 1.0
_HOW_TO_GO_ON = "trials that were under way go on with --resume"


def run_here(task: SweepTask, count: int, on_trial: OnTrial) -> None:
    """So many trials, one after another. Raises what train() raises for signals; Error where all trials fail."""
    _run_trials(task, iter(range(count)), on_trial)


def _run_trials(task: SweepTask, tickets: Iterator[Any], on_trial: OnTrial) -> None:
    study = open_study(task.folder, task.prune)
    failures, good = 0, False
    for _ in tickets:
        if task.seconds_left == 0:
            return
        found = run_trial(task, study)
        on_trial(found)
        failures += found.state == "failed"
        good = good or found.state != "failed"
        if not good and failures == _HOPELESS:
            raise Error(f"the first {failures} trials failed, the last one since {found.message}")


def run_in_processes(task: SweepTask, count: int, jobs: int, on_trial: OnTrial) -> None:
    """So many trials, with `jobs` of them at a time, each in a process of its own.

    A signal that ends this process ends the others, which save first.

    Raises
    ------
    Error
        A process ended before its time.
    TrainingInterrupted, TrainingTerminated
        A signal came.
    """
    context = multiprocessing.get_context("spawn")
    tickets, results = context.Value("i", count), context.Queue()
    workers = [context.Process(target=_work, args=(task, tickets, results)) for _ in range(min(jobs, count))]
    with _ended_by_sigterm():
        for worker in workers:
            worker.start()
        try:
            while any(worker.is_alive() for worker in workers):
                _hand_on(results, on_trial)
        except KeyboardInterrupt:
            _end(workers)
            raise TrainingInterrupted(_HOW_TO_GO_ON) from None
        except BaseException:
            _end(workers)
            raise
    _hand_on(results, on_trial)
    status = next((worker.exitcode for worker in workers if worker.exitcode), 0)
    if status:
        raise Error(f"a process of the sweep ended with status {status}; what it was at goes on with --resume")


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM becomes a TrainingTerminated, where this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: FrameType | None) -> None:
        raise TrainingTerminated(_HOW_TO_GO_ON, number=number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _hand_on(results: Any, on_trial: OnTrial) -> None:
    """What the processes tell within half a second. Raises Error where one of them could not go on."""
    with contextlib.suppress(queue.Empty):
        while True:
            told = results.get(timeout=0.5)
            if isinstance(told, str):
                raise Error(told)
            on_trial(told)


def _end(workers: _Seq[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


def _work(task: SweepTask, tickets: Any, results: Any) -> None:
    """What a process does: puts each trial, or the text of the error that ends it, into `results`.

    Ctrl-C on the terminal is for the parent alone, which sends SIGTERM.
    """
    if hasattr(os, "setsid"):
        os.setsid()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        _run_trials(task, _tickets(tickets), results.put)
    except Error as error:
        results.put(str(error))


def _tickets(counter: Any) -> Iterator[int]:
    """As many as are left when the others have taken theirs."""
    while True:
        with counter.get_lock():
            if counter.value == 0:
                return
            counter.value -= 1
        yield 1


def _end_with_parent(parent: int) -> None:
    """A parent that was killed leaves nobody behind: the run in this process saves and ends."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
