# SPDX-License-Identifier: Apache-2.0
"""Ranks within one process: a thread for each."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from rnnlib_py.training.ranks import RankError, Ranks

Value = TypeVar("Value")


class Hub:
    def __init__(self, size: int) -> None:
        self.barrier = threading.Barrier(size, timeout=60)
        self.given: list[Any] = [None] * size
        self.mail: list[queue.Queue[bytes]] = [queue.Queue() for _ in range(size)]


class ThreadRanks(Ranks):
    def __init__(self, hub: Hub, rank: int) -> None:
        self._hub = hub
        self.rank, self.size = rank, len(hub.given)
        self._over = False

    @property
    def group(self) -> ThreadRanks:
        return self

    def begin(self) -> None:
        self._over = False

    def _gather(self, own: Any) -> list[Any]:
        self._hub.given[self.rank] = own
        self._hub.barrier.wait()
        found = list(self._hub.given)
        self._hub.barrier.wait()
        return found

    def exchange(self, own: Value) -> list[Value]:
        found = self._gather(own)
        failed = [f"rank {rank}: {value}" for rank, value in enumerate(found) if isinstance(value, BaseException)]
        if failed:
            self._over = True
            raise RankError(failed[0])
        return found

    def announce(self, failure: BaseException) -> None:
        if not self._over and not isinstance(failure, RankError):
            self._over = True
            self._gather(failure)

    exchange_bytes = exchange

    def send(self, values: memoryview) -> None:
        self._hub.mail[self.rank + 1].put(bytes(values))

    def receive(self, values: memoryview) -> None:
        values[:] = self._hub.mail[self.rank].get(timeout=60)

    def broadcast(self, values: memoryview, root: int) -> None:
        found = self._gather(bytes(values) if self.rank == root else b"")
        values[:] = found[root]


def on_ranks(size: int, work: Callable[[ThreadRanks], Value]) -> list[Value | BaseException]:
    """What work(ranks) gives on every rank, or the exception that it raises there."""
    hub, results = Hub(size), [None] * size

    def run(rank: int) -> None:
        ranks = ThreadRanks(hub, rank)
        try:
            results[rank] = work(ranks)  # type: ignore[call-overload]
        except BaseException as error:
            results[rank] = error  # type: ignore[call-overload]
            ranks.announce(error)

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results  # type: ignore[return-value]
