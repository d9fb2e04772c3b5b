# SPDX-License-Identifier: Apache-2.0
"""The side of a worker process: answers calls, a JSON line each, and knows how long work takes and how much memory.

A worker has one engine and one workload. It sleeps in a read while other workers are timed.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workloads import WORKLOADS, Workload

SEQUENCES = 16  # in a workload's set

Work = Callable[[], object]


def peak_memory() -> int:
    """Bytes: the largest resident size of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would begin with the size of the parent
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Worker(ABC):
    """Every public method can be called through serve()."""

    def __init__(self, workload: Workload) -> None:
        self.workload = workload
        self._base = peak_memory()
        self._work: dict[tuple[str, int, int], Work] = {}

    @abstractmethod
    def describe(self) -> dict[str, str]:
        """Versions, for the report."""

    @abstractmethod
    def _make_work(self, mode: str, threads: int, sequences: int) -> Work:
        """A function that trains on (one update) or predicts the next `sequences` of the set."""

    def multiply_accumulates(self) -> dict[str, int] | None:
        """Uses of weights per sequence, by mode, if this engine can tell."""
        return None

    def product_rate(self, seconds: float) -> float | None:  # noqa: ARG002
        """Multiply-accumulates per second of this engine's product of 1024 x 1024 floats, one thread, if it has one."""
        return None

    def time(self, mode: str, threads: int, sequences: int, seconds: float) -> tuple[float, float]:
        """Seconds per sequence, and processor seconds of all threads: means over the calls that start in `seconds`."""
        key = (mode, threads, sequences)
        if key not in self._work:
            self._work[key] = self._make_work(*key)
            self._work[key]()  # fetches memory, starts threads
        work = self._work[key]
        begin, cpu_begin, done, elapsed = time.perf_counter(), time.process_time(), 0, 0.0
        while done == 0 or elapsed < seconds:
            work()
            done += sequences
            elapsed = time.perf_counter() - begin
        return elapsed / done, (time.process_time() - cpu_begin) / done

    def memory(self, mode: str, threads: int, sequences: int) -> dict[str, int]:
        """Bytes after the import ("base") and at most while running twice ("peak"); for a fresh process."""
        work = self._make_work(mode, threads, sequences)
        work()
        work()
        return {"base": self._base, "peak": peak_memory()}


def serve(make_worker: Callable[[Workload], Worker]) -> None:
    """Reads {"call": name, "arguments": {...}} and writes {"result": ...} until its input ends; an error ends it."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not be taken for an answer
    worker = make_worker(WORKLOADS[sys.argv[1]])
    for line in sys.stdin:
        call: dict[str, Any] = json.loads(line)
        result = getattr(worker, call["call"])(**call["arguments"])
        print(json.dumps({"result": result}), file=answers, flush=True)
