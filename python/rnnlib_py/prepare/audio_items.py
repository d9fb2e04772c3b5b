# SPDX-License-Identifier: Apache-2.0
"""Recordings as the user's files name them: where the sound is, what is said, and what they may be grouped by."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py.prepare.timed_labels import TimedLabel


@dataclass(frozen=True)
class AudioItem:
    """A recording, or a part of one.

    Attributes
    ----------
    tag : str
        Its name in the data file, and in messages.
    text : str
        What is said, as it was found; of a classification the class.
    sound : Path
    start, end : float
        The part that is meant, in seconds; an end of None is that of the file.
    timed : list of TimedLabel
        Where each label is said, as far as the text says so.
    page : str
        Recordings stand on none.
    columns : dict
        The entries of a table's row.
    """

    tag: str
    text: str
    sound: Path
    start: float = 0.0
    end: float | None = None
    timed: list[TimedLabel] = field(default_factory=list)
    page: str = ""
    columns: dict[str, str] = field(default_factory=dict)
