# SPDX-License-Identifier: Apache-2.0
"""A table of recordings, or parts of them, and what is said there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py.prepare.audio_items import AudioItem
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.text_table import TextTable

AUDIO_NAMES = ("file", "audio", "path", "wav", "sound", "file_name", "filename", "audio_file")
TEXT_NAMES = ("text", "transcription", "transcript", "sentence", "label", "class")
START_NAMES = ("start", "start_time", "begin")
END_NAMES = ("end", "end_time")


@dataclass(frozen=True)
class AudioColumns:
    """The names of a table's columns; None: the first with a usual name. Start and end need not be there."""

    audio: str | None = None
    text: str | None = None
    start: str | None = None
    end: str | None = None


def table_items(path: Path, folder: Path, notes: Notes, columns: AudioColumns) -> Iterator[AudioItem]:
    """The recordings of a table.

    Parameters
    ----------
    path
        The table. Its first row names the columns.
    folder
        Where the recordings are that it names.
    notes
        Takes rows that are not complete.
    columns
        Which hold what. Start and end are seconds; rows that have them are called by the file and both.

    Raises
    ------
    IoError, DataError
        A table that cannot be read.
    ConfigError
        Columns that are not there.
    """
    table = TextTable(path, notes)
    audio = table.find(columns.audio, AUDIO_NAMES, "recordings")
    text = table.find(columns.text, TEXT_NAMES, "texts")
    start, end = _optional(table, columns.start, START_NAMES), _optional(table, columns.end, END_NAMES)
    for number, cells in table.rows():
        row = dict(zip(table.names, cells, strict=True))
        where, name = f"{path}, row {number}", row[audio].strip()
        if not name:
            notes.skip(where, "names no recording")
            continue
        begins, ends = (row[column].strip() if column else "" for column in (start, end))
        first, last = _seconds(begins, 0.0), _seconds(ends, None)
        if first is None or (ends and last is None) or (last is not None and last <= first):
            notes.skip(where, f"expected seconds of at least 0, the end after the start, found '{begins}' to '{ends}'")
            continue
        part = f":{begins or 0}-{ends}" if begins or ends else ""
        yield AudioItem(name + part, row[text], folder / name, first, last, columns=row)


def _optional(table: TextTable, wanted: str | None, usual: tuple[str, ...]) -> str | None:
    return table.find_usual(usual) if wanted is None else table.find(wanted, usual, "times")


def _seconds(text: str, default: float | None) -> float | None:
    """Of an entry; the default where it is empty, None where it is no number of at least 0."""
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
