# SPDX-License-Identifier: Apache-2.0
"""The .ts files of sktime and aeon: headers that begin with @, then a series per line, its channels separated by
colons and their values by commas, with the class or a number at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_frame import Frame

CLASS = "class"
TARGET = "target"


@dataclass
class _Header:
    """What the lines with @ say.

    Attributes
    ----------
    target : str
        The name of the entry at the end of each line: CLASS, TARGET, or "" where there is none.
    classes : list of str
        Those that are announced.
    """

    target: str = ""
    classes: list[str] = field(default_factory=list)
    is_complete: bool = False


def read_ts(path: Path, name: str, notes: Notes) -> Frame:
    """The series of a file: columns dim_0, dim_1, ... and the entry "class" or "target".

    Parameters
    ----------
    path
        The file.
    name
        What its series are called by: <name>/0, ....
    notes
        Takes series that cannot be read.

    Raises
    ------
    IoError, DataError
        A file that cannot be read, or has time stamps.
    """
    read = read_text_file(path)
    notes.change(str(path), read.changes)
    header = _Header()
    tags: list[str] = []
    series: list[NDArray[np.float64]] = []
    ends: list[str] = []
    channels = 0
    for number, line in enumerate(read.text.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not header.is_complete:
            _read_header(header, text, f"{path}, line {number}")
            continue
        try:
            values, end = _read_series(header, text, channels)
        except DataError as error:
            notes.skip(f"{path}, line {number}", str(error))
            continue
        channels = values.shape[1]
        tags.append(f"{name}/{len(tags)}")
        series.append(values)
        ends.append(end)
    if not header.is_complete:
        raise DataError(f"{path}: has no line @data, expected a .ts file of sktime or aeon")
    if not series:
        raise DataError(f"{path}: has no series")
    rows = np.concatenate(series)
    return Frame(
        tags,
        np.concatenate([[0], np.cumsum([len(values) for values in series])]).astype(np.int64),
        {f"dim_{i}": rows[:, i] for i in range(channels)},
        {header.target: np.array(ends, dtype=object)} if header.target else {},
        str(path),
    )


def _read_header(header: _Header, text: str, where: str) -> None:
    if not text.startswith("@"):
        raise DataError(f"{where}: expected a line that begins with @ before @data, found '{text[:40]}'")
    key, *values = text[1:].split()
    key = key.lower()
    says = values[0].lower() if values else ""
    if key == "timestamps" and says == "true":
        raise DataError(f"{where}: its values have time stamps, which are not read: write a CSV file in long form")
    if key == "classlabel" and says == "true":
        header.target, header.classes = CLASS, values[1:]
    elif key == "targetlabel" and says == "true":
        header.target = TARGET
    header.is_complete = key == "data"


def _read_series(header: _Header, text: str, channels: int) -> tuple[NDArray[np.float64], str]:
    """(points, channels), and the entry at the end."""
    parts = text.split(":")
    end = parts.pop().strip() if header.target else ""
    if channels and len(parts) != channels:
        raise DataError(f"has {len(parts)} channels, the series before have {channels}")
    if not parts:
        raise DataError("has no values")
    if header.classes and end not in header.classes and end != "?":
        raise DataError(f"its class is '{end}', expected one of {', '.join(header.classes[:20])}")
    values = [[_number(value) for value in part.split(",")] for part in parts]
    lengths = sorted({len(channel) for channel in values})
    if len(lengths) > 1:
        raise DataError(f"its channels have {lengths[0]} and {lengths[-1]} values, expected as many")
    return np.array(values, np.float64).T, end


def _number(text: str) -> float:
    value = text.strip()
    if value in ("?", "", "NaN"):
        return np.nan
    try:
        return float(value)
    except ValueError:
        what = "time stamps, which are not read" if "(" in value else "no number"
        raise DataError(f"holds '{value[:20]}': {what}") from None
