# SPDX-License-Identifier: Apache-2.0
"""The error of many readings against the same targets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.text.alignment import align, count_edits
from rnnlib_py.text.evaluation import LabelCutter
from rnnlib_py.text.tokens import TextOptions

CRITERIA = {"labelError": "labels", "wordError": "words", "cer": "characters", "wer": "words"}  # -> unit
_CODE_POINTS = TextOptions(characters="codepoints")


class ReadingErrors:
    """Edits by the length of the targets, in the criterion's unit."""

    def __init__(self, names: list[str], space: str, criterion: str, options: TextOptions | None = None) -> None:
        """`options`: how characters are made comparable and cut. ConfigError for a criterion that labels with these
        names do not have, or where cutting needs a package that is not installed."""
        self._unit = CRITERIA[criterion]
        options = options or TextOptions()
        # Only characters need more than code points.
        self._cutter = LabelCutter(names, space, options if self._unit == "characters" else _CODE_POINTS)
        if self._unit not in self._cutter.tokens(np.zeros(0, dtype=np.int64)):
            why = f"there is no label {space!r}" if self._unit == "words" else "not every label is a character"
            raise ConfigError(f"criterion {criterion}: the network's labels make no {self._unit}, since {why}")
        self._targets: list[list[str]] = []
        self._length = 0

    def set_targets(self, targets: list[NDArray[np.int64]]) -> None:
        """What should be read. DataError where that is nothing."""
        self._targets = [self._cutter.tokens(target)[self._unit] for target in targets]
        self._length = sum(map(len, self._targets))
        if self._length == 0:
            raise DataError(f"the targets have no {self._unit} to compare readings with")

    def of(self, readings: list[list[int]]) -> float:
        """The error of readings, as label indices, one for each target."""
        edits = 0
        for target, indices in zip(self._targets, readings, strict=True):
            found = self._cutter.tokens(np.array(indices, dtype=np.int64))[self._unit]
            edits += 0 if found == target else count_edits(align(target, found)).total
        return edits / self._length
