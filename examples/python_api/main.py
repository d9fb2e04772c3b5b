# SPDX-License-Identifier: Apache-2.0
"""The Python interface from data to a saved network: a signal of pulses is written down as a list of their names."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import rnnlib_py as rnn

PULSES = {"up": [0.5, 1, 0.5], "down": [-0.5, -1, -0.5], "swing": [1, 0, -1]}
TASK = "transcription"


def signals(count: int, seed: int) -> Iterator[dict[str, object]]:
    """Noisy signals of 2 to 5 pulses. The target names them in order, not where they are."""
    rng = np.random.default_rng(seed)
    for i in range(count):
        names = [str(name) for name in rng.choice(list(PULSES), size=rng.integers(2, 6))]
        signal = np.concatenate([np.pad(PULSES[name], rng.integers(1, 4)) for name in names])
        noisy = signal + rng.normal(0, 0.1, len(signal))
        yield {"inputs": noisy[:, np.newaxis], "target": names, "tag": f"signal {i}"}  # inputs: (points, 1)


def show(run: rnn.Run) -> bool:
    """Called after every epoch; returning False ends the training."""
    epoch = run.history[-1]
    print(f"epoch {run.epoch}: label error {epoch['train']['labelError']:.1%}")
    return epoch["train"]["labelError"] > 0.01


def main(folder: Path) -> None:
    for name, count in (("train", 300), ("test", 100)):
        rnn.write_netcdf(folder / f"{name}.nc", signals(count, seed=count), list(PULSES), task=TASK, compression=True)

    config = rnn.Config(
        task=TASK,
        trainFile=str(folder / "train.nc"),
        hiddenSize=10,
        optimiser="adam",
        learnRate=0.01,
        seqsPerWeightUpdate=5,
        totalEpochs=20,
        randSeed=1,
    )
    report = rnn.check(config)  # what training would meet: sizes, memory, targets that do not fit
    print(report)

    network = rnn.train(config, on_epoch=show).network

    network.save(folder / "pulses.save")
    network = rnn.Network.load(folder / "pulses.save")
    with rnn.Dataset.read(folder / "test.nc", task=TASK) as test:
        print(f"test: label error {network.evaluate(test)['labelError']:.1%}")
        prediction = network.predict(test[0])[0]
        print("target:", *(test.header.labels[k] for k in test[0].target))
        print("output:", *prediction.labels)
        # A row per point: the probabilities of the labels, then of blank. A label is read where it becomes the best.
        best = prediction.outputs.argmax(axis=1)
        changes = np.flatnonzero(np.diff(best, prepend=len(PULSES)))
        print("read at points:", *(int(point) for point in changes if best[point] < len(PULSES)))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary))
