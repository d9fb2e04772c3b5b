# SPDX-License-Identifier: Apache-2.0
"""Mutated data files, tried at every door that reads one.

`python tests/python/support/netcdf_fuzz.py 5000 [FIRST]` tries many.
Each number stands for one mutated file, the same on every machine with the same netCDF library. Files are tried in
child processes, since the netCDF and HDF5 libraries themselves may crash on hostile netCDF-4 files.
"""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.data.tasks import TASKS
from rnnlib_py.inspect.dump_netcdf import write_netcdf_dump
from rnnlib_py.inspect.dump_npz import write_npz_dump
from rnnlib_py.inspect.info import info

FORMATS = ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA", "NETCDF4_CLASSIC", "NETCDF4"]
NUMBERS = [0, 1, -1, 2, 127, 2**15, 2**31 - 1, -(2**31), 2**32 - 1, 2**36, 2**40, 2**62, 2**63 - 1, -(2**63)]
MEMORY = 6 * 2**30  # of address space a child may use
SECONDS = 120  # a child may take for one file


def make_bases(folder: Path) -> list[Path]:
    """Small files of every format and task, with text, importance, packed numbers and missing values."""
    from raw_netcdf import BY_TASK

    bases = []
    for variant in FORMATS:
        for task, make in BY_TASK.items():
            raw = make()
            raw.set("wordTargetStrings", "S1", ("numSeqs", "wordLength"), np.full((3, 4), b"w", "S1"))
            raw.set("importance", "f4", ("numTimesteps",), np.ones(12))
            raw.set("inputMeans", "f4", ("inputPattSize",), np.zeros(2))
            if task == "transcription" and variant == "NETCDF4":
                for name, texts in (("labels", ["a", "b", "c"]), ("targetStrings", ["a b", "c", "b a"])):
                    raw.set(name, "str", (raw.variables[name][1][0],), np.array(texts, dtype=object))
            path = raw.write(folder / f"{task}.{variant}.nc", variant)
            _pack(path)
            bases.append(path)
    for task in ("classification", "regression"):
        target: Any = [0, 1, 1, 0] * 16 if task == "classification" else np.ones((64, 2))
        path = folder / f"{task}.zlib.nc"
        sequences = [(np.random.default_rng(i).normal(size=(64, 3)), target) for i in range(4)]
        rnn.write_netcdf(path, sequences, task=task, compression=True)
        bases.append(path)
    variables, labels = (
        {"output_activations": np.ones((5, 2)), "input_errors": np.zeros((5, 3))},
        {"output": ["a", "b"]},
    )
    bases.append(write_netcdf_dump(folder / "dump.zlib.nc", variables, labels, "tag"))
    bases.append(write_npz_dump(folder / "dump.npz.nc", variables, labels, "tag"))
    return sorted(bases)


def _pack(path: Path) -> None:
    import netCDF4

    with netCDF4.Dataset(path, "a") as file:
        file["inputs"].setncatts({"scale_factor": 0.5, "valid_range": np.array([-1e9, 1e9], "f4"), "units": "V"})
        file.setncattr("history", "made for a test")


def mutate(content: bytes, number: int) -> bytes:
    """One to four changes: bits, numbers such as a count, pieces that are cut off, taken out, put in or doubled."""
    rng = random.Random(number)
    data = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        size = len(data)
        if size < 16:
            break
        at = rng.randrange(size) if rng.random() < 0.5 else rng.randrange(min(size, 700))
        kind = rng.choice(["bit", "bit", "byte", "number", "number", "number", "cut", "remove", "insert", "copy"])
        if kind == "bit":
            data[at] ^= 1 << rng.randrange(8)
        elif kind == "byte":
            data[at] = rng.choice([0, 1, 10, 11, 12, 127, 128, 255])
        elif kind == "number":
            length = rng.choice([4, 8])
            order = "big" if content[:3] == b"CDF" else "little"
            value = rng.choice(NUMBERS) % 2 ** (8 * length)
            at -= at % 4
            data[at : at + length] = value.to_bytes(length, order)
        elif kind == "cut":
            del data[at:]
        elif kind == "remove":
            del data[at : at + rng.choice([1, 4, 8, 64])]
        elif kind == "insert":
            data[at:at] = rng.randbytes(rng.choice([1, 4, 8, 64]))
        else:
            start = rng.randrange(size)
            piece = data[start : start + rng.choice([4, 8, 64])]
            data[at : at + len(piece)] = piece
    return bytes(data)


