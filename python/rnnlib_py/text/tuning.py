# SPDX-License-Identifier: Apache-2.0
"""Finds a beam search's weights and width on validation data."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from rnnlib_py._core import ConfigError
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data import Dataset
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.language_files import read_ngram_model
from rnnlib_py.text.read_outputs import read_outputs
from rnnlib_py.text.tokens import Characters, TextOptions
from rnnlib_py.text.tuning_errors import CRITERIA, ReadingErrors
from rnnlib_py.text.tuning_search import Range, Search, Trial, check_range

_WIDEST_IN_GRID = 32  # the other numbers depend little on the width


@dataclass(frozen=True)
class TuningOptions:
    """What is searched.

    Attributes
    ----------
    criterion : str
        The error that counts: "labelError", "cer" (characters), or "wer", which is also called "wordError" (words).
    characters : str
        What a character is: "graphemes" (what readers take for one) or "codepoints".
    lm_weight, word_bonus, free_score : Range
        Where the weight of the language model, the bonus and the score of free text are looked for.
    tolerance : float
        The narrowest beam is taken whose error is at most that of the widest one times 1 + tolerance.
    """

    criterion: str = "labelError"
    characters: Characters = "graphemes"
    lm_weight: Range = field(default_factory=lambda: Range(0.0, 3.0))
    word_bonus: Range = field(default_factory=lambda: Range(-2.0, 4.0))
    free_score: Range = field(default_factory=lambda: Range(-4.0, 0.0))
    tolerance: float = 0.01

    def check(self) -> None:
        """ConfigError for what makes no sense."""
        if self.criterion not in CRITERIA:
            raise ConfigError(f"criterion is {self.criterion!r}, expected one of {', '.join(CRITERIA)}")
        check_range(self.lm_weight, "weight of the language model", 0.0)
        check_range(self.word_bonus, "word bonus")
        check_range(self.free_score, "score of free text")
        if self.free_score.high > 0:
            raise ConfigError(f"score of free text: expected numbers up to 0, found {self.free_score.high:g}")
        if not (math.isfinite(self.tolerance) and self.tolerance >= 0):
            raise ConfigError(f"tolerance is {self.tolerance:g}, expected a number from 0 on")


@dataclass(frozen=True, eq=False)
class Tuning:
    """What tune_decoder() found.

    Attributes
    ----------
    criterion : str
    best_path_error : float
        Of best path decoding, as a fraction.
    best : Trial
        The narrowest beam that is about as good as the widest one, with the best numbers.
    trials : list of Trial
        All that were tried, in their order.
    """

    criterion: str
    best_path_error: float
    best: Trial
    trials: list[Trial] = field(repr=False)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "criterion": self.criterion,
            "bestPathError": self.best_path_error,
            "best": self.best.record(),
            "trials": [trial.record() for trial in self.trials],
        }


def tune_decoder(
    network: Network,
    data: Dataset,
    beam: Beam,
    options: TuningOptions | None = None,
    progress: Callable[[Trial], None] | None = None,
) -> Tuning:
    """Finds the weights and the width of a beam search on data that the network has not learned from. The network's
    outputs are computed once.

    Parameters
    ----------
    network
        Of transcription.
    data
        With targets.
    beam
        Dictionary, language model and all else that is not searched; its width is the widest that is tried.
    options
        What is searched; None: TuningOptions().
    progress
        Called after each trial.

    Raises
    ------
    ConfigError
        Another task, options that make no sense, or a criterion that the network's labels do not have.
    DataError
        Data without sequences or targets, or that do not fit the network.
    IoError, FormatError
        What Beam.bind raises.
    """
    options = options or TuningOptions()
    options.check()
    if not find_task(network.task).transcribes:
        raise ConfigError(f"task {network.task} takes no decoder; expected transcription")
    names = list(network.header.labels)
    errors = ReadingErrors(names, beam.space, options.criterion, TextOptions(characters=options.characters))
    search = Search(_loaded(beam, names), names, num_threads(network.config, None), progress)
    search.set_data(read_outputs(network, data), errors)
    has_words = beam.lm is not None or beam.lexicon is not None
    has_free_text = beam.lexicon is not None and beam.mode == "open"
    ranges = [
        options.lm_weight if beam.lm is not None else Range(beam.lm_weight, beam.lm_weight),
        options.word_bonus if has_words else Range(beam.word_bonus, beam.word_bonus),
        options.free_score if has_free_text else Range(beam.free_score, beam.free_score),
    ]
    best = search.refine(ranges, min(beam.width, _WIDEST_IN_GRID))
    best = search.narrow(best, beam.width, options.tolerance)
    return Tuning(options.criterion, search.best_path_error, best, search.trials)


def _loaded(beam: Beam, names: list[str]) -> Beam:
    """The same with its files read."""
    lexicon = beam.bind(names).lexicon
    model = read_ngram_model(beam.lm) if isinstance(beam.lm, (str, os.PathLike)) else beam.lm
    return replace(beam, lexicon=lexicon, lm=model)
