# SPDX-License-Identifier: Apache-2.0
"""Checks an installation: `python -m rnnlib_py.selftest`. A line per check; exit status 1 when one fails.

Everything that can differ from machine to machine is tried on data small enough for some seconds: files, training in
one and two dimensions against recorded numbers, gradients, saves, threads, and every build that this processor can run.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.data.netcdf.library import library_version

LABELS = ["a", "b", "c"]
SETTINGS = {"task": "transcription", "hiddenSize": 5, "learnRate": 0.01, "optimiser": "adam", "randSeed": 11}
SETTINGS |= {"seqsPerWeightUpdate": 4, "totalEpochs": 3}
FORMATS: list[Literal["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"]]
FORMATS = ["NETCDF4", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET"]
# Files beside the compiled modules: for type checkers and for Cython.
FILES = ["py.typed", "_core.pyi", "_cpu.pyi", "_labels.pyi", "runner.pyi", "__init__.pxd", "runner.pxd"]

# ctcError of every epoch while training, in double precision. They must hold for every build on every machine.
RECORDED = {
    "1D": [29.79320020235789, 29.36739427219171, 28.784930930293164],
    "2D": [12.231529779141939, 4.385033449744294, 5.675034387858581],
}
TOLERANCE = 1e-8


class FailedError(Exception):
    """What a check found instead of what it expected."""


def expect(good: bool, text: str) -> None:
    if not good:
        raise FailedError(text)


def sequences(shape: tuple[int, ...], count: int = 8) -> Iterator[dict[str, Any]]:
    """Patterns of whole numbers from 0 to 16, divided by 8: the same bits everywhere."""
    state = 1
    for i in range(count):
        numbers = np.empty((*shape, 1), dtype=np.float32)
        for place in np.ndindex(*shape):
            state = (state * 1103515245 + 12345) % (1 << 31)
            numbers[place] = (state >> 16) % 17 / 8 - 1
        yield {"inputs": numbers, "target": [LABELS[(i + j) % 3] for j in range(2 + i % 2)], "tag": f"seq{i}"}


class SelfTest:
    """The checks, in the order they run. Each returns what to print and raises what is wrong."""

    def __init__(self, folder: Path, this_build_only: bool) -> None:
        self.folder = folder
        self.checks: dict[str, Callable[[], str]] = {
            "versions": self.versions,
            "files": self.files,
            "data": self.data,
            "training 1D": lambda: self.training("1D", (30,)),
            "training 2D": lambda: self.training("2D", (20, 12)),
            "gradient": self.gradient,
            "save": self.save,
            "threads": self.threads,
        }
        if not this_build_only:
            for isa in self.other_builds():
                self.checks[f"build {isa}"] = lambda isa=isa: self.build(isa)  # type: ignore[misc]

    def config(self, name: str, **more: object) -> rnn.Config:
        return rnn.Config({**SETTINGS, "trainFile": str(self.folder / f"{name}.nc"), "precision": "double", **more})

    def write(self, name: str, shape: tuple[int, ...]) -> None:
        rnn.write_netcdf(self.folder / f"{name}.nc", sequences(shape), LABELS, task="transcription")

    @staticmethod
    def other_builds() -> list[str]:
        info = rnn.build_info()
        return [isa for isa in info["isas"] if isa in info["supported"] and isa != info["isa"]]

    @staticmethod
    def versions() -> str:
        try:
            installed = importlib.metadata.version("rnnlib-py")
        except importlib.metadata.PackageNotFoundError:
            raise FailedError("Python finds rnnlib_py, but no installed distribution rnnlib-py") from None
        expect(installed == rnn.__version__, f"the engine is {rnn.__version__}, the package {installed}")
        info = rnn.build_info()
        return (
            f"rnnlib-py {installed}, {info['isa']} of {', '.join(info['isas'])}, "
            f"{'threads' if info['threads'] else 'one thread only'}, {info['compiler']}, Eigen {info['eigen']}; "
            f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, NumPy {np.__version__}, "
            f"netCDF4 {library_version()}"
        )

    @staticmethod
    def files() -> str:
        missing = [name for name in FILES if not any(Path(path, name).is_file() for path in rnn.__path__)]
        expect(not missing, f"the package lacks {', '.join(missing)}")
        importlib.import_module("rnnlib_py.runner")  # raises where it and the engine do not belong together
        return f"{', '.join(FILES)} and the module for Cython are there"

    def data(self) -> str:
        """What is written to a netCDF file comes back bit for bit."""
        for kind in FORMATS:
            path = self.folder / f"{kind}.nc"
            written = list(sequences((6, 4)))
            rnn.write_netcdf(path, written, LABELS, task="transcription", format=kind)
            with rnn.Dataset.read(path, task="transcription") as read:
                expect(len(read) == len(written), f"{kind}: {len(read)} of {len(written)} sequences came back")
                for i, sequence in enumerate(written):
                    expect(np.array_equal(read[i].inputs, sequence["inputs"]), f"{kind}: other inputs in {read[i].tag}")
                    expect(read[i].tag == sequence["tag"], f"{kind}: tag {read[i].tag!r}, not {sequence['tag']!r}")
                    target = read[i].target_classes
                    names = [] if target is None else [read.header.labels[k] for k in target]
                    expect(names == sequence["target"], f"{kind}: target {names}, not {sequence['target']}")
        return f"{', '.join(FORMATS)} are read as written"

    def training(self, name: str, shape: tuple[int, ...]) -> str:
        """The errors of the first epochs against the recorded ones."""
        self.write(name, shape)
        found = [epoch["train"]["ctcError"] for epoch in rnn.train(self.config(name)).history]
        expected = RECORDED[name]
        expect(
            len(found) == len(expected) and np.allclose(found, expected, rtol=TOLERANCE, atol=0),
            f"ctcError {found}, recorded were {expected}",
        )
        return f"ctcError {found[0]:.6f} to {found[-1]:.6f}, as recorded"

    def gradient(self) -> str:
        worst = 0.0
        for name in RECORDED:
            with rnn.Dataset.read(self.config(name)["trainFile"], task="transcription") as data:
                check = rnn.Network.build(self.config(name, hiddenSize=2), data.header).check_gradient(data[0])
            expect(bool(check), f"{name}: {check}")
            worst = max(worst, *(c.largest_difference for c in check.connections))
        return f"exact and by differences, largest relative difference {worst:.1g}"

    def save(self) -> str:
        path = self.folder / "network.save"
        network = rnn.train(self.config("2D", precision="float", totalEpochs=1)).network
        network.save(path)
        with rnn.Dataset.read(self.config("2D")["trainFile"], task="transcription") as data:
            pairs = zip(network.predict(data), rnn.Network.load(path).predict(data), strict=True)
            different = [a.tag for a, b in pairs if not np.array_equal(a.outputs, b.outputs)]
        expect(not different, f"other outputs after saving and loading: {', '.join(different)}")
        return "the same outputs after saving and loading, bit for bit"

    def threads(self) -> str:
        """Images large enough for the engine to start threads."""
        self.write("large", (40, 20))
        config = self.config("large", precision="float", hiddenSize=12, totalEpochs=1)
        one, two = (rnn.train(config, threads=threads).network.weights for threads in (1, 2))
        different = [name for name in one if not np.array_equal(one[name], two[name])]
        expect(not different, f"other weights with two threads than with one: {', '.join(different)}")
        return "two give the same weights as one, bit for bit"

    @staticmethod
    def build(isa: str) -> str:
        """The same checks in a process with another of the engine's builds."""
        command = [sys.executable, "-m", "rnnlib_py.selftest", "--this-build"]
        environment = {**os.environ, "RNNLIB_ISA": isa, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        wrong = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        detail = "; ".join(wrong) or done.stderr.strip()[-500:]
        expect(done.returncode == 0, f"exit status {done.returncode}: {detail}")
        return "all of the above"

    def run(self) -> list[str]:
        """Runs every check, prints a line for each, and returns the names of those that failed."""
        failed = []
        for name, check in self.checks.items():
            try:
                print(f"ok      {name}: {check()}", flush=True)
            except Exception as error:  # whatever it is, the other checks are still worth running
                failed.append(name)
                kind = "" if isinstance(error, FailedError) else f"{type(error).__name__}: "
                print(f"FAILED  {name}: {kind}{error}", flush=True)
        return failed


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 when every check passed, else 1."""
    parser = argparse.ArgumentParser(prog="python -m rnnlib_py.selftest", description="Checks this installation.")
    parser.add_argument("--this-build", action="store_true", help="only the engine's build that is loaded")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="rnnlib_selftest_") as folder:
        test = SelfTest(Path(folder), options.this_build)
        failed = test.run()
    seconds = time.perf_counter() - start
    if failed:
        print(f"selftest: {len(failed)} of {len(test.checks)} checks FAILED: {', '.join(failed)} ({seconds:.1f} s)")
        return 1
    print(f"selftest: all {len(test.checks)} checks passed ({seconds:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
