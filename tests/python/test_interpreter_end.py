# SPDX-License-Identifier: Apache-2.0
"""A program that ends while daemon threads are in the engine ends with status 0 and says nothing; sub-interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from compile_cython import compile_module
from tiny import write_data

import rnnlib_py as rnn

PACKAGE = str(Path(rnn.__file__).absolute().parents[1])
TRIES = int(os.environ.get("RNNLIB_CI_END_TRIES", "5"))

# Each is a loop's body on a daemon thread of its own, all at once; two of the engine's threads where it has a choice.
LOOPS = {
    "predict": "network.predict(sequences, threads=2)",
    "evaluate": "network.evaluate(sequences, threads=2)",
    "gradient": "network.gradient(sequences, threads=2)",
    "trace": "network.trace(sequences[0])",
    "check_gradient": "network.check_gradient(small)",
    "set_weights": "network.set_weights(network.weights)",
    "save": "network.save('x.save')",
    "load": "rnn.Network.load('begin.save')",
    "stream": "stream.push(np.zeros((50, 3), 'f4')); stream.push(np.zeros((3, 900), 'f4').T); stream.finish()",
    "train": "rnn.train(config)",
    "callback": "trainer.begin_epoch(40); trainer.train(batch, lambda done, errors: time.sleep(0.001) is None)",
    "dataset": "list(rnn.Dataset.read('train.nc', task='transcription'))",
    "runner": "probe.run_often(runner, flat, sizes, rows)",
}

PROGRAM = """
import sys, threading, time
sys.path.append('.')
import numpy as np
import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.runner import Runner
import runner_probe as probe

random = np.random.default_rng(0)
config = rnn.Config.read('x.config')
network = rnn.Network.load('begin.save')
def sequence(points):
    return rnn.Sequence(random.normal(size=(points, 3)).astype('f4'), np.array([0, 1], dtype='i4'))
sequences, small = [sequence(60) for _ in range(40)], sequence(5)
stream = network.stream()
trainer = _core.Trainer(rnn.Network.load('begin.save').core, config.core, 2)
batch = _core.SequenceBatch()
for s in sequences:
    batch.add(s.inputs, target=s.target)
runner, flat, sizes = Runner(network), sequences[0].inputs, np.array([60])
rows = np.zeros((50, network.predict(sequences[0])[0].outputs.size))

def run_often(code):
    while True:
        exec(code, globals(), {{}})
        counts[code] = counts.get(code, 0) + 1

counts = {{}}
for code in {loops}:
    threading.Thread(target=run_often, args=(code,), daemon=True).start()
while len(counts) < {count} and threading.active_count() > {count}:
    time.sleep(0.01)
time.sleep({wait})
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exit")
    random = np.random.default_rng(1)
    sequences = [
        {"inputs": random.normal(size=(60, 3)).astype(np.float32), "target": ["a", "b"], "tag": str(i)}
        for i in range(40)
    ]
    write_data(folder / "train.nc", sequences, labels=["a", "b"])
    keys = {"task": "transcription", "hiddenSize": "20,10", "bidirectional": False, "randSeed": 1}
    config = rnn.Config({**keys, "trainFile": str(folder / "train.nc"), "totalEpochs": 1, "threads": 2})
    (folder / "x.config").write_text(config.text())
    rnn.Network.build(config, rnn.DataHeader(1, 3, 0, ["a", "b"])).save(folder / "begin.save")
    compile_module(Path(__file__).parent / "support" / "runner_probe.pyx", folder)
    return folder


def end_of(program: str, folder: Path) -> tuple[int, str]:
    """The exit status and what was written to standard error."""
    environment = {**os.environ, "PYTHONPATH": PACKAGE}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr


def test_daemon_threads_end_quietly(folder: Path) -> None:
    random = np.random.default_rng(1)
    loops = list(LOOPS.values())
    for _ in range(TRIES):
        program = PROGRAM.format(loops=loops, count=len(loops), wait=random.uniform(0, 0.1))
        assert end_of(program, folder) == (0, "")


def test_the_engine_may_be_used_while_the_interpreter_ends(folder: Path) -> None:
    """Destructors run in the thread that ends the interpreter: it must not wait for itself."""
    program = """
import os
import numpy as np
import rnnlib_py as rnn
from rnnlib_py import _core
class Last:
    def __init__(self):
        self.core, self.batch, self.write = rnn.Network.load('begin.save').core, _core.SequenceBatch(), os.write
        self.batch.add(np.zeros((5, 3), dtype='f4'))
    def __del__(self):
        self.write(1, b"%d" % len(self.core.predict(self.batch)[0].outputs))
last = Last()
"""
    environment = {**os.environ, "PYTHONPATH": PACKAGE}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, b"5")


def test_sub_interpreters_are_refused(folder: Path) -> None:
    program = """
import importlib
for name in ("_interpreters", "_xxsubinterpreters"):
    try:
        interpreters = importlib.import_module(name)
        break
    except ImportError:
        continue
run = getattr(interpreters, "exec", None) or interpreters.run_string
try:
    excuse = run(interpreters.create(), "import rnnlib_py")
    message = excuse.formatted if excuse is not None else "imported"
except Exception as error:
    message = str(error)
assert "rnnlib_py works in the main interpreter only" in message, message
"""
    if not any(find_spec(name) for name in ("_interpreters", "_xxsubinterpreters")):
        pytest.skip("this Python has no module for sub-interpreters")
    assert end_of(program, folder) == (0, "")
