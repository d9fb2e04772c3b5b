# SPDX-License-Identifier: Apache-2.0
"""Dictionaries and language models for the labels of a network: what decoders that take them have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.labels import DataWarning, unknown_message
from rnnlib_py.data.text import SPACE
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.text.language_files import PathText, read_lexicon, read_ngram_model


@dataclass(frozen=True)
class Language:
    """A dictionary, a language model, or both, and how they are used.

    Attributes
    ----------
    lexicon : str, PathLike, Lexicon or None
    lm : str, PathLike, NgramModel or None
    space : str
        The label between two words of a dictionary that is read; "": none.
    options : _core.LanguageOptions
    """

    lexicon: PathText | _core.Lexicon | None
    lm: PathText | _core.NgramModel | None
    space: str
    options: _core.LanguageOptions

    def check(self) -> None:
        """ConfigError for options that make no sense, or that need a dictionary or a model, where there is none."""
        options = self.options
        _core.LanguageScorer.of_words(_core.Lexicon.parse(b"a", "", ["a"]), None, options)  # it checks them
        if self.lexicon is None and (options.mode == "open" or options.num_words >= 0):
            raise ConfigError("the mode open and a number of words need a dictionary (lexicon)")
        if self.lexicon is None and self.lm is None and options.word_bonus != 0:
            raise ConfigError("a word bonus needs a dictionary (lexicon) or a language model (lm)")


def make_scorer(language: Language, labels: _Seq[str]) -> tuple[_core.Scorer | None, _core.Lexicon | None]:
    """The scorer for a network with these labels, without the blank, and its dictionary.

    Warns
    -----
    DataWarning
        Most of the dictionary cannot be written with the labels, or the model does not have most of the words.

    Raises
    ------
    IoError, FormatError
        A file that cannot be read, or is damaged.
    DataError
        A dictionary none of whose words can be written with the labels; a model that has none of the words.
    """
    lexicon = None if language.lexicon is None else open_lexicon(language.lexicon, labels, language.space)
    model = open_model(language.lm)
    if model is None and lexicon is None:
        return None, None
    try:
        if lexicon is not None:
            scorer = _core.LanguageScorer.of_words(lexicon, model, language.options)
        else:
            assert model is not None
            scorer = _core.LanguageScorer.of_labels(model, labels, language.options)
    except DataError as error:
        raise DataError(f"{_name(language.lm)}: {error}{_advice(lexicon)}") from error
    if model is not None:
        _warn_of_unknown(scorer, language, labels, lexicon)
    return scorer, lexicon


def open_lexicon(lexicon: PathText | _core.Lexicon, labels: _Seq[str], space: str) -> _core.Lexicon:
    """A dictionary that was read, or one that is read for these labels. `space`, the default one where the labels have
    it, separates words. Warns when most of it cannot be written with the labels."""
    if isinstance(lexicon, _core.Lexicon):
        return lexicon
    separator = "" if space == SPACE and space not in labels else space
    found = read_lexicon(lexicon, labels, separator)
    left_out = found.num_left_out
    if left_out > found.num_spellings:
        warn_caller(
            f"{os.fspath(lexicon)}: {left_out} of {left_out + found.num_spellings} spellings need labels that the "
            f"network does not have: {unknown_message(dict(found.unknown_labels))}",
            DataWarning,
        )
    return found


def open_model(model: PathText | _core.NgramModel | None) -> _core.NgramModel | None:
    """A model that was read, or one that is read."""
    return model if model is None or isinstance(model, _core.NgramModel) else read_ngram_model(model)


def _name(model: PathText | _core.NgramModel | None) -> str:
    return "the language model" if model is None or isinstance(model, _core.NgramModel) else os.fspath(model)


def _advice(lexicon: _core.Lexicon | None) -> str:
    return "" if lexicon is not None else "; a model over words needs a dictionary (lexicon)"


def _warn_of_unknown(
    scorer: _core.LanguageScorer, language: Language, labels: _Seq[str], lexicon: _core.Lexicon | None
) -> None:
    known_to_us = len(labels) if lexicon is None else lexicon.num_words
    what = "the network's labels" if lexicon is None else "the dictionary's words"
    if 2 * len(scorer.unknown) <= known_to_us:
        return
    warn_caller(
        f"{_name(language.lm)}: has only {known_to_us - len(scorer.unknown)} of {what}, of which there are "
        f"{known_to_us}; others are such as {', '.join(repr(name) for name in scorer.unknown[:5])}{_advice(lexicon)}",
        DataWarning,
    )
