# SPDX-License-Identifier: Apache-2.0
"""Writes what was prepared of recordings, pen strokes or tables into data files, one for each set of the split."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as _Seq
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.netcdf.spool import spooled
from rnnlib_py.data.netcdf.writer import FileForm, write_file
from rnnlib_py.data.sequence import Sequence


def collected(sequences: Iterator[Sequence], folder: Path) -> AbstractContextManager[list[Sequence]]:
    """All sequences, with float32 inputs, taken from the iterator one by one.

    What their inputs take beyond 64 MiB waits in a temporary file in `folder` until the context is left.
    """
    return spooled(sequences, lambda sequence, _: np.asarray(sequence.inputs, np.float32), folder, are_kept=False)


def write_sets(
    sequences: _Seq[Sequence],
    parts: dict[str, list[int]],
    files: dict[str, Path],
    labels: _Seq[str] | None,
    form: FileForm,
    normalise: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None = None,
) -> None:
    """Writes each set into its file.

    Parameters
    ----------
    sequences
        All of them.
    parts
        The numbers of the sequences of each set (SplitOptions.deal).
    files
        The file of each set (SplitOptions.files).
    labels
        The label names of all files; None for tasks without labels.
    form
        Task and recipe; targets of transcriptions are lists of labels.
    normalise
        What becomes of a sequence's inputs at last, when the whole training set is known.

    Raises
    ------
    DataError
        A sequence that does not fit the task.
    IoError
        What cannot be written.
    """
    for name, path in files.items():
        chosen = [sequences[i] for i in parts[name]]
        made = chosen if normalise is None else (_normalised(sequence, normalise) for sequence in chosen)
        write_file(path, made, labels, form)


def _normalised(sequence: Sequence, normalise: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> Sequence:
    return replace(sequence, inputs=normalise(sequence.inputs))
