# SPDX-License-Identifier: Apache-2.0
"""Scores readings against references: rates of wrong characters, words, labels and sequences, and what was confused."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence as _Seq
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.text.alignment import Aligned, Edits, align, count_edits
from rnnlib_py.text.bootstrap import Bootstrap, interval, ratio
from rnnlib_py.text.sequences import numbered_tags, sequence_record, worst_sequences
from rnnlib_py.text.tokens import TextOptions, Tokens, text_tokens

SEQUENCES = "sequences"  # the unit that has one error where anything is wrong


@dataclass(frozen=True)
class Confusion:
    """Something that was read wrong.

    Attributes
    ----------
    reference : str or None
        What stands there; None for an insertion.
    reading : str or None
        What was read; None for a deletion.
    count : int
        How often.
    """

    reference: str | None
    reading: str | None
    count: int


@dataclass(frozen=True)
class Rate:
    """An error rate with its interval.

    Attributes
    ----------
    errors : int
        Edits; of the unit "sequences" the wrong ones.
    length : int
        Tokens of the references; of the unit "sequences" all of them.
    low : float
        Where the 95 % interval begins.
    high : float
        Where it ends.
    edits : Edits or None
        The kinds of the errors; None for "sequences".
    """

    errors: int
    length: int
    low: float
    high: float
    edits: Edits | None = None

    @property
    def value(self) -> float:
        """Errors by length; infinite where tokens were read and the references have none."""
        return self.errors / self.length if self.length else math.inf if self.errors else 0.0

    def record(self) -> dict[str, Any]:
        """For JSON; what is infinite is None."""
        numbers = {"rate": self.value, "low": self.low, "high": self.high}
        return {
            **{name: number if math.isfinite(number) else None for name, number in numbers.items()},
            "errors": self.errors,
            "length": self.length,
            **({} if self.edits is None else self.edits._asdict()),
        }


@dataclass(frozen=True, repr=False)
class SequenceScore:
    """One sequence.

    Attributes
    ----------
    tag : str
    number : int
        Its place, from 0.
    reference, reading : list of str
        Tokens of the first unit.
    edits : dict
        Unit -> Edits.
    lengths : dict
        Unit -> tokens of the reference.
    """

    tag: str
    number: int
    reference: list[str]
    reading: list[str]
    edits: dict[str, Edits]
    lengths: dict[str, int]

    @property
    def errors(self) -> int:
        """Edits of the first unit."""
        return next(iter(self.edits.values())).total

    @property
    def length(self) -> int:
        """Tokens of the reference, of the first unit."""
        return len(self.reference)

    @property
    def aligned(self) -> Aligned:
        """The two side by side, in tokens of the first unit."""
        return align(self.reference, self.reading)


@dataclass(frozen=True, repr=False)
class TextScore:
    """Scores of a set of sequences.

    Attributes
    ----------
    rates : dict
        "characters" (or "labels"), "words" where there are any, and "sequences" -> Rate.
    confusions : list of Confusion
        In tokens of the first unit, the most frequent first.
    sequences : list of SequenceScore
    """

    rates: dict[str, Rate]
    confusions: list[Confusion]
    sequences: list[SequenceScore]

    def worst(self, count: int = 20) -> list[SequenceScore]:
        """The sequences with most errors of the first unit; right ones are left out."""
        return worst_sequences(self.sequences, count)

    def counts(self, unit: str) -> NDArray[np.int64]:
        """Errors and lengths [sequences, 2] of a unit."""
        if unit == SEQUENCES:
            return np.array([(sequence.errors > 0, 1) for sequence in self.sequences], dtype=np.int64)
        pairs = [(sequence.edits[unit].total, sequence.lengths[unit]) for sequence in self.sequences]
        return np.array(pairs, dtype=np.int64)

    def record(self, worst: int = 20) -> dict[str, Any]:
        """All of it for JSON, with so many of the worst sequences."""
        return {
            "count": len(self.sequences),
            **{unit: rate.record() for unit, rate in self.rates.items()},
            "confusions": [asdict(confusion) for confusion in self.confusions],
            "worst": [sequence_record(sequence) for sequence in self.worst(worst)],
        }


def score_texts(
    references: _Seq[str],
    readings: _Seq[str],
    tags: _Seq[str] | None = None,
    options: TextOptions | None = None,
    bootstrap: Bootstrap | None = None,
) -> TextScore:
    """Scores texts that were read against those that should have been.

    Parameters
    ----------
    references
        One text per sequence. It may be empty: all that was read there is wrong.
    readings
        As many, in the same order.
    tags
        Names of the sequences; None: "#1", "#2", ....
    options
        How texts are made comparable and cut; None: NFC and grapheme clusters.
    bootstrap
        How intervals are found; None: from 1000 samples.

    Returns
    -------
    TextScore
        With the units "characters", "words" and "sequences".

    Raises
    ------
    DataError
        No texts, or different numbers of them.
    ConfigError
        Grapheme clusters of such texts need a package that is not installed.
    """
    options = options or TextOptions()
    tags = numbered_tags(len(references)) if tags is None else tags
    cut = [[text_tokens(text, options) for text in texts] for texts in (references, readings)]
    return score_tokens(cut[0], cut[1], tags, bootstrap or Bootstrap())


def score_tokens(references: _Seq[Tokens], readings: _Seq[Tokens], tags: _Seq[str], bootstrap: Bootstrap) -> TextScore:
    """The same for texts that are cut already, each into the same units."""
    if not len(references) == len(readings) == len(tags):
        raise DataError(
            f"expected as many readings and tags as references, found {len(references)} references, {len(readings)} "
            f"readings and {len(tags)} tags"
        )
    if not references:
        raise DataError("there are no texts to score")
    confused: Counter[tuple[str | None, str | None]] = Counter()
    sequences = [
        _score_sequence(tag, number, reference, reading, confused)
        for number, (tag, reference, reading) in enumerate(zip(tags, references, readings, strict=True))
    ]
    confusions = [Confusion(*pair, count) for pair, count in confused.items()]
    confusions.sort(key=lambda c: (-c.count, c.reference or "", c.reading or ""))
    found = TextScore({}, confusions, sequences)
    found.rates.update(_rates(found, [*references[0], SEQUENCES], bootstrap))
    return found


def _score_sequence(
    tag: str, number: int, reference: Tokens, reading: Tokens, confused: Counter[tuple[str | None, str | None]]
) -> SequenceScore:
    first = next(iter(reference))
    edits = {}
    for unit, tokens in reference.items():
        if tokens == reading[unit]:
            edits[unit] = Edits()
            continue
        aligned = align(tokens, reading[unit])
        edits[unit] = count_edits(aligned)
        if unit == first:
            confused.update(pair for pair in aligned if pair[0] != pair[1])
    lengths = {unit: len(tokens) for unit, tokens in reference.items()}
    return SequenceScore(tag, number, reference[first], reading[first], edits, lengths)


def _rates(score: TextScore, units: list[str], bootstrap: Bootstrap) -> dict[str, Rate]:
    """All units see the same draws."""
    counts = np.concatenate([score.counts(unit) for unit in units], axis=1)
    sums = bootstrap.sums(counts)
    rates = {}
    for i, unit in enumerate(units):
        errors, length = counts[:, 2 * i : 2 * i + 2].sum(axis=0).tolist()
        low, high = interval(ratio(sums[:, 2 * i], sums[:, 2 * i + 1]))
        edits = None
        if unit != SEQUENCES:
            edits = Edits(*(sum(kind) for kind in zip(*(s.edits[unit] for s in score.sequences), strict=True)))
        rates[unit] = Rate(errors, length, low, high, edits)
    return rates
