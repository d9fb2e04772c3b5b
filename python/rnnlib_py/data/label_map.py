# SPDX-License-Identifier: Apache-2.0
"""Labels that are counted as others when errors are counted, such as TIMIT's 61 phones as 39.

K.-F. Lee, H.-W. Hon, "Speaker-independent phone recognition using hidden Markov models" (1989) introduced it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.text import split_words
from rnnlib_py.system.files import read_small_file

_MOST_BYTES = 2**24


@dataclass(frozen=True)
class LabelMap:
    """What labels are counted as. A label that is not in it counts as itself.

    Attributes
    ----------
    folded : dict
        Label -> what it is counted as; None: as nothing, as if it were not there.
    """

    folded: dict[str, str | None]

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> LabelMap:
        """The map of a file with two columns between white space: a label and what it is counted as. A label alone
        counts as nothing.

        Parameters
        ----------
        path
            In UTF-8.

        Raises
        ------
        IoError
            A file that cannot be read.
        DataError
            More than 16 MiB or two columns, a label that stands there twice, or no labels.
        """
        content = read_small_file(Path(path), _MOST_BYTES, "a map of labels")
        try:
            lines = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise DataError(f"{path}: is no UTF-8 text (byte {error.start})") from None
        rows = [(f"{path}, line {number}", split_words(line)) for number, line in enumerate(lines, 1)]
        return _make([(where, words) for where, words in rows if words], str(path))

    @classmethod
    def from_entries(cls, entries: Iterable[str], where: str = "the map of labels") -> LabelMap:
        """The same of the lines of such a file; `where` they come from, for messages. Raises DataError."""
        return _make([(where, split_words(entry)) for entry in entries], where)

    def entries(self) -> tuple[str, ...]:
        """The lines of a file that holds it."""
        return tuple(label if to is None else f"{label} {to}" for label, to in self.folded.items())

    def apply(self, labels: _Seq[str]) -> list[str]:
        """The labels as they are counted."""
        found = (self.folded.get(label, label) for label in labels)
        return [label for label in found if label is not None]

    def check(self, labels: _Seq[str]) -> None:
        """ConfigError where it says something of none of these labels: it is for others."""
        if not any(label in self.folded for label in labels):
            raise ConfigError(
                f"the map of labels ({', '.join(list(self.folded)[:5])}, …) has none of the {len(labels)} labels "
                f"({', '.join(labels[:5])}, …)"
            )


def _make(rows: list[tuple[str, list[str]]], source: str) -> LabelMap:
    folded: dict[str, str | None] = {}
    for where, words in rows:
        if len(words) > 2:
            raise DataError(f"{where}: has {len(words)} columns, expected a label and what it is counted as")
        if words[0] in folded:
            raise DataError(f"{where}: label '{words[0]}' is there for the second time")
        folded[words[0]] = words[1] if len(words) == 2 else None
    if not folded:
        raise DataError(f"{source}: holds no labels")
    return LabelMap(folded)
