# SPDX-License-Identifier: Apache-2.0
"""Adaptive weight noise against overfitting: the same small problem with and without it.

python weight_noise.py [PICTURE.png]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import rnnlib_py as rnn

FLIPPED = 0.2  # share of the labels that say the opposite
POINTS = 20
# Nobody can know which labels were flipped: the entropy of that is the least error a network can reach on new data.
LEAST_ERROR = -POINTS * (FLIPPED * np.log(FLIPPED) + (1 - FLIPPED) * np.log(1 - FLIPPED))


def make_sequences(count: int, seed: int) -> list[dict[str, Any]]:
    """At every point the label says whether the inputs here and one step before add up to more than 0."""
    rng = np.random.default_rng(seed)
    sequences = []
    for _ in range(count):
        inputs = rng.normal(size=(POINTS, 1))
        before = np.concatenate([[0.0], inputs[:-1, 0]])
        flipped = rng.random(POINTS) < FLIPPED
        sequences.append({"inputs": inputs, "target": ((before + inputs[:, 0] > 0) ^ flipped).astype(int)})
    return sequences


def train(folder: Path, mdl: bool, epochs: int) -> list[rnn.Epoch]:
    """150 sequences to learn from, for a network that could learn them by heart."""
    for name, count, seed in (("train", 150, 1), ("test", 500, 2)):
        rnn.write_netcdf(folder / f"{name}.nc", make_sequences(count, seed), ["no", "yes"], task="classification")
    config = {
        "task": "classification",
        "trainFile": str(folder / "train.nc"),
        "testFile": str(folder / "test.nc"),
        "hiddenSize": 30,
        "bidirectional": False,
        "optimiser": "adam",
        "learnRate": 0.01,
        "seqsPerWeightUpdate": 5,
        "totalEpochs": epochs,
        "maxTestsNoBest": 0,
        "randSeed": 3,
        "mdl": mdl,
    }
    return rnn.train(config).history


def draw(runs: dict[str, list[rnn.Epoch]], path: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (*axes, bits) = plt.subplots(1, len(runs) + 1, figsize=(12, 3.6), layout="constrained")
    for ax, (title, history) in zip(axes, runs.items(), strict=True):
        epochs = [epoch.epoch for epoch in history]
        ax.plot(epochs, [epoch["train"]["crossEntropyError"] for epoch in history], color="#0072B2", label="training")
        ax.plot(epochs, [epoch["test"]["crossEntropyError"] for epoch in history], "--", color="#D55E00", label="test")
        ax.axhline(LEAST_ERROR, color="0.5", linewidth=1, linestyle=":", label="least possible on new data")
        ax.set_title(title)
        ax.set_xlabel("epoch")
        ax.grid(alpha=0.3)
        ax.set_ylim(0, 1.05 * max(epoch["test"]["crossEntropyError"] for epoch in runs["plain"]))
    axes[0].set_ylabel("crossEntropyError (nats per sequence)")
    axes[-1].legend(loc="upper right")
    draw_bits(bits, list(runs.values())[-1])
    figure.savefig(path, dpi=110)


def draw_bits(ax: Any, history: list[rnn.Epoch]) -> None:
    """What the training set costs to write down: its errors, given the weights, and the weights."""
    epochs = [epoch.epoch for epoch in history]
    for name, style, colour in (
        ("totalBits", "-", "k"),
        ("errorBits", "--", "#0072B2"),
        ("weightBits", ":", "#009E73"),
    ):
        ax.plot(epochs, [epoch["train"][name] / 1000 for epoch in history], style, color=colour, label=name)
    ax.set_title("description length with mdl true")
    ax.set_xlabel("epoch")
    ax.set_ylabel("kilobits, whole training set")
    ax.set_ylim(bottom=0)
    ax.grid(alpha=0.3)
    ax.legend()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        runs = {
            "plain": train(Path(folder), False, 120),
            "with adaptive weight noise (mdl true)": train(Path(folder), True, 120),
        }
    for title, history in runs.items():
        tests = [epoch["test"]["crossEntropyError"] for epoch in history]
        print(
            f"{title}: after {len(history)} epochs training {history[-1]['train']['crossEntropyError']:.2f}, test "
            f"{tests[-1]:.2f}; best test {min(tests):.2f} in epoch {1 + tests.index(min(tests))}"
        )
    first, last = (
        [round(epoch["train"][name]) for name in ("errorBits", "weightBits")] for epoch in (history[0], history[-1])
    )
    print(f"bits of the training set's errors and of the weights: {first} in epoch 1, {last} in the end")
    if len(sys.argv) > 1:
        draw(runs, sys.argv[1])


if __name__ == "__main__":
    main()
