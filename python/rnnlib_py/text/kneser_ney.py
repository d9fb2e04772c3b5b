# SPDX-License-Identifier: Apache-2.0
"""Modified Kneser-Ney smoothing, interpolated (Chen and Goodman 1999, "An empirical study of smoothing techniques for
language modeling", sections 3 and 4).

The counts of n-grams of the highest order, and of those that begin with "<s>", are those of the text. The count of any
other n-gram is the number of different words that stand before it. A discount is taken from each count: D1 from a count
of 1, D2 from 2, D3 from 3 and more. What the discounts and the pruned n-grams leave goes to the distribution one order
lower.
"""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.text.ngram_counts import Ngrams
from rnnlib_py.text.sentences import BEGIN

Reals = NDArray[np.float64]

FALLBACK = (0.5, 1.0, 1.5)  # where the text has too few n-grams of some count for estimates


@dataclass(frozen=True)
class Level:
    """The n-grams of one order with their probabilities; arrays are [n-grams].

    Parameters
    ----------
    ngrams
        All of the text.
    kept
        Which of them belong to the model.
    probability
        Of the last word after the others; 0 for "<s>".
    back_off
        The share of the next shorter distribution in what follows the n-gram; 1 where nothing follows.
    discounts
        D1, D2 and D3.
    estimated
        Whether the discounts were estimated from the text: else they are FALLBACK.
    """

    ngrams: Ngrams
    kept: NDArray[np.bool_]
    probability: Reals
    back_off: Reals
    discounts: tuple[float, float, float]
    estimated: bool


def estimate(levels: list[Ngrams], prune: _Seq[int] = ()) -> list[Level]:
    """The model of a text's n-grams.

    Parameters
    ----------
    levels
        The n-grams of each order from 1 on.
    prune
        For each order: n-grams that occur so often or less are left out. 0 keeps all; the last number counts for all
        further orders. The numbers must not fall, and the first must be 0.
    """
    # The share that the distribution over all words leaves to an equal one for every word that may be predicted.
    shorter = np.array([1.0 / (len(levels[0].word) - 1)])
    share = np.ones(1)
    result: list[Level] = []
    for n, ngrams in enumerate(levels, 1):
        above = levels[n] if n < len(levels) else None
        counts = _adjusted_counts(ngrams, above, n)
        discounts, estimated = _discounts(counts)
        limit = prune[min(n, len(prune)) - 1] if prune else 0
        kept = ngrams.count > limit if limit else np.ones(len(ngrams.count), dtype=np.bool_)
        own = _own_probability(ngrams, counts, discounts, kept, len(share))
        share = _shares(ngrams, own, len(share), counts)
        probability = own + share[ngrams.prefix] * shorter[ngrams.suffix]
        if n == 1:
            probability[BEGIN] = 0.0
        else:
            result[-1].back_off[:] = share
        result.append(Level(ngrams, kept, probability, np.ones(len(own)), discounts, estimated))
        shorter, share = probability, np.ones(len(own))
    return result


def _adjusted_counts(ngrams: Ngrams, above: Ngrams | None, n: int) -> NDArray[np.int64]:
    """Chen and Goodman's counts, [n-grams]; 0 for "<s>" alone, which nothing predicts."""
    if above is None:
        counts = ngrams.count.copy()
    else:
        before = np.bincount(above.suffix, minlength=len(ngrams.count))
        counts = np.where(ngrams.begins, ngrams.count, before).astype(np.int64)
    if n == 1:
        counts[BEGIN] = 0
    return counts


def _discounts(counts: NDArray[np.int64]) -> tuple[tuple[float, float, float], bool]:
    """D1, D2, D3 (Chen and Goodman's equation 26), and whether there was enough to estimate them from."""
    n1, n2, n3, n4 = (int(np.count_nonzero(counts == count)) for count in range(1, 5))
    if not (n1 and n2 and n3):
        return FALLBACK, False
    y = n1 / (n1 + 2 * n2)
    found = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    if any(not 0 < discount <= count for count, discount in enumerate(found, 1)):
        return FALLBACK, False
    return found, True


def _own_probability(
    ngrams: Ngrams, counts: NDArray[np.int64], discounts: tuple[float, ...], kept: NDArray[np.bool_], contexts: int
) -> Reals:
    """What the n-grams of the order itself give to their last words, [n-grams]: 0 for those that are not kept."""
    total = np.bincount(ngrams.prefix, weights=counts, minlength=contexts)
    left = counts - np.array([0.0, *discounts])[np.minimum(counts, 3)]
    own = np.zeros(len(counts))
    np.divide(left, total[ngrams.prefix], out=own, where=kept & (counts > 0))
    return own


def _shares(ngrams: Ngrams, own: Reals, contexts: int, counts: NDArray[np.int64]) -> Reals:
    """What each context leaves to the shorter distribution, [contexts]; 1 where nothing follows."""
    given = np.bincount(ngrams.prefix, weights=own, minlength=contexts)
    follows = np.bincount(ngrams.prefix, weights=counts, minlength=contexts) > 0
    return np.where(follows, np.maximum(1.0 - given, 0.0), 1.0)
