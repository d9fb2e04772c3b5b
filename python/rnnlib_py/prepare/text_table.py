# SPDX-License-Identifier: Apache-2.0
"""Tables that people write: columns separated by tabs, or by commas in a file that ends in .csv. The first row names
the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.notes import Notes

FILE_NAMES = ("file", "image", "path", "file_name", "filename")
TEXT_NAMES = ("text", "transcription", "label", "ground_truth")


class TextTable:
    """A table that is read row by row."""

    def __init__(self, path: Path, notes: Notes, delimiter: str | None = None) -> None:
        """Reads the file and its first row.

        Parameters
        ----------
        path
            The table.
        notes
            Takes rows that are not complete.
        delimiter
            Between columns, with quotes as spreadsheets write them; None: a comma in a file that ends in .csv, else a
            tab, without quotes.

        Raises
        ------
        IoError, DataError
            A table that cannot be read or is empty.
        """
        read = read_text_file(path)
        notes.change(str(path), read.changes)
        if not read.text.strip():
            raise DataError(f"{path}: the file is empty, expected a table whose first row names its columns")
        self._path, self._notes = path, notes
        self._rows = _rows(path, read.text, delimiter)
        self.names = [name.strip() for name in next(self._rows)]

    def find(self, wanted: str | None, usual: tuple[str, ...], what: str) -> str:
        """The column of that name, else the first with a usual one. ConfigError when there is none."""
        if wanted is not None:
            if wanted not in self.names:
                raise ConfigError(f"{self._path}: has no column '{wanted}' (its columns are {', '.join(self.names)})")
            return wanted
        found = self.find_usual(usual)
        if found is None:
            raise ConfigError(
                f"{self._path}: which column has the {what}? Expected one called {', '.join(usual)}; its columns are "
                f"{', '.join(self.names)}"
            )
        return found

    def find_usual(self, usual: tuple[str, ...]) -> str | None:
        """The first of the usual names that a column has, in large or small letters."""
        by_lower = {name.lower(): name for name in reversed(self.names)}
        return next((by_lower[name] for name in usual if name in by_lower), None)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number, from 2 on, and cells of each row that is not empty; rows of another length are left out. Raises
        DataError."""
        for number, row in enumerate(self._rows, 2):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(self.names):
                self._notes.skip(f"{self._path}, row {number}", f"has {len(row)} columns, expected {len(self.names)}")
                continue
            yield number, row


def _rows(path: Path, text: str, delimiter: str | None) -> Iterator[list[str]]:
    """Tabs separate columns and quotes are letters; commas are as spreadsheets write them."""
    try:
        if delimiter is not None or path.suffix.lower() == ".csv":
            yield from csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter or ",")
        else:
            yield from (line.split("\t") for line in text.replace("\r\n", "\n").split("\n"))
    except csv.Error as error:
        raise DataError(f"{path}: damaged: {error}") from None
