# SPDX-License-Identifier: Apache-2.0
"""A table of line images and their texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.text_table import FILE_NAMES, TEXT_NAMES, TextTable


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
    table = TextTable(path, notes)
    image = table.find(image_column, FILE_NAMES, "images")
    text = table.find(text_column, TEXT_NAMES, "texts")
    for number, row in table.rows():
        columns = dict(zip(table.names, row, strict=True))
        name = columns[image].strip()
        if not name:
            notes.skip(f"{path}, row {number}", "names no image")
            continue
        yield LineItem(name, columns[text], folder / name, columns=columns)
