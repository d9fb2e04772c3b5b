# SPDX-License-Identifier: Apache-2.0
"""The worker process that times rnnlib_py: python worker.py WORKLOAD (see serving.py)."""

from __future__ import annotations

import itertools
import platform

import rnnlib_py as rnn
from multiply_accumulates import TRAINING_FACTOR, forward_macs
from rnnlib_py import _core
from serving import SEQUENCES, Work, Worker, serve
from workloads import Workload


class RnnlibWorker(Worker):
    def __init__(self, workload: Workload) -> None:
        super().__init__(workload)
        self._data = list(zip(workload.inputs(SEQUENCES), workload.targets(SEQUENCES), strict=True))

    def describe(self) -> dict[str, str]:
        info = {name: str(value) for name, value in rnn.build_info().items()}
        return {"engine": "rnnlib-py", "python": platform.python_version(), **info}

    def multiply_accumulates(self) -> dict[str, int] | None:
        if not hasattr(rnn.Network, "layer_shapes"):  # older versions lack it
            return None
        forward = forward_macs(self._network(1), self.workload.shape)
        return {"predict": forward, "train": TRAINING_FACTOR * forward}

    def product_rate(self, seconds: float) -> float | None:
        rate = getattr(_core, "product_rate", None)  # older versions lack it
        return None if rate is None else float(rate(1024, "float32", seconds))

    def _network(self, sequences: int) -> rnn.Network:
        workload = self.workload
        config = rnn.Config({**workload.config, "precision": "float", "seqsPerWeightUpdate": sequences})
        header = rnn.DataHeader(len(workload.shape), workload.input_size, 0, workload.labels)
        return rnn.Network.build(config, header)

    def _make_work(self, mode: str, threads: int, sequences: int) -> Work:
        network = self._network(sequences)
        batches = []
        for first in range(0, SEQUENCES, sequences):
            batches.append(_core.SequenceBatch())
            for inputs, target in self._data[first : first + sequences]:
                batches[-1].add(inputs, target)
        following = itertools.cycle(batches)
        if mode == "predict":
            return lambda: network.core.predict(next(following), threads)
        trainer = _core.Trainer(network.core, network.config.core, threads)
        trainer.begin_epoch(SEQUENCES)
        return lambda: trainer.train(next(following))


if __name__ == "__main__":
    serve(RnnlibWorker)
