# SPDX-License-Identifier: Apache-2.0
"""How well a language model predicts a text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnlib_py._core import DataError, NgramModel
from rnnlib_py.text.language_files import PathText
from rnnlib_py.text.sentences import split_sentences


@dataclass(frozen=True)
class Perplexity:
    """How well a model predicts a text.

    Attributes
    ----------
    sentences : int
        How many there are.
    units : int
        Words or characters; the ends of sentences are not among them.
    unknown : int
        How many of the units the model does not have.
    log_probability : float
        Of all units and the ends of sentences, natural logarithm; minus infinity when the model rules one out.
    known_log_probability : float
        The same without unknown units.
    """

    sentences: int
    units: int
    unknown: int
    log_probability: float
    known_log_probability: float

    @property
    def perplexity(self) -> float:
        """Per unit and end of sentence."""
        return _perplexity(self.log_probability, self.units + self.sentences)

    @property
    def known_perplexity(self) -> float:
        """The same without unknown units."""
        return _perplexity(self.known_log_probability, self.units + self.sentences - self.unknown)


def measure_perplexity(model: NgramModel, path: PathText, units: str) -> Perplexity:
    """What a language model says of a text.

    Parameters
    ----------
    model
        Over words or characters.
    path
        A text file in UTF-8, one sentence per line, plain or packed by gzip.
    units
        "characters" or "words": what the model is over.

    Raises
    ------
    DataError
        When the text is empty.
    FormatError
        When it is not UTF-8, or a unit is one of "<unk>", "<s>" and "</s>".
    IoError
        When the file cannot be read.
    """
    sentences = total = unknown = 0
    log_probability = known = 0.0
    for sentence in split_sentences(path, units):
        scores = model.score(sentence).tolist()
        missing = [model.find(word) < 0 for word in sentence]
        sentences += 1
        total += len(sentence)
        unknown += sum(missing)
        log_probability += math.fsum(scores)
        known += math.fsum(
            score for score, is_missing in zip(scores, [*missing, False], strict=False) if not is_missing
        )
    if not sentences:
        raise DataError(f"{path}: no text to measure the perplexity on")
    return Perplexity(sentences, total, unknown, log_probability, known)


def _perplexity(log_probability: float, count: int) -> float:
    try:
        return math.exp(-log_probability / count)
    except OverflowError:
        return math.inf
