# SPDX-License-Identifier: Apache-2.0
"""Makes an n-gram language model from text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnnlib_py._core import ConfigError
from rnnlib_py.system.files import path_list
from rnnlib_py.text.arpa_writer import write_arpa
from rnnlib_py.text.kneser_ney import Level, estimate
from rnnlib_py.text.language_files import read_ngram_model
from rnnlib_py.text.ngram_counts import count_ngrams
from rnnlib_py.text.perplexity import Perplexity, measure_perplexity
from rnnlib_py.text.sentences import read_sentences


@dataclass(frozen=True)
class OrderReport:
    """The n-grams of one order.

    Attributes
    ----------
    found, kept : int
        How many different ones the text has, and how many of them the model.
    discounts : tuple of float
        What is taken from a count of 1, of 2, and of 3 and more.
    estimated : bool
        Whether the discounts are estimated from the text; else it had too few n-grams, and fixed ones are used.
    """

    found: int
    kept: int
    discounts: tuple[float, float, float]
    estimated: bool


@dataclass(frozen=True)
class LanguageModelReport:
    """What make_lm has made.

    Attributes
    ----------
    path : Path
        The ARPA file.
    sentences, units : int
        Of the text.
    orders : list of OrderReport
        From 1 on.
    held_out : Perplexity or None
        What the model says of the held-out text, when there is one.
    """

    path: Path
    sentences: int
    units: int
    orders: list[OrderReport]
    held_out: Perplexity | None


def make_lm(
    texts: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    order: int = 5,
    units: str = "characters",
    prune: Sequence[int] = (),
    held_out: str | os.PathLike[str] | None = None,
) -> LanguageModelReport:
    """Makes an n-gram model with modified Kneser-Ney smoothing and writes it as an ARPA file.

    Parameters
    ----------
    texts
        One or several text files in UTF-8, one sentence per line, plain or packed by gzip.
    output
        The ARPA file; it is packed when the name ends with .gz.
    order
        The longest n-grams, in units.
    units
        "characters", where white space is the unit "␣", or "words".
    prune
        For each order, from 1 on: n-grams that occur so often or less are left out; the last number counts for all
        further orders. (0, 0, 1) leaves out what occurs once, from order 3 on.
    held_out
        A text file to measure the perplexity on.

    Raises
    ------
    ConfigError
        For an order below 1, other units, or numbers to prune by that fall or do not begin with 0.
    DataError
        When a text is empty.
    FormatError
        When a text is not UTF-8, or a word of it is one of "<unk>", "<s>" and "</s>".
    IoError
        When a file cannot be read or written.
    """
    _check(order, prune)
    path = Path(output)
    sentences = read_sentences(path_list(texts), units)
    levels = estimate(count_ngrams(sentences, order), prune)
    while len(levels) > 1 and not levels[-1].kept.any():  # no sentence is so long, or all is pruned
        levels.pop()
    write_arpa(path, sentences.words, levels)
    num_sentences = int(levels[0].ngrams.count[1])
    return LanguageModelReport(
        path,
        num_sentences,
        len(sentences.tokens) - 2 * num_sentences,
        [_report(level) for level in levels],
        measure_perplexity(read_ngram_model(path), held_out, units) if held_out is not None else None,
    )


def _check(order: int, prune: Sequence[int]) -> None:
    if order < 1:
        raise ConfigError(f"order: expected 1 or more, found {order}")
    if len(prune) > order:
        raise ConfigError(f"prune: {len(prune)} numbers for {order} orders")
    if prune and (prune[0] != 0 or list(prune) != sorted(prune)):
        found = ",".join(map(str, prune))
        raise ConfigError(f"prune: expected numbers that begin with 0 and do not fall, found {found}")


def _report(level: Level) -> OrderReport:
    return OrderReport(len(level.kept), int(np.count_nonzero(level.kept)), level.discounts, level.estimated)
