# SPDX-License-Identifier: Apache-2.0
"""What mpi.py measures, on one process or on ranks that mpiexec starts; rank 0 prints JSON.

Usage: python mpi_worker.py sums WEIGHTS...
       python mpi_worker.py train WORKLOAD SEQUENCES THREADS ROUNDS [mpi] [short]

With `short` a sequence has one point: what is left is the time of an update, whatever its size.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

import rnnlib_py as rnn
from mpi_model import block_of
from rnnlib_py.integrations.mpi import MpiRanks
from workloads import WORKLOADS


def measure_sums(ranks: MpiRanks, sizes: list[int]) -> list[dict[str, float]]:
    """Seconds of the messages of an update, by number of weights (float): the exchange of errors, and the sum."""
    rows = []
    for weights in sizes:
        own, total = np.ones(weights, np.float32), np.zeros(weights, np.float32)
        exchanges, sums = [], []
        for _ in range(25 if weights <= 10**6 else 9):
            ranks.exchange_bytes(b"")
            begin = time.perf_counter()
            ranks.exchange_bytes(bytes(1000))
            middle = time.perf_counter()
            sum_up(ranks, own, total)
            exchanges.append(middle - begin)
            sums.append(time.perf_counter() - middle)
        rows.append({"weights": weights, "exchange": median(exchanges), "sum": median(sums)})
    return rows


def sum_up(ranks: MpiRanks, own: Any, total: Any) -> None:
    """As the engine does it: each rank adds its own to what comes from the rank before, the last one has the sum."""
    values, step = memoryview(total).cast("B"), block_of(len(own))
    for first in range(0, len(own), step):
        block = values[4 * first : 4 * (first + step)]
        if ranks.rank > 0:
            ranks.receive(block)
        total[first : first + step] += own[first : first + step]
        if ranks.rank < ranks.size - 1:
            ranks.send(block)
    ranks.broadcast(values, ranks.size - 1)


def measure_training(words: list[str], ranks: MpiRanks | None) -> dict[str, Any]:
    """Seconds of each epoch, which is one update, without the first; points and weights."""
    workload, (sequences, threads, rounds) = WORKLOADS[words[0]], map(int, words[1:4])
    if "short" in words:
        workload = replace(workload, shape=(1,) * len(workload.shape), target_length=1)
    pairs = zip(workload.inputs(sequences), workload.targets(sequences), strict=True)
    data = rnn.Dataset(pairs, task=workload.task, labels=workload.labels)
    config = {**workload.config, "totalEpochs": rounds + 1, "seqsPerWeightUpdate": sequences}
    run = rnn.train(config, train=data, threads=threads, ranks=ranks)
    seconds = [epoch.seconds for epoch in run.history[1:]]
    return {"seconds": seconds, "points": int(data.num_points.sum()), "weights": run.network.num_weights}


def main(words: list[str]) -> None:
    ranks = MpiRanks() if words[0] == "sums" or "mpi" in words else None
    if words[0] == "sums":
        assert ranks is not None
        result: Any = measure_sums(ranks, [int(word) for word in words[1:]])
    else:
        result = measure_training(words[1:], ranks)
    if ranks is None or ranks.rank == 0:
        print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
