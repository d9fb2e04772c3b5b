# SPDX-License-Identifier: Apache-2.0
"""Alignments with the fewest errors, against a simple twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib_py.text import Edits, align, alignment
from rnnlib_py.text.alignment import count_edits

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)


def distance(a: list[str], b: list[str]) -> int:
    """Levenshtein's recursion, row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]


@given(WORDS, WORDS)
def test_an_alignment_holds_both_and_has_the_fewest_errors(a: list[str], b: list[str]) -> None:
    aligned = align(a, b)
    assert [x for x, _ in aligned if x is not None] == a
    assert [y for _, y in aligned if y is not None] == b
    assert (None, None) not in aligned
    assert count_edits(aligned).total == distance(a, b)


@given(WORDS, WORDS)
def test_halving_finds_as_few(a: list[str], b: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "_LARGEST", 6)
        aligned = align(a, b)
    assert [x for x, _ in aligned if x is not None] == a
    assert [y for _, y in aligned if y is not None] == b
    assert count_edits(aligned).total == distance(a, b)


def test_kinds_of_errors() -> None:
    aligned = align(list("abcdf"), list("xbdfe"))
    assert aligned == [("a", "x"), ("b", "b"), ("c", None), ("d", "d"), ("f", "f"), (None, "e")]
    assert count_edits(aligned) == Edits(substitutions=1, insertions=1, deletions=1)
    assert align([], ["a"]) == [(None, "a")]
    assert align([], []) == []
