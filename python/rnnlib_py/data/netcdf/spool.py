# SPDX-License-Identifier: Apache-2.0
"""Sequences on their way into a file: what their inputs take beyond some memory waits in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import IoError
from rnnlib_py.data.sequence import Sequence

IN_MEMORY = 2**26  # bytes of inputs that are kept in memory


@contextmanager
def spooled(
    sequences: Iterator[Sequence],
    convert: Callable[[Sequence, int], NDArray[np.float32]],
    folder: Path,
    are_kept: bool,
) -> Iterator[list[Sequence]]:
    """All sequences with their inputs as `convert` makes them of a sequence and its number, one by one, so that what an
    iterator hands out need not stay. `are_kept`: the caller holds the sequences anyway, so that inputs which are
    float32 arrays already stay where they are.

    Beyond IN_MEMORY bytes, converted inputs are parts of a temporary file in `folder` that memory maps: the system
    keeps of it in memory what fits. It is gone when the context is left. IoError when it cannot be written.
    """
    kept: list[Sequence] = []
    waiting: list[tuple[int, tuple[int, ...], int]] = []  # number, shape, offset in the file, in numbers
    in_memory = offset = 0
    try:
        with tempfile.TemporaryFile(dir=folder if folder.is_dir() else None) as file:
            for number, sequence in enumerate(sequences):
                inputs = convert(sequence, number)
                is_copy = inputs is not sequence.inputs or not are_kept
                if is_copy and in_memory + inputs.nbytes > IN_MEMORY:
                    file.write(np.ascontiguousarray(inputs).data)
                    waiting.append((number, inputs.shape, offset))
                    offset += inputs.size
                    inputs = np.zeros(0, dtype=np.float32)
                elif is_copy:
                    in_memory += inputs.nbytes
                kept.append(replace(sequence, inputs=inputs))
            file.flush()
            everything = np.memmap(file, dtype=np.float32, mode="r", shape=(offset,)) if offset else None
            for number, shape, start in waiting:
                assert everything is not None
                kept[number].inputs = np.asarray(everything[start : start + int(np.prod(shape))]).reshape(shape)
            yield kept
    except OSError as error:
        if isinstance(error, IoError):
            raise
        raise IoError(f"{folder}: a temporary file cannot be written: {error.strerror or error}") from error