def doors(path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Everything that reads a data file, by name."""
    folder = path.parent

    def read_all(task: str, budget: int) -> None:
        with rnn.Dataset.read(path, task=task, budget_bytes=budget) as data:
            for i in range(min(len(data), 50)):
                _ = data[i], data.name(i)

    for task in TASKS:
        yield f"read {task}", lambda task=task: read_all(task, 0)
        yield f"load {task}", lambda task=task: read_all(task, 2**30)
    yield "info", lambda: info(path)
    yield "statistics", lambda: rnn.file_statistics(path)
    yield "merge", lambda: rnn.merge(folder / "merged.nc", [path, path])
    yield "split", lambda: rnn.split(path, [0.5, 0.5], [folder / "a.nc", folder / "b.nc"])

    def normalise_copy() -> None:
        copy = folder / "copy.nc"
        copy.write_bytes(path.read_bytes())
        rnn.normalise([copy])

    yield "normalise", normalise_copy
    yield "dump", lambda: rnn.read_dump(path)


def try_numbers(bases: list[Path], numbers: Iterator[int], folder: Path) -> None:
    """In a child: prints each number before it is tried, and what came out that is no error of rnnlib_py."""
    warnings.simplefilter("ignore")
    contents = [base.read_bytes() for base in bases]
    path = folder / "mutated.nc"
    for number in numbers:
        print(f"try {number}", flush=True)
        path.write_bytes(mutate(contents[number % len(contents)], number))
        for door, use in doors(path):
            try:
                use()
            except rnn.Error:
                pass
            except BaseException as error:
                print(f"wrong {number} {door}: {type(error).__name__}: {error}".replace("\n", " "), flush=True)


def _limit_memory() -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):  # not every system lets it be limited
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass
class Found:
    """`wrong`: errors that are not of rnnlib_py; also crashes and hangs, but those of netCDF-4 files are `crashes`."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def fuzz(count: int, first: int = 0) -> Found:
    """Tries the mutations first to first + count - 1."""
    found = Found()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bases = make_bases(folder)
        number, end = first, first + count
        while number < end:
            command = [sys.executable, __file__, "--child", name, str(number), str(end)]
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=_limit_memory
            )
            last, status = _follow(process, found)
            if status == 0:
                break
            base = bases[last % len(bases)].name
            kind = found.crashes if "NETCDF4" in base or "zlib" in base else found.wrong
            kind.append(f"{last} ({base}): the process ended with status {status}")
            number = last + 1
    return found


def _follow(process: subprocess.Popen[str], found: Found) -> tuple[int, int | str]:
    """The last number that was tried, and the child's status ("hang" when it had to be ended)."""
    from threading import Timer

    assert process.stdout is not None
    last, hung = -1, False

    def end() -> None:
        nonlocal hung
        hung = True
        process.kill()

    timer = Timer(SECONDS, end)
    timer.start()
    for line in process.stdout:
        timer.cancel()
        timer = Timer(SECONDS, end)
        timer.start()
        if line.startswith("try "):
            last = int(line.split()[1])
            found.tried += 1
        else:
            found.wrong.append(line.strip())
    timer.cancel()
    status = process.wait()
    return last, "hang" if hung else status


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--child"]:
        folder = Path(arguments[1])
        child = Path(tempfile.mkdtemp(dir=folder))
        bases = sorted(folder.glob("*.nc"))
        try_numbers(bases, iter(range(int(arguments[2]), int(arguments[3]))), child)
        return 0
    found = fuzz(int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0)
    print("\n".join([*found.wrong, *(f"(the library) {crash}" for crash in found.crashes)]))
    print(f"{found.tried} files: {len(found.wrong)} wrong, {len(found.crashes)} crashes of the HDF5 library")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
