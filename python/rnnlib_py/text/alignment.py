# SPDX-License-Identifier: Apache-2.0
"""Aligns two lists of tokens with the fewest substitutions, insertions and deletions (Levenshtein's distance)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Aligned = list[tuple[str | None, str | None]]  # (token of the reference, token of the reading); None: there is none
_Ids = NDArray[np.int64]
_Places = list[tuple[int, int]]  # places in both lists; -1: none

_LARGEST = 2**24  # cells of a table; larger problems are halved first


class Edits(NamedTuple):
    """What turns the reference into the reading.

    Attributes
    ----------
    substitutions : int
        Tokens that were read as others.
    insertions : int
        Tokens that only the reading has.
    deletions : int
        Tokens that only the reference has.
    """

    substitutions: int = 0
    insertions: int = 0
    deletions: int = 0

    @property
    def total(self) -> int:
        """The edit distance."""
        return self.substitutions + self.insertions + self.deletions


def align(reference: Sequence[str], reading: Sequence[str]) -> Aligned:
    """The alignment of two lists of tokens with the fewest errors.

    Parameters
    ----------
    reference
        What should have been read.
    reading
        What was read.

    Returns
    -------
    list of pairs
        (token of the reference, token of the reading) in their order; None stands for a missing one. Of several
        alignments with equally few errors, one that substitutes rather than inserts and deletes near the end.
    """
    shorter = min(len(reference), len(reading))
    begin = next((i for i in range(shorter) if reference[i] != reading[i]), shorter)
    rest = shorter - begin
    same = next((i for i in range(rest) if reference[-1 - i] != reading[-1 - i]), rest)
    ids: dict[str, int] = {}
    first, second = (
        np.array([ids.setdefault(token, len(ids)) for token in tokens[begin : len(tokens) - same]], dtype=np.int64)
        for tokens in (reference, reading)
    )
    places = [(i, i) for i in range(begin)]
    places += [(i + begin if i >= 0 else -1, j + begin if j >= 0 else -1) for i, j in _align(first, second)]
    places += [(len(reference) - i, len(reading) - i) for i in range(same, 0, -1)]
    return [(reference[i] if i >= 0 else None, reading[j] if j >= 0 else None) for i, j in places]


def count_edits(aligned: Aligned) -> Edits:
    """The errors of an alignment."""
    insertions = sum(reference is None for reference, _ in aligned)
    deletions = sum(reading is None for _, reading in aligned)
    different = sum(reference != reading for reference, reading in aligned)
    return Edits(different - insertions - deletions, insertions, deletions)


def _align(a: _Ids, b: _Ids) -> _Places:
    """Hirschberg's halving keeps the memory small: each half of `a` meets the part of `b` with which it costs least."""
    if len(a) * len(b) <= _LARGEST or len(a) < 2:
        return _trace(_table(a, b), a, b)
    half = len(a) // 2
    cut = int(np.argmin(_last_row(a[:half], b) + _last_row(a[half:][::-1], b[::-1])[::-1]))
    right = _align(a[half:], b[cut:])
    return _align(a[:half], b[:cut]) + [(i + half if i >= 0 else -1, j + cut if j >= 0 else -1) for i, j in right]


def _next_row(previous: NDArray[np.int32], label: int, b: _Ids, steps: NDArray[np.int32]) -> NDArray[np.int32]:
    """Distances of one more token of the reference to all beginnings of `b`, that of no token first."""
    row = previous + np.int32(1)
    np.minimum(row[1:], previous[:-1] + (b != label), out=row[1:])
    # An insertion adds one to the cell on the left: without the steps it is a running minimum.
    return np.asarray(np.minimum.accumulate(row - steps) + steps)


def _last_row(a: _Ids, b: _Ids) -> NDArray[np.int32]:
    steps = np.arange(len(b) + 1, dtype=np.int32)
    row = steps
    for label in a.tolist():
        row = _next_row(row, label, b, steps)
    return row


def _table(a: _Ids, b: _Ids) -> NDArray[np.int32]:
    """Distances [len(a) + 1, len(b) + 1] of all beginnings."""
    steps = np.arange(len(b) + 1, dtype=np.int32)
    table = np.empty((len(a) + 1, len(b) + 1), dtype=np.int32)
    table[0] = steps
    for i, label in enumerate(a.tolist()):
        table[i + 1] = _next_row(table[i], label, b, steps)
    return table


def _trace(table: NDArray[np.int32], a: _Ids, b: _Ids) -> _Places:
    """The way back through the table, from its end."""
    i, j = len(a), len(b)
    places = []
    while i or j:
        if i and j and table[i, j] == table[i - 1, j - 1] + (a[i - 1] != b[j - 1]):
            i, j = i - 1, j - 1
            places.append((i, j))
        elif i and table[i, j] == table[i - 1, j] + 1:
            i -= 1
            places.append((i, -1))
        else:
            j -= 1
            places.append((-1, j))
    return places[::-1]
