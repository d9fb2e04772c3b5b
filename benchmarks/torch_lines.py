# SPDX-License-Identifier: Apache-2.0
"""Trains a convolution + BLSTM network on text lines in PyTorch: python torch_lines.py FOLDER MINUTES THREADS.

The twin of what `rnnlib-py prepare lines` chooses: the same sizes, dropout, optimiser, schedule and lines per update.
FOLDER has train.npz and val.npz (time_to_accuracy.py makes them) and network.json. After each epoch a line of JSON on
standard output has the seconds since the start and the label errors of the validation set.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

START = time.monotonic()


class Network(nn.Module):
    def __init__(self, height: int, sizes: dict[str, Any], labels: int) -> None:
        super().__init__()
        self.convolutions, self.pools = nn.ModuleList(), [tuple(pool) for pool in sizes["pools"]]
        units = 1
        for size, (_, along_y) in zip(sizes["convolutions"], self.pools, strict=True):
            self.convolutions.append(nn.Conv2d(units, size, 3, padding=1))
            units, height = size, math.ceil(height / along_y)
        self.dropout = nn.Dropout(sizes["dropout"])
        self.levels = nn.ModuleList()
        columns = units * height
        for size in sizes["lstm"]:
            self.levels.append(nn.LSTM(columns, size, bidirectional=True, batch_first=True))
            columns = 2 * size
        self.output = nn.Linear(columns, labels + 1)

    def forward(self, x: Tensor, widths: Tensor) -> tuple[Tensor, Tensor]:
        """x: [lines, 1, height, width] -> log probabilities [steps, lines, labels + 1] and the steps of each line."""
        for convolution, (along_x, along_y) in zip(self.convolutions, self.pools, strict=True):
            x = nn.functional.max_pool2d(torch.relu(convolution(x)), (along_y, along_x), ceil_mode=True)
            widths = (widths + along_x - 1) // along_x
            x = self.dropout(x)
        lines, units, height, steps = x.shape
        x = x.permute(0, 3, 1, 2).reshape(lines, steps, units * height)
        for level in self.levels:
            packed = pack_padded_sequence(x, widths, batch_first=True, enforce_sorted=False)
            x = self.dropout(pad_packed_sequence(level(packed)[0], batch_first=True)[0])
        return torch.log_softmax(self.output(x), 2).transpose(0, 1), widths


class Lines:
    """A set: images [width, height] as bytes one after another, and label numbers."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        ends = np.cumsum(data["widths"])
        self.images = np.split(data["pixels"], ends[:-1])
        self.targets = [torch.from_numpy(t) for t in np.split(data["targets"], np.cumsum(data["lengths"])[:-1])]

    def batch(self, numbers: list[int]) -> tuple[Tensor, Tensor, list[Tensor]]:
        images = [self.images[i] for i in numbers]
        widths = [len(image) for image in images]
        x = np.full((len(images), max(widths), images[0].shape[1]), -0.5, np.float32)
        for row, image in zip(x, images, strict=True):
            row[: len(image)] = image * np.float32(1 / 76.5) - np.float32(0.5)
        return torch.from_numpy(x).transpose(1, 2)[:, None], torch.tensor(widths), [self.targets[i] for i in numbers]


def distance(a: list[int], b: list[int]) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(corner + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


@torch.inference_mode()
def label_error(network: Network, data: Lines, blank: int, batch: int) -> float:
    network.eval()
    errors = total = 0
    for first in range(0, len(data.images), batch):
        x, widths, targets = data.batch(list(range(first, min(first + batch, len(data.images)))))
        outputs, steps = network(x, widths)
        for path, length, target in zip(outputs.argmax(2).T.tolist(), steps.tolist(), targets, strict=True):
            path = path[:length]
            read = [k for k, before in zip(path, [None, *path[:-1]], strict=True) if k not in (before, blank)]
            errors += distance(read, target.tolist())
            total += len(target)
    network.train()
    return errors / total


def main(folder: Path, minutes: float, threads: int) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    sizes = json.loads((folder / "network.json").read_text(encoding="utf-8"))
    train, val = Lines(folder / "train.npz"), Lines(folder / "val.npz")
    blank, batch = sizes["labels"], sizes["batch"]
    network = Network(train.images[0].shape[1], sizes, blank)
    loss = nn.CTCLoss(blank=blank, reduction="sum", zero_infinity=True)
    optimiser = torch.optim.Adam(network.parameters(), lr=sizes["learn_rate"])
    updates = math.ceil(len(train.images) / batch)
    warm, epochs = sizes["warm_updates"], sizes["epochs"]

    def rate(update: int) -> float:
        return min(1, (update + 1) / warm) * (1 + math.cos(math.pi * (update // updates) / epochs)) / 2

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    for _ in range(epochs):
        for numbers in torch.randperm(len(train.images)).split(batch):
            x, widths, targets = train.batch(numbers.tolist())
            outputs, steps = network(x, widths)
            lengths = torch.tensor([len(target) for target in targets])
            optimiser.zero_grad()
            loss(outputs, torch.cat(targets), steps, lengths).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 100)
            optimiser.step()
            schedule.step()
            if time.monotonic() - START > 60 * minutes:
                return
        error = label_error(network, val, blank, batch)
        print(json.dumps({"seconds": time.monotonic() - START, "error": error}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
