# SPDX-License-Identifier: Apache-2.0
"""How training would go faster on many machines: a model made of what was measured on one, and its picture.

An update takes the time of the rank with the most points, and then that of the messages: the errors are exchanged, the
sum passes all ranks block by block, and its result is broadcast. What every rank does alike (the step of the optimiser)
does not get shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def block_of(weights: int) -> int:
    """Weights of a message within a sum, as in the engine."""
    return max(1 << 14, weights // 64)


@dataclass(frozen=True)
class Network:
    """What carries the messages. `latency`: seconds of a message, `rate`: bytes per second."""

    name: str
    latency: float
    rate: float


@dataclass(frozen=True)
class Training:
    """What was measured. `compute`: seconds of a point on one rank; `fixed`: of an update, whatever its size."""

    compute: float
    fixed: float
    weights: int
    shard: int  # sequences that one rank runs as a whole


def line_lengths(count: int, mean: float = 300.0) -> NDArray[np.float64]:
    """Points of sequences as different as lines of text are: lognormal, the standard deviation is 0.4 of the mean."""
    sigma = math.sqrt(math.log(1 + 0.4**2))
    return np.random.default_rng(3).lognormal(math.log(mean) - sigma**2 / 2, sigma, count)


def largest_share(points: NDArray[np.float64], shard: int, ranks: int) -> float:
    """Points of the rank that has most, when shards go to the rank in whose share of the points their middle lies."""
    shards = np.add.reduceat(points, np.arange(0, len(points), shard))
    middles = (np.cumsum(shards) - shards / 2) / shards.sum()
    owners = np.minimum((middles * ranks).astype(int), ranks - 1)
    return float(np.bincount(owners, weights=shards, minlength=ranks).max())


def sum_seconds(ranks: int, weights: int, network: Network) -> float:
    """Of an update's messages."""
    if ranks == 1:
        return 0.0
    hops, depth, size = ranks - 1, math.ceil(math.log2(ranks)), 4.0 * weights
    exchange = 2 * depth * network.latency
    block = 4.0 * min(weights, block_of(weights))
    chain = size / network.rate + hops * (network.latency + block / network.rate)
    broadcast = size / network.rate + depth * network.latency
    return exchange + chain + broadcast


def speed_up(training: Training, network: Network, sequences: int, ranks: int, updates: int = 20) -> float:
    """How many times faster updates of so many sequences are than on one rank."""
    points = line_lengths(sequences * updates).reshape(updates, sequences)
    alone = training.compute * points.sum() + updates * training.fixed
    shares = sum(largest_share(p, training.shard, ranks) for p in points)
    messages = sum_seconds(ranks, training.weights, network)
    return float(alone / (training.compute * shares + updates * (training.fixed + messages)))


def draw(training: Training, networks: list[Network], sizes: list[int], path: Path) -> None:
    """A panel per network, a line per number of sequences in an update."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    counts = [1, 2, 4, 8, 16, 32, 64]
    figure, panels = pyplot.subplots(1, len(networks), figsize=(4.2 * len(networks), 3.8), sharey=True)
    for panel, network in zip(np.atleast_1d(panels), networks, strict=True):
        panel.plot(counts, counts, color="0.75", linestyle="--", label="ideal")
        for size in sizes:
            values = [speed_up(training, network, size, count) for count in counts]
            panel.plot(counts, values, marker="o", markersize=3, label=f"{size} sequences per update")
        panel.set_xscale("log", base=2)
        panel.set_yscale("log", base=2)
        panel.set_xticks(counts, [str(count) for count in counts])
        panel.set_yticks(counts, [str(count) for count in counts])
        panel.set_xlabel("machines")
        panel.set_title(network.name, fontsize=10)
        panel.grid(alpha=0.3)
    np.atleast_1d(panels)[0].set_ylabel("times faster than one")
    np.atleast_1d(panels)[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
