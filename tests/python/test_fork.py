# SPDX-License-Identifier: Apache-2.0
"""Threads after a fork: parent and child go on with several, and compute the same bits."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tiny import images

import rnnlib_py as rnn

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

SECONDS_TO_HANG = 60  # a child that waits for threads that are not there is ended; one that works takes less than one


@pytest.fixture(autouse=True)
def no_warning_of_python() -> Iterator[None]:
    """Python 3.12 and newer warn about any fork of a process with threads, which is what is tested."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*use of fork", DeprecationWarning)
        yield


@pytest.fixture
def config(tmp_path: Path) -> rnn.Config:
    """Large enough for the engine to start threads: 8 images, updates of 4."""
    rnn.write_netcdf(tmp_path / "train.nc", images(8, 40, 20), ["a", "b", "c"], task="transcription")
    return rnn.Config(
        {
            "task": "transcription",
            "trainFile": str(tmp_path / "train.nc"),
            "hiddenSize": 12,
            "learnRate": 0.01,
            "seqsPerWeightUpdate": 4,
            "totalEpochs": 2,
            "randSeed": 3,
        }
    )


def trained_bits(config: rnn.Config, threads: int = 2) -> bytes:
    """The weights after training, and the outputs."""
    network = rnn.train(config, threads=threads).network
    with rnn.Dataset.read(config["trainFile"], task="transcription") as data:
        outputs = network.predict(data, threads=threads)
    parts = [*network.weights.values(), *(p.outputs for p in outputs)]
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def forked(work: Callable[[], bytes]) -> bytes:
    """What `work` returns in a child of os.fork. Fails when the child hangs or dies."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS_TO_HANG)
        try:
            with os.fdopen(writing, "wb") as out:
                out.write(work())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as results:
        found = results.read()
    _, status = os.waitpid(child, 0)
    assert status == 0, "the child hung or failed"
    return found


def num_os_threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def _put_bits(config_text: str, folder: str, queue: multiprocessing.Queue[bytes]) -> None:
    path = Path(folder, "child.config")
    path.write_text(config_text)
    queue.put(trained_bits(rnn.Config.read(path)))


def test_multiprocessing(config: rnn.Config, tmp_path: Path) -> None:
    expected = trained_bits(config, threads=1)
    assert trained_bits(config) == expected
    context = multiprocessing.get_context("fork")
    for _ in range(2):
        queue = context.Queue()
        child = context.Process(target=_put_bits, args=(config.text(), str(tmp_path), queue))
        child.start()
        try:
            assert queue.get(timeout=SECONDS_TO_HANG) == expected
        finally:
            child.kill()
            child.join()
        assert trained_bits(config) == expected


def test_a_network_of_the_parent(config: rnn.Config) -> None:
    run = rnn.train(config, threads=2)
    data = rnn.Dataset.read(config["trainFile"], task="transcription")

    def outputs() -> bytes:
        return b"".join(p.outputs.tobytes() for p in run.network.predict(data, threads=2))

    expected = outputs()
    assert forked(outputs) == expected
    assert outputs() == expected
    data.close()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="nothing to count threads with")
@pytest.mark.skipif(not rnn.build_info()["threads"], reason="built without threads")
def test_the_child_has_threads(config: rnn.Config) -> None:
    trained_bits(config)

    def count() -> bytes:
        before = num_os_threads()
        trained_bits(config)
        return b"%d" % (num_os_threads() - before)

    assert forked(count) == b"1"


def test_a_thread_forks(config: rnn.Config) -> None:
    expected = trained_bits(config)
    found: list[bytes] = []

    def work() -> None:
        found.append(forked(lambda: trained_bits(config)))  # this thread has had no team yet
        found.append(trained_bits(config))
        found.append(forked(lambda: trained_bits(config)))  # now it has

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [expected] * 3
    assert trained_bits(config) == expected


def test_a_fork_beside_a_thread_that_trains(config: rnn.Config) -> None:
    expected = trained_bits(config)
    found: list[bytes] = []
    done = threading.Event()

    def work() -> None:
        while not done.is_set() or not found:
            found.append(trained_bits(config))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert forked(lambda: trained_bits(config)) == expected
    finally:
        done.set()
        thread.join()
    assert set(found) == {expected}


def test_set_num_threads_is_inherited() -> None:
    rnn.set_num_threads(3)
    try:
        assert forked(lambda: b"%d" % rnn.get_num_threads()) == b"3"
    finally:
        rnn.set_num_threads(None)
