# SPDX-License-Identifier: Apache-2.0
"""A process in which another package brings an OpenMP library of its own: both work, whichever is imported first.

A library that is loaded earlier may also serve the engine's calls, so each order is tried in a process of its own.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import images, write_config, write_data

import rnnlib_py as rnn

SECONDS = 120  # a process that hangs is ended

# Work with several threads of the other package; `before` and `after` must be equal.
WORK = {
    "torch": """
import torch
torch.set_num_threads(2)
def other():
    x = torch.linspace(0, 1, 300 * 300).reshape(300, 300)
    return float((x @ x).sum()), torch.get_num_threads()
""",
    "sklearn": """
import numpy as np
from sklearn.cluster import KMeans
def other():
    x = np.random.default_rng(0).normal(size=(5000, 8))
    return float(KMeans(8, n_init=1, random_state=0).fit(x).inertia_)
""",
}

OURS = """
import rnnlib_py as rnn
def ours(threads=2):
    network = rnn.train("x.config", threads=threads).network
    return b"".join(network.weights[name].tobytes() for name in network.weights)
"""

BOTH = """
import os, sys
before, first = other(), ours()
assert first == ours(threads=1), "other bits with two threads"
assert other() == before and ours() == first, "other results the second time"
if {fork}:
    child = os.fork()
    if child == 0:
        os._exit(0 if ours() == first else 1)
    assert os.waitpid(child, 0)[1] == 0, "the child failed"
    assert other() == before and ours() == first, "other results after the fork"
print("good")
"""


@pytest.mark.parametrize("fork", [False, True], ids=["", "fork"])
@pytest.mark.parametrize("first", ["ours", "other"])
@pytest.mark.parametrize("package", list(WORK))
def test_both_work(package: str, first: str, fork: bool, tmp_path: Path) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    if fork and not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    write_data(tmp_path / "train.nc", images(8, 40, 20))
    write_config(tmp_path / "x.config", hiddenSize=12, seqsPerWeightUpdate=4, threads=None)
    parts = [OURS, WORK[package]] if first == "ours" else [WORK[package], OURS]
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "\n".join([*parts, BOTH.format(fork=fork)])],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout) == (0, "good\n"), done.stderr
