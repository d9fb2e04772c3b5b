# SPDX-License-Identifier: Apache-2.0
"""Label files that say when each label begins and ends: TIMIT's .phn and .wrd (in samples), HTK's .lab (in 100 ns)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HTK_UNITS = 10_000_000  # per second


@dataclass(frozen=True)
class TimedLabel:
    """A label, and when it is said.

    Attributes
    ----------
    label : str
    begin, end : int
        In units of the file.
    units : int
        Per second; 0: samples.
    """

    label: str
    begin: int
    end: int
    units: int


def parse_timed(text: str, ending: str) -> list[TimedLabel]:
    """The labels of a text whose every line is "begin end label"; none where a line is something else.

    Parameters
    ----------
    text
        Of a file. HTK's may have a score behind the label.
    ending
        Of the file's name: ".lab" counts in 100 ns, others in samples.
    """
    units = _HTK_UNITS if ending.lower() == ".lab" else 0
    most = 4 if units else 3
    found = []
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if not 3 <= len(words) <= most or not all(word.isascii() and word.isdigit() for word in words[:2]):
            return []
        begin, end = int(words[0]), int(words[1])
        if end < begin:
            return []
        found.append(TimedLabel(words[2], begin, end, units))
    return found


def frame_labels(
    timed: list[TimedLabel], rate: int, count: int, seconds: float
) -> tuple[list[str], NDArray[np.int32], str]:
    """The label at the middle of each frame.

    Parameters
    ----------
    timed
        In any order; where two overlap the later one counts.
    rate
        Samples per second of the recording.
    count
        Frames.
    seconds
        From frame to frame.

    Returns
    -------
    names : list of str
        Of the labels.
    indices : ndarray
        int32 (count,). Indices into the names; -1 where no label is said.
    trouble : str
        Not empty: labels lie beyond the end of the recording, in words.
    """
    names = sorted({label.label for label in timed})
    indices = np.full(count, -1, np.int32)
    middles = (np.arange(count) + 0.5) * seconds
    latest = 0.0
    for label in timed:
        units = label.units or rate
        begin, end = label.begin / units, label.end / units
        latest = max(latest, end)
        indices[np.searchsorted(middles, begin) : np.searchsorted(middles, end)] = names.index(label.label)
    beyond = latest - count * seconds
    trouble = f"its labels end {beyond:.3f} s after the recording" if beyond > seconds else ""
    return names, indices, trouble
