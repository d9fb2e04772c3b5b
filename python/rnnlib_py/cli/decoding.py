# SPDX-License-Identifier: Apache-2.0
"""Options of commands that read labels: short names of the config keys of decoding, which are overridden by them."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import CommandParser, Overrides
from rnnlib_py.cli.overrides import Override

# option, key, metavar, help
_OPTIONS = (
    ("--decoder", "decoder", "NAME", "best_path, beam or token_passing"),
    ("--beam", "beamWidth", "WIDTH", "beam search that keeps so many labellings"),
    ("--n-best", "nBest", "N", "so many readings, the best first"),
    ("--lexicon", "dictionary", "FILE", "a word and its labels per line"),
    ("--lm", "languageModel", "FILE", "n-grams over words or labels, ARPA"),
    ("--lm-weight", "lmWeight", "W", "factor of the language model's log probabilities"),
    ("--word-bonus", "wordBonus", "B", "added to the log probability for each word"),
    ("--mode", "dictionaryMode", "MODE", "closed: words of the dictionary only; open: others between them, too"),
    ("--free-score", "freeScore", "S", "added to the log probability for each label between the words"),
    ("--space", "wordSeparator", "LABEL", "separates words; none: nothing does"),
)


def add_decoding_options(parser: CommandParser) -> None:
    """The options, each of which says which key it stands for."""
    for option, key, metavar, meaning in _OPTIONS:
        parser.add_argument(option, dest=_place(key), metavar=metavar, help=f"{meaning} (key {key})")


def decoding_overrides(options: Namespace) -> Overrides:
    """Options that were given as overrides of their keys. A beam's width asks for a beam unless --decoder is given."""
    given = [(option, key, getattr(options, _place(key))) for option, key, *_ in _OPTIONS]
    found = [Override(key, value, f"{option} {value}") for option, key, value in given if value is not None]
    names = {override.name for override in found}
    if "beamWidth" in names and "decoder" not in names:
        found.append(Override("decoder", "beam", "--beam"))
    return found


def _place(key: str) -> str:
    """Of an option's value; other options may have the key's name."""
    return f"key_{key}"
