# SPDX-License-Identifier: Apache-2.0
"""A table of line images and their texts: columns separated by tabs, or by commas in a file that ends in .csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.notes import Notes

IMAGE_NAMES = ("file", "image", "path", "file_name", "filename")
TEXT_NAMES = ("text", "transcription", "label", "ground_truth")


def table_items(
    path: Path, folder: Path, notes: Notes, image_column: str | None = None, text_column: str | None = None
) -> Iterator[LineItem]:
    """The lines of a table.

    Parameters
    ----------
    path
        The table. Its first row names the columns.
    folder
        Where the images are that it names.
    notes
        Takes rows that are not complete.
    image_column, text_column
        None: the first that is called `file`, `image` or `path`, and `text` or `transcription`.

    Raises
    ------
    IoError, DataError
        A table that cannot be read or has no rows.
    ConfigError
        Columns that are not there.
    """
    read = read_text_file(path)
    notes.change(str(path), read.changes)
    if not read.text.strip():
        raise DataError(f"{path}: the file is empty, expected a table whose first row names its columns")
    rows = _rows(path, read.text)
    names = [name.strip() for name in next(rows)]
    image = _find(names, image_column, IMAGE_NAMES, "images", path)
    text = _find(names, text_column, TEXT_NAMES, "texts", path)
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            notes.skip(f"{path}, row {number}", f"has {len(row)} columns, expected {len(names)}")
            continue
        columns = dict(zip(names, row, strict=True))
        name = columns[image].strip()
        if not name:
            notes.skip(f"{path}, row {number}", "names no image")
            continue
        yield LineItem(name, columns[text], folder / name, columns=columns)


def _rows(path: Path, text: str) -> Iterator[list[str]]:
    """Tabs separate columns and quotes are letters; commas are as spreadsheets write them."""
    try:
        if path.suffix.lower() == ".csv":
            yield from csv.reader(io.StringIO(text, newline=""), strict=True)
        else:
            yield from (line.split("\t") for line in text.replace("\r\n", "\n").split("\n"))
    except csv.Error as error:
        raise DataError(f"{path}: damaged: {error}") from None


def _find(names: list[str], wanted: str | None, usual: tuple[str, ...], what: str, path: Path) -> str:
    if wanted is not None:
        if wanted not in names:
            raise ConfigError(f"{path}: has no column '{wanted}' (its columns are {', '.join(names)})")
        return wanted
    by_lower = {name.lower(): name for name in reversed(names)}
    found = next((by_lower[name] for name in usual if name in by_lower), None)
    if found is None:
        raise ConfigError(
            f"{path}: which column has the {what}? Expected one called {', '.join(usual)}; its columns are "
            f"{', '.join(names)}"
        )
    return found
