# SPDX-License-Identifier: Apache-2.0
"""What scores of texts and of classes do with their sequences."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from typing import Any, Protocol, TypeVar

from rnnlib_py.text.alignment import Aligned


class ScoredSequence(Protocol):
    """A sequence and what was read there."""

    @property
    def tag(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def errors(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def aligned(self) -> Aligned: ...


_Scored = TypeVar("_Scored", bound=ScoredSequence)


def numbered_tags(count: int) -> list[str]:
    """Tags for sequences that have none: "#1", "#2", ...."""
    return [f"#{i + 1}" for i in range(count)]


def worst_sequences(sequences: _Seq[_Scored], count: int) -> list[_Scored]:
    """So many of the sequences with most errors; right ones are left out."""
    wrong = [(sequence.errors, sequence) for sequence in sequences]
    wrong.sort(key=lambda pair: -pair[0])
    return [sequence for errors, sequence in wrong[:count] if errors]


def sequence_record(sequence: ScoredSequence) -> dict[str, Any]:
    """For JSON."""
    return {
        "tag": sequence.tag,
        "number": sequence.number,
        "errors": sequence.errors,
        "length": sequence.length,
        "aligned": [list(pair) for pair in sequence.aligned],
    }
