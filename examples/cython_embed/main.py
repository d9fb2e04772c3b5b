# SPDX-License-Identifier: Apache-2.0
"""Trains a small network in Python and uses it from compiled code, in two threads."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from pulse_reader import read_all

import rnnlib_py as rnn
from rnnlib_py.runner import Runner

PULSES = {"up": [0.5, 1, 0.5], "down": [-0.5, -1, -0.5], "swing": [1, 0, -1]}


def make_signals(count: int, seed: int) -> tuple[list[np.ndarray], list[list[str]]]:
    """Signals (points, 1) of 2 to 5 noisy pulses, and the names of these."""
    rng = np.random.default_rng(seed)
    targets = [[str(name) for name in rng.choice(list(PULSES), size=rng.integers(2, 6))] for _ in range(count)]
    clean = [np.concatenate([np.pad(PULSES[n], rng.integers(1, 4)) for n in names]) for names in targets]
    return [(c + rng.normal(0, 0.1, len(c)))[:, np.newaxis].astype(np.float32) for c in clean], targets


def train(folder: Path) -> rnn.Network:
    pairs = zip(*make_signals(300, seed=1), strict=True)
    rnn.write_netcdf(folder / "train.nc", pairs, list(PULSES), task="transcription")
    config = rnn.Config(
        task="transcription",
        trainFile=str(folder / "train.nc"),
        hiddenSize=10,
        optimiser="adam",
        learnRate=0.01,
        seqsPerWeightUpdate=5,
        totalEpochs=12,
        randSeed=1,
    )
    return rnn.train(config).network


def main(network: rnn.Network) -> None:
    signals, targets = make_signals(4000, seed=2)
    points = np.concatenate(signals)
    ends = np.cumsum([len(signal) for signal in signals])

    start = time.perf_counter()
    labels, label_ends = read_all(Runner(network), points, ends)
    print(f"one thread:  {len(signals)} signals in {time.perf_counter() - start:.3f} s")

    names = np.array(network.header.labels)
    read = [list(names[part]) for part in np.split(labels, label_ends[:-1])]
    print(f"read without a mistake: {np.mean([a == b for a, b in zip(read, targets, strict=True)]):.1%}")

    half = len(signals) // 2
    parts = [(points[: ends[half - 1]], ends[:half]), (points[ends[half - 1] :], ends[half:] - ends[half - 1])]
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:  # a Runner for each, of the same network
        found = list(pool.map(lambda part: read_all(Runner(network), *part)[0], parts))
    print(f"two threads: {len(signals)} signals in {time.perf_counter() - start:.3f} s")
    assert np.array_equal(np.concatenate(found), labels)

    start = time.perf_counter()
    predictions = network.predict([rnn.Sequence(signal, None) for signal in signals], threads=1)
    print(f"Network.predict, all at once: {time.perf_counter() - start:.3f} s")
    assert [p.labels for p in predictions] == read


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        trained = train(Path(temporary))
    main(trained)
