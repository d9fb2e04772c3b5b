# SPDX-License-Identifier: Apache-2.0
"""Python threads that share a network: every call sees one set of weights, whole; what cannot be shared says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.data import batching
from rnnlib_py.data.normalisation import Scale

CONFIG = {"task": "transcription", "hiddenSize": "9,5", "bidirectional": False, "initWeightRange": 1, "threads": 2}
Weights = dict[str, np.ndarray]


def build(seed: int) -> rnn.Network:
    return rnn.Network.build(rnn.Config({**CONFIG, "randSeed": seed}), rnn.DataHeader(1, 3, 0, ["a", "b"]))


def sequences() -> list[rnn.Sequence]:
    random = np.random.default_rng(0)
    return [
        rnn.Sequence(random.normal(size=(n, 3)).astype(np.float32), np.array([0, 1], dtype=np.int32))
        for n in (40, 60, 5)
    ]


@contextmanager
def weights_that_change(network: rnn.Network, sets: list[Weights]) -> Iterator[list[int]]:
    """Another thread sets one after the other; gives how often it has, in a list of one."""
    stop, count = threading.Event(), [0]

    def change() -> None:
        while not stop.is_set():
            network.set_weights(sets[count[0] % 2])
            count[0] += 1

    thread = threading.Thread(target=change)
    thread.start()
    yield count
    stop.set()
    thread.join()


CALLS: dict[str, Callable[[rnn.Network], object]] = {
    "predict": lambda n: [p.outputs.tolist() for p in n.predict(sequences())],
    "evaluate": lambda n: dict(n.evaluate(sequences()).items()),
    "gradient": lambda n: n.gradient(sequences())[0],
    "trace": lambda n: {k: v.tolist() for k, v in n.trace(sequences()[2]).items()},
    "weights": lambda n: {name: w.tolist() for name, w in n.weights.items()},
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_sees_one_set_of_weights(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "MAX_POINTS", 50)  # a call of several batches, too
    networks = [build(1), build(2)]
    expected = [CALLS[name](network) for network in networks]
    assert expected[0] != expected[1]
    network = build(1)
    with weights_that_change(network, [n.weights for n in networks]) as changes:
        for _ in range(30):
            before = changes[0]
            assert CALLS[name](network) in expected
            while changes[0] == before:
                pass


def test_a_normalisation_that_changes_is_seen_whole() -> None:
    """A thread that read the old one while it was replaced used to read memory that was given back."""
    network, values = build(1), sequences()[1].inputs
    scales = [Scale(np.full(3, mean), np.ones(3)) for mean in (0.0, 2.0)]
    expected = []
    for scale in scales:
        network.normalisation = {"inputs": scale}
        expected.append(network.predict(values, raw=True)[0].outputs.tolist())
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for scale in scales:
                network.normalisation = {"inputs": scale}

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(300):
            assert network.predict(values, raw=True)[0].outputs.tolist() in expected
            assert network.stream(raw=True).push(values).outputs.shape == (60, 3)
    finally:
        stop.set()
        thread.join()


def test_threads_that_set_other_connections_lose_nothing() -> None:
    network, goal = build(1), build(2).weights

    def work(name: str) -> None:
        for _ in range(50):
            network.set_weights({name: goal[name] * 0})
            network.set_weights({name: goal[name]})

    threads = [threading.Thread(target=work, args=(name,)) for name in goal]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(weights, goal[name], atol=1e-6) for name, weights in network.weights.items())


def test_a_stream_keeps_its_weights_for_a_sequence() -> None:
    network, other = build(1), build(2)
    values = sequences()[0].inputs
    expected = [n.stream().push(values).outputs for n in (network, other)]
    stream = network.stream()
    first = stream.push(values[:10]).outputs
    network.set_weights(other.weights)
    assert np.array_equal(np.concatenate([first, stream.push(values[10:]).outputs]), expected[0])
    stream.finish()
    assert np.array_equal(stream.push(values).outputs, expected[1])


def refusals(work: Callable[[], object], threads: int = 4) -> set[str]:
    """What threads that do the same say when they meet; at least one does."""
    said: set[str] = set()

    def run() -> None:
        while not said:
            try:
                work()
            except RuntimeError as error:
                said.add(str(error))

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    return said


def test_threads_cannot_share_a_stream() -> None:
    stream = build(1).stream()
    values = np.random.default_rng(0).normal(size=(2000, 3)).astype(np.float32)
    assert refusals(lambda: stream.push(values)) == {"a Stream is used by two threads at once: make one for each"}
    stream.reset()
    assert np.array_equal(stream.push(values).outputs, build(1).stream().push(values).outputs)


def test_threads_cannot_share_a_trainer() -> None:
    network = build(1)
    trainer = _core.Trainer(network.core, network.config.core, 1)
    batch = _core.SequenceBatch()
    for sequence in sequences():
        assert sequence.target is not None
        batch.add(sequence.inputs, target=sequence.target)
    assert refusals(lambda: trainer.train(batch)) == {"a Trainer is used by two threads at once: make one for each"}
    trainer.begin_epoch(3)
    assert trainer.train(batch, lambda done, _: trainer.sequences_done()[0] == done) == 3  # in its callback it may
