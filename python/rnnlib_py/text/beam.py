# SPDX-License-Identifier: Apache-2.0
"""Beam search as a decoder for Network.predict, Network.evaluate and Network.stream."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from typing import Any

from rnnlib_py import _core
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.decoding import BoundDecoder
from rnnlib_py.text.language_files import PathText
from rnnlib_py.text.language_scorer import Language, make_scorer
from rnnlib_py.text.scorers import AnyScorer, core_scorer


@dataclass(frozen=True)
class Beam:
    """Prefix beam search: the n best labellings, alone or with a dictionary and a language model.

    The dictionary and the model are read once for each set of labels: keep the object when you use it again.

    Attributes
    ----------
    width : int
        Labellings that are kept at each output point. Wider is slower and finds better ones.
    n_best : int
        Readings that a prediction has at most; not more than `width`.
    lexicon : str, PathLike, Lexicon or None
        A dictionary: its file (`read_lexicon`), or one that was read for the network's labels.
    lm : str, PathLike, NgramModel or None
        A language model: its ARPA file, or one that was read. Its units are words when there is a dictionary, else the
        network's labels.
    lm_weight : float
        Of the model's log probabilities; 0 or more.
    word_bonus : float
        Added for each word, or for each label of a model over labels; natural logarithm.
    mode : str
        "closed": the dictionary's words only. "open": any other labels may stand between them.
    space : str
        The label between two words of the dictionary, which a network need not have when it is "␣"; "": none.
    num_words : int or None
        Words of the dictionary in each reading; None: any number.
    sentence_ends : bool
        Whether a sequence is a whole sentence, which the model begins and ends.
    unknown_score : float
        Log probability of a word of the dictionary that the model has not, and no <unk> either.
    free_score : float
        In the open mode: added for each label that belongs to no word.
    scorer : Scorer, NetworkScorer, function or None
        Rules of a program's own, or a network, added to what dictionary and model say: an object with the methods of
        Scorer; or a function of the labels so far (a list of their names), which gives their log probability.
    temperature : float
        Divides the net inputs of the softmax: above 1, probabilities are less extreme. See `rnnlib-py calibrate`.
    min_probability : float
        Less probable labels begin nowhere; 0: any may.
    beam_threshold : float
        Labellings that are this much behind the best (natural logarithm) are given up; inf: none are.
    blank_threshold : float
        Points whose blank is more probable than this are read as blank only; 1: none are.
    max_delay : int
        Output points. Labellings that differ from the best in a label that is older are given up; a stream gives the
        label out then, if not earlier.

    Raises
    ------
    ConfigError
        For options that make no sense.
    """

    width: int = 50
    n_best: int = 1
    lexicon: PathText | _core.Lexicon | None = None
    lm: PathText | _core.NgramModel | None = None
    lm_weight: float = 1.0
    word_bonus: float = 0.0
    mode: str = "closed"
    space: str = SPACE
    num_words: int | None = None
    sentence_ends: bool = True
    unknown_score: float = -20.0
    free_score: float = -1.0
    scorer: AnyScorer | None = None
    temperature: float = 1.0
    min_probability: float = 1e-4
    beam_threshold: float = 20.0
    blank_threshold: float = 1.0
    max_delay: int = 1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bound", {})  # no field: it says nothing of the decoder
        _core.BeamDecoder(self._options())
        self._language().check()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_bound": {}}

    def bind(self, labels: _Seq[str]) -> BoundDecoder:
        """The decoder for a network with these labels, without the blank.

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
        known: dict[tuple[str, ...], BoundDecoder] = self.__dict__["_bound"]
        key = tuple(labels)
        if key not in known:
            scorer, lexicon = make_scorer(self._language(), labels)
            if self.scorer is not None:
                own = core_scorer(self.scorer, labels)
                scorer = own if scorer is None else _core.SumScorer([(scorer, 1.0), (own, 1.0)])
            known[key] = BoundDecoder(_core.BeamDecoder(self._options(), scorer), lexicon)
        return known[key]

    def _language(self) -> Language:
        options = _core.LanguageOptions()
        options.weight = self.lm_weight
        options.word_bonus = self.word_bonus
        options.mode = self.mode
        options.num_words = -1 if self.num_words is None else self.num_words
        options.sentence_ends = self.sentence_ends
        options.unknown_score = self.unknown_score
        options.free_score = self.free_score
        return Language(self.lexicon, self.lm, self.space, options)

    def _options(self) -> _core.BeamOptions:
        options = _core.BeamOptions()
        options.width = self.width
        options.n_best = self.n_best
        options.temperature = self.temperature
        options.min_probability = self.min_probability
        options.beam_threshold = self.beam_threshold
        options.blank_threshold = self.blank_threshold
        options.max_delay = self.max_delay
        return options
