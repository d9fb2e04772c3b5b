# SPDX-License-Identifier: Apache-2.0
"""Token passing: the most probable words of a dictionary, found without leaving any out."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py._core import DataError
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.decoding import BoundDecoder
from rnnlib_py.text.language_files import PathText
from rnnlib_py.text.language_scorer import open_lexicon, open_model


@dataclass(frozen=True)
class TokenPassing:
    """A decoder that reads sequences of a dictionary's words, for Network.predict, evaluate and stream.

    It finds the readings whose most probable path (Viterbi), with what the bigrams add, is the best of all; a beam
    search is faster, sums over paths, and may miss the best one. A point takes time in proportion to the labels of all
    spellings, and with a fixed number of words as many times that.

    Attributes
    ----------
    lexicon : str, PathLike or Lexicon
        The dictionary.
    bigrams : str, PathLike, NgramModel or None
        An ARPA file of n-grams of one or two words; None: all words are equally probable.
    n_best : int
        How many readings are kept.
    num_words : int or None
        Exactly so many words are read; None: any number.
    space : str
        The label between two words; "" for none. The default is that only where the network has it. Of a Lexicon its
        own separator counts.
    lm_weight : float
        Factor of the bigrams' log probabilities.
    word_bonus : float
        Added for each word.
    """

    lexicon: PathText | _core.Lexicon
    bigrams: PathText | _core.NgramModel | None = None
    n_best: int = 1
    num_words: int | None = None
    space: str = SPACE
    lm_weight: float = 1.0
    word_bonus: float = 0.0

    def bind(self, labels: _Seq[str]) -> BoundDecoder:
        """The decoder for a network with these labels. Reads the files.

        Warns
        -----
        DataWarning
            Most of the dictionary cannot be written with the labels.

        Raises
        ------
        IoError, FormatError
            What cannot be read, or is damaged.
        DataError
            No word can be written with the labels, or the bigrams have none of them.
        ConfigError
            Options that are none, or bigrams that are trigrams.
        """
        lexicon = open_lexicon(self.lexicon, labels, self.space)
        bigrams = open_model(self.bigrams)
        options = _core.TokenPassingOptions()
        options.n_best = self.n_best
        options.language.num_words = -1 if self.num_words is None else self.num_words
        options.language.weight = self.lm_weight
        options.language.word_bonus = self.word_bonus
        try:
            return BoundDecoder(_core.TokenPassingDecoder(lexicon, bigrams, options), lexicon)
        except DataError as error:
            where = f"{os.fspath(self.bigrams)}: " if isinstance(self.bigrams, (str, os.PathLike)) else ""
            raise DataError(f"{where}{error}") from error
