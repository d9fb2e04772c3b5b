# SPDX-License-Identifier: Apache-2.0
"""Statistics of a data file: sizes of its sequences, and every variable of numbers column by column."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.column_statistics import ColumnStatistics, ColumnSums
from rnnlib_py.data.netcdf.library import is_numeric
from rnnlib_py.data.text import text_rows
from rnnlib_py.data.tools.netcdf_copy import chunks, numbers, open_raw
from rnnlib_py.data.tools.sequence_rows import SequenceRows

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True, eq=False)
class FileStatistics:
    """What file_statistics() found.

    Attributes
    ----------
    path : str
    num_points : ndarray
        int64 [sequences], input points of each.
    columns : dict
        Variable -> statistics of its columns, for variables of numbers with a row per point, target point or sequence.
    target_labels : ndarray or None
        int64 [sequences], words in targetStrings; None where there are none.
    """

    path: str
    num_points: NDArray[np.int64]
    columns: dict[str, ColumnStatistics]
    target_labels: NDArray[np.int64] | None

    def quantiles(self, numbers: NDArray[np.int64]) -> list[float]:
        """At QUANTILES."""
        return [float(q) for q in np.quantile(numbers, QUANTILES)]


def file_statistics(path: str | os.PathLike[str]) -> FileStatistics:
    """Sizes of a data file's sequences, and statistics of every variable of numbers.

    Parameters
    ----------
    path
        Read once, in chunks. NaN, infinite and missing numbers are counted.

    Raises
    ------
    IoError, FormatError, DataError
        What cannot be read, or is no data file.
    """
    rows = SequenceRows(Path(path))
    columns: dict[str, ColumnStatistics] = {}
    labels: NDArray[np.int64] | None = None
    with open_raw(Path(path)) as file:
        for name, variable in file.variables.items():
            if rows.offsets(variable) is None:
                continue
            if name == "targetStrings" and (variable.dtype, variable.ndim) in ((str, 1), ("S1", 2)):
                counts = [_count_words(text_rows(variable[chunk])) for chunk in chunks(variable)]
                labels = np.concatenate(counts)
            elif is_numeric(variable.dtype) and variable.ndim <= 2:
                sums = ColumnSums(variable.shape[1] if variable.ndim == 2 else 1)
                for _, block in numbers(variable, Path(path)):
                    sums.add(np.ma.filled(block.astype(np.float64), np.nan))
                columns[name] = sums.result()
    return FileStatistics(os.fspath(path), np.diff(rows.points), columns, labels)


def _count_words(rows: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Words per row; a NUL ends a row."""
    ended = np.maximum.accumulate(rows == 0, axis=1)
    blank = (rows == ord(" ")) | (rows == ord("\t")) | (rows == ord("\n")) | ended
    before = np.concatenate([np.ones((len(rows), 1), dtype=bool), blank[:, :-1]], axis=1)
    counts: NDArray[np.int64] = (~blank & before).sum(axis=1, dtype=np.int64)
    return counts
