# SPDX-License-Identifier: Apache-2.0
"""The n-grams of a text and how often each occurs, for all orders up to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.text.sentences import BEGIN, Sentences

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of one order, sorted by their first n - 1 words and then by the last one; all arrays are [n-grams].

    Parameters
    ----------
    prefix
        The place of the first n - 1 words among the n-grams one shorter; 0 for n = 1.
    suffix
        The place of the last n - 1 words.
    word
        The last word.
    count
        How often the n-gram occurs in the text.
    begins
        Whether the first word is "<s>".
    """

    prefix: Ints
    suffix: Ints
    word: Ints
    count: Ints
    begins: NDArray[np.bool_]


def count_ngrams(sentences: Sentences, order: int) -> list[Ngrams]:
    """The n-grams of 1, 2, … `order` words.

    Those of one word are the whole vocabulary, also "<unk>", which may not occur. No n-gram reaches over the end of a
    sentence; where no sentence is long enough for an order, its arrays are empty.
    """
    tokens = sentences.tokens
    size = len(sentences.words)
    nothing = np.zeros(size, dtype=np.int64)
    words = np.arange(size, dtype=np.int64)
    counts = np.bincount(tokens, minlength=size).astype(np.int64)
    levels = [Ngrams(nothing, nothing, words, counts, words == BEGIN)]
    shorter = tokens  # [tokens] the n-gram that begins at each token, -1 where the sentence is too short
    for n in range(2, order + 1):
        level, shorter = _longer(levels[-1], shorter, tokens, n, size)
        levels.append(level)
    return levels


def _longer(last: Ngrams, shorter: Ints, tokens: Ints, n: int, size: int) -> tuple[Ngrams, Ints]:
    """The n-grams of n words, and where they begin; from those of n - 1 words."""
    none = np.full(len(tokens), -1, dtype=np.int64)
    starts = np.flatnonzero(shorter[: len(tokens) - n + 1] >= 0)
    starts = starts[tokens[starts + n - 1] != BEGIN]  # else a new sentence has begun
    if n > 2:
        starts = starts[shorter[starts + 1] >= 0]
    keys = shorter[starts] * size + tokens[starts + n - 1]
    keys, first, numbers, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    prefix = keys // size
    begins = last.begins[prefix]
    level = Ngrams(prefix, shorter[starts[first] + 1], keys % size, counts.astype(np.int64), begins)
    none[starts] = numbers
    return level, none
