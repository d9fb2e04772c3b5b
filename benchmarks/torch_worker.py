# SPDX-License-Identifier: Apache-2.0
"""The worker process that times PyTorch on the 1D workloads: python torch_worker.py WORKLOAD (see serving.py).

The same sizes and updates: bidirectional nn.LSTM levels (without peepholes, which nn.LSTM lacks), blocks, Linear and
tanh for subsampling, Linear, CTCLoss summed over the sequences, SGD with momentum.
"""

from __future__ import annotations

import itertools
import platform

import torch
from torch import Tensor, nn

from serving import SEQUENCES, Work, Worker, serve
from workloads import Workload


class Subsample(nn.Module):
    """Joins `block` neighbouring points, then Linear and tanh."""

    def __init__(self, block: int, inputs: int, size: int) -> None:
        super().__init__()
        self.block = block
        self.linear = nn.Linear(block * inputs, size, bias=False)

    def forward(self, x: Tensor) -> Tensor:  # [points, sequences, inputs] -> [points / block, sequences, size]
        points, sequences, inputs = x.shape
        x = x.view(points // self.block, self.block, sequences, inputs).transpose(1, 2)
        return torch.tanh(self.linear(x.reshape(points // self.block, sequences, self.block * inputs)))


class Network(nn.Module):
    def __init__(self, workload: Workload) -> None:
        super().__init__()

        def sizes(key: str) -> list[int]:
            return [int(size) for size in workload.network.get(key, "").replace(";", ",").split(",") if size]

        hidden, blocks, subsamples = sizes("hiddenSize"), sizes("hiddenBlock"), sizes("subsampleSize")
        self.levels = nn.ModuleList()
        size = workload.input_size
        for i, units in enumerate(hidden):
            self.levels.append(nn.LSTM(size, units, bidirectional=True))
            size = 2 * units
            if i < len(subsamples):
                self.levels.append(Subsample(blocks[i], size, subsamples[i]))
                size = subsamples[i]
        self.output = nn.Linear(size, workload.num_labels + 1)

    def forward(self, x: Tensor) -> Tensor:  # [points, sequences, inputs] -> log probabilities
        for level in self.levels:
            x = level(x)[0] if isinstance(level, nn.LSTM) else level(x)
        return torch.log_softmax(self.output(x), 2)


class TorchWorker(Worker):
    def describe(self) -> dict[str, str]:
        return {"engine": "torch", "python": platform.python_version(), "version": torch.__version__}

    def _make_work(self, mode: str, threads: int, sequences: int) -> Work:
        workload = self.workload
        torch.manual_seed(1)
        network = Network(workload)
        inputs = torch.stack([torch.from_numpy(x) for x in workload.inputs(SEQUENCES)], 1)
        targets = torch.stack([torch.from_numpy(t) for t in workload.targets(SEQUENCES)])
        following = itertools.cycle(
            [(inputs[:, i : i + sequences].contiguous(), targets[i : i + sequences]) for i in range(0, 16, sequences)]
        )

        def predict() -> None:
            torch.set_num_threads(threads)
            with torch.inference_mode():
                network(next(following)[0]).argmax(2)

        optimiser = torch.optim.SGD(network.parameters(), lr=1e-5, momentum=0.9)
        loss = nn.CTCLoss(blank=workload.num_labels, reduction="sum")
        target_lengths = torch.full((sequences,), workload.target_length)

        def train() -> None:
            torch.set_num_threads(threads)
            x, target = next(following)
            output = network(x)
            error = loss(output, target, torch.full((sequences,), len(output)), target_lengths)
            optimiser.zero_grad()
            error.backward()
            optimiser.step()

        return predict if mode == "predict" else train


if __name__ == "__main__":
    serve(TorchWorker)
