# SPDX-License-Identifier: Apache-2.0
"""Tables as sequences: the rows of all of them one after another, column by column."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.table_cells import Cells, texts_of


@dataclass(frozen=True, eq=False)
class Frame:
    """Sequences of rows.

    Attributes
    ----------
    tags : list of str
        The names of the sequences.
    starts : ndarray
        int64 (sequences + 1,). Sequence i has the rows starts[i] to starts[i + 1] - 1.
    columns : dict
        Name -> a cell for each row.
    entries : dict
        Name -> a cell for each sequence.
    source : str
        The file or files, for messages.
    times : ndarray or None
        The time of each row as a text, where there is a column of them.
    """

    tags: list[str]
    starts: NDArray[np.int64]
    columns: dict[str, Cells]
    entries: dict[str, Cells] = field(default_factory=dict)
    source: str = ""
    times: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def rows(self, i: int) -> slice:
        return slice(int(self.starts[i]), int(self.starts[i + 1]))

    def is_constant(self, name: str) -> bool:
        """Whether the column says the same in all rows of a sequence, wherever it says something."""
        if name in self.entries:
            return True
        texts = np.array(texts_of(self.columns[name]), dtype=object)
        return all(len(set(texts[self.rows(i)]) - {""}) <= 1 for i in range(len(self)))

    def entry(self, name: str) -> list[str]:
        """The text of each sequence in a column that says the same in all its rows; "" where nothing stands.

        DataError where it says several things.
        """
        if name in self.entries:
            return texts_of(self.entries[name])
        texts = np.array(texts_of(self.columns[name]), dtype=object)
        made = []
        for i, tag in enumerate(self.tags):
            found = sorted(set(texts[self.rows(i)]) - {""})
            if len(found) > 1:
                raise DataError(
                    f"sequence '{tag}' has '{found[0]}' and '{found[1]}' in column '{name}', expected one entry for "
                    "the whole sequence"
                )
            made.append(found[0] if found else "")
        return made


def joined(frames: _Seq[Frame]) -> Frame:
    """All sequences of several files, which have the same columns. DataError where they have not."""
    first = frames[0]
    for other in frames[1:]:
        for mine, its in ((first.columns, other.columns), (first.entries, other.entries)):
            if mine.keys() != its.keys():
                odd = sorted(mine.keys() ^ its.keys())[0]
                has, lacks = (first, other) if odd in mine else (other, first)
                raise DataError(f"{lacks.source}: has no column '{odd}', which {has.source} has")
    if len(frames) == 1:
        return first
    lengths = np.concatenate([frame.lengths for frame in frames])
    return Frame(
        [tag for frame in frames for tag in frame.tags],
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        {name: _concatenated([frame.columns[name] for frame in frames]) for name in first.columns},
        {name: _concatenated([frame.entries[name] for frame in frames]) for name in first.entries},
        first.source,
        None if first.times is None else _concatenated([frame.times for frame in frames if frame.times is not None]),
    )


def _concatenated(parts: list[Cells]) -> Cells:
    """Texts, unless all are numbers."""
    if any(part.dtype != np.float64 for part in parts):
        parts = [np.array(texts_of(part), dtype=object) if part.dtype == np.float64 else part for part in parts]
    return np.concatenate(parts)
