# SPDX-License-Identifier: Apache-2.0
"""Tries beam searches over outputs that were computed once: on a coarse grid, on finer ones around the best point, and
with narrower beams."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from collections.abc import Sequence as _Seq
from dataclasses import asdict, astuple, dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.data import DataWarning
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.read_outputs import ReadSequence, in_threads
from rnnlib_py.text.tuning_errors import ReadingErrors

_COARSE = 5  # points of the first grid, along each number
_ROUNDS = 3  # of finer grids, each with half the steps of the one before


@dataclass(frozen=True)
class Range:
    """Numbers that are searched.

    Attributes
    ----------
    low, high : float
        The ends. Where they are equal the number is fixed.
    """

    low: float
    high: float


def check_range(found: Range, name: str, least: float = -math.inf) -> None:
    """ConfigError unless both ends are finite, in order, and at least `least`."""
    if math.isfinite(found.low) and math.isfinite(found.high) and least <= found.low <= found.high:
        return
    bound = "" if least == -math.inf else f" from {least:g} on"
    raise ConfigError(
        f"{name}: expected two numbers{bound}, the lower one first; found {found.low:g} and {found.high:g}"
    )


def _points(within: Range) -> list[float]:
    """The coarse grid: at equal distances, from end to end."""
    return sorted(set(np.linspace(within.low, within.high, _COARSE).tolist()))


def _near(within: Range, centre: float, step: float) -> list[float]:
    """A number and its neighbours on a grid, as far as they are in the range."""
    return sorted({number for number in (centre - step, centre, centre + step) if within.low <= number <= within.high})


@dataclass(frozen=True)
class Setting:
    """Numbers of a Beam that are searched together.

    Attributes
    ----------
    lm_weight, word_bonus, free_score : float
    """

    lm_weight: float
    word_bonus: float
    free_score: float

    def rounded(self) -> Setting:
        """As they are stored."""
        return Setting(*(round(number, 4) for number in astuple(self)))


@dataclass(frozen=True)
class Trial:
    """A decoder that was tried.

    Attributes
    ----------
    setting : Setting
    width : int
    error : float
        Of the criterion, as a fraction.
    """

    setting: Setting
    width: int
    error: float

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self.setting), "width": self.width, "error": self.error}


class Search:
    """The trials, each made once.

    Attributes
    ----------
    trials : list of Trial
        In their order.
    best_path_error : float
        The error of best path decoding.
    """

    def __init__(self, beam: Beam, names: list[str], threads: int, progress: Callable[[Trial], None] | None) -> None:
        self._beam = beam
        self._names = names
        self._threads = threads
        self._progress = progress
        self._outputs: list[NDArray[np.float64]] = []
        self._errors: ReadingErrors | None = None
        self.trials: list[Trial] = []
        self.best_path_error = 0.0

    def set_data(self, sequences: list[ReadSequence], errors: ReadingErrors) -> None:
        """What is read, and how it is scored."""
        errors.set_targets([sequence.target for sequence in sequences])
        self._outputs = [sequence.prediction.outputs for sequence in sequences]
        self._errors = errors
        self.best_path_error = errors.of([sequence.prediction.indices.tolist() for sequence in sequences])

    def refine(self, ranges: _Seq[Range], width: int) -> Trial:
        """The best of a coarse grid and of finer ones around its best point; a range for each number of a Setting."""
        steps = [(one.high - one.low) / (_COARSE - 1) for one in ranges]
        best = self._best_of([_points(one) for one in ranges], width)
        for _ in range(_ROUNDS):
            steps = [step / 2 for step in steps]
            around = zip(ranges, astuple(best.setting), steps, strict=True)
            best = self._best_of([_near(*one) for one in around], width)
        return best

    def narrow(self, best: Trial, widest: int, tolerance: float) -> Trial:
        """The narrowest beam that is about as good as the widest one: powers of two are tried."""
        goal = self.trial(best.setting, widest).error * (1 + tolerance)
        width = 1
        while width < self._beam.n_best:
            width *= 2
        while width < widest:
            found = self.trial(best.setting, width)
            if found.error <= goal:
                return found
            width *= 2
        return self.trial(best.setting, widest)

    def trial(self, setting: Setting, width: int) -> Trial:
        """The error of a decoder; one that was tried before is not tried again."""
        setting = setting.rounded()
        for known in self.trials:
            if (known.setting, known.width) == (setting, width):
                return known
        beam = replace(self._beam, **asdict(setting), width=width, n_best=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)  # the files were warned of when they were read
            decoder = beam.bind(self._names).core
        readings = in_threads(lambda outputs: decoder.decode(outputs).labels, self._outputs, self._threads)
        assert self._errors is not None
        found = Trial(setting, width, self._errors.of(readings))
        self.trials.append(found)
        if self._progress is not None:
            self._progress(found)
        return found

    def _best_of(self, numbers: _Seq[_Seq[float]], width: int) -> Trial:
        """With equal errors the one that changes less."""
        grid = [self.trial(Setting(*values), width) for values in product(*numbers)]
        return min(grid, key=lambda trial: (trial.error, *(abs(number) for number in astuple(trial.setting))))
