# SPDX-License-Identifier: Apache-2.0
"""Files of tables and series: which there are, in which format, and the sequences in them."""

from __future__ import annotations

import re
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import numpy as np

from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.prepare.named_files import named_files
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.table_frame import Frame, joined
from rnnlib_py.prepare.table_parquet import parquet_columns
from rnnlib_py.prepare.table_shapes import RawTable, Shape, long_frame, looks_wide, wide_frame
from rnnlib_py.prepare.table_ts import read_ts
from rnnlib_py.prepare.text_table import TextTable
from rnnlib_py.system.files import open_to_read

ENDINGS = (".csv", ".tsv", ".parquet", ".ts")
_TEXT_ENDINGS = (*ENDINGS, ".txt", ".tab")
_LONGEST = 2**16  # bytes of a first row that are looked at
_NUMBER = r"[+-]?\d+([.,]\d*)?([eE][+-]?\d+)?"
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class TableReading:
    """How files are to be read.

    Attributes
    ----------
    shape : Shape
        How sequences lie in them; with form "auto" the first file decides.
    delimiter : str or None
        Between columns; None: the one that the first row has most of.
    """

    shape: Shape
    delimiter: str | None = None

    def check(self) -> None:
        """ConfigError for what cannot be."""
        self.shape.check()
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise ConfigError(f"delimiter {self.delimiter!r}: expected a single character, such as ;")


def find_tables(paths: _Seq[Path]) -> dict[Path, str]:
    """Tables and what their sequences are called by (named_files.named_files)."""
    return named_files(paths, ENDINGS, "tables")


def read_tables(
    files: dict[Path, str], reading: TableReading, notes: Notes, progress: TextIO | bool | None = None
) -> tuple[Frame, Shape]:
    """The sequences of all files, and how they lie in them.

    Parameters
    ----------
    files
        File -> what its sequences are called by.
    reading
        How they are to be read.
    notes
        Takes files that cannot be read, and what is odd about others.
    progress
        A stream for a progress bar; True is the standard error, or a bar in a notebook.

    Raises
    ------
    DataError
        No sequence is left, or files with other columns than the first.
    ConfigError
        Columns that are not there; Parquet files without pyarrow.
    """
    frames: list[Frame] = []
    shape = reading.shape
    known: dict[str, Path] = {}
    for path, name in with_progress(list(files.items()), progress, "files"):
        if known.setdefault(name, path) != path:
            notes.skip(str(path), f"its sequences would have the names of those in {known[name]}")
            continue
        try:
            frame, shape = _read(path, name, replace(reading, shape=shape), notes, len(files) > 1)
        except (DataError, IoError) as error:
            notes.skip(str(path), str(error))
            continue
        if len(frame):
            frames.append(frame)
    if not frames:
        raise DataError(notes.nothing_left("sequence"))
    return joined(frames), shape


def _read(path: Path, name: str, reading: TableReading, notes: Notes, are_many: bool) -> tuple[Frame, Shape]:
    shape = reading.shape
    if path.suffix.lower() == ".ts":
        if shape.form not in ("auto", "ts"):
            raise DataError(f"{path}: is a .ts file, which has neither long nor wide form as the other files")
        return read_ts(path, name, notes), replace(shape, form="ts")
    if shape.form == "ts":
        raise DataError(f"{path}: is no .ts file; expected one, as the other files, or those of the network, are")
    is_parquet = path.suffix.lower() == ".parquet"
    table = _parquet(path, name) if is_parquet else _text(path, name, reading.delimiter, notes)
    if shape.form == "auto":
        shape = replace(shape, form="wide" if looks_wide(table, shape) else "long")
    return (wide_frame if shape.form == "wide" else long_frame)(table, shape, notes, are_many), shape


def _parquet(path: Path, name: str) -> RawTable:
    columns = parquet_columns(path)
    rows = len(next(iter(columns.values())))
    return RawTable(str(path), name, columns, np.arange(1, rows + 1))


def _text(path: Path, name: str, delimiter: str | None, notes: Notes) -> RawTable:
    if path.suffix.lower() not in _TEXT_ENDINGS:
        raise DataError(f"{path}: is no table that is known by its ending: expected {', '.join(_TEXT_ENDINGS)}")
    table = TextTable(path, notes, delimiter or _delimiter(path))
    _check_names(path, table.names)
    numbers, rows = [], []
    for number, row in table.rows():
        numbers.append(number)
        rows.append(row)
    if not rows:
        raise DataError(f"{path}: has no rows below that with the names of its columns")
    columns = {name: np.array([row[i] for row in rows], dtype=object) for i, name in enumerate(table.names)}
    if "" in columns:
        notes.change(str(path), ["a column has no name in the first row: it is not used"])
        del columns[""]
    return RawTable(str(path), name, columns, np.array(numbers, np.int64))


def _delimiter(path: Path) -> str:
    """The one that the first row has most of; a comma where it has none."""
    with open_to_read(path, "a table") as file:
        head = file.readline(_LONGEST).decode("utf-8", "replace")
    return max(_DELIMITERS, key=head.count)


def _check_names(path: Path, names: list[str]) -> None:
    double = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if double is not None:
        what = "without a name" if not double else f"called '{double}'"
        raise DataError(f"{path}: has two columns {what}, expected different names in the first row")
    if all(re.fullmatch(_NUMBER, name) for name in names):
        raise DataError(f"{path}: its first row holds numbers ({names[0]}, ...), expected the names of the columns")
