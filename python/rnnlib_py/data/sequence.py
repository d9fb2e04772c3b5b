# SPDX-License-Identifier: Apache-2.0
"""One sequence of a data set."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, SequenceBatch
from rnnlib_py.data.text import split_words
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.system.units import count_text

_LONGEST = 60  # characters of a target in a repr
Target = int | NDArray[np.int32] | NDArray[np.float32] | None


def _shown(target: object) -> str:
    if target is None:
        return "no target"
    if isinstance(target, np.ndarray) and target.ndim:
        return f"target {target.dtype} {target.shape}"
    return f"target {_cut(repr(target))}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(eq=False, repr=False, slots=True)
class Sequence:
    """Inputs and target of one sequence. Shapes are in the network's order: for an image, x first, then y.

    What a Dataset gives has the types below. In a Sequence made by hand inputs may be numbers of any type (lists,
    tables, ...) and labels names or class numbers of any type: they are converted when it meets a Dataset, write_netcdf
    or a network.

    Attributes
    ----------
    inputs : ndarray
        float32 [*shape, input_size].
    target
        By task (label names: `data.header.labels`):

        - transcription: int32 [target length], label indices;
        - classification: int32 [*target_shape], a label index per point, -1 = no target at this point;
        - sequence_classification: an int, the label index, -1 = no target;
        - regression: float32 [*target_shape, target_size];
        - sequence_regression: float32 [target_size];
        - None when targets were not read.
    tag : str
        Names the sequence in messages and results.
    target_shape : tuple of int or None
        None where it is that of the inputs (or the target has no points of its own).
    importance : ndarray or None
        float32, one weight per target point, in the target's shape; a single one, of shape (), where the whole sequence
        has a target (a transcription, too). None: all 1.
    words : str
        The target words of dictionary decoding, separated by blanks.
    """

    inputs: NDArray[np.float32]
    target: Target = None
    tag: str = ""
    target_shape: tuple[int, ...] | None = None
    importance: NDArray[np.float32] | None = None
    words: str = ""

    def __repr__(self) -> str:
        return f"<Sequence {self.tag!r}: {self._inputs_text()}, {_shown(self.target)}>"

    def _repr_html_(self) -> str:
        """Which labels a target's numbers stand for is not known here."""
        target = self.target if self.target is None or isinstance(self.target, int) else str(self.target)
        rows = [("tag", self.tag), ("inputs", self._inputs_text()), ("target", _cut(str(target)))]
        return html_table("sequence", (), [*rows, *([("words", _cut(self.words))] if self.words else [])])

    def _inputs_text(self) -> str:
        try:
            *shape, size = np.shape(self.inputs)
        except ValueError:  # no array, or a single number
            return f"inputs of type {type(self.inputs).__name__}"
        return f"shape {tuple(shape)}, {count_text(size, 'input')}"

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the inputs per dimension; () for 0-D."""
        return np.shape(self.inputs)[:-1]

    @property
    def num_points(self) -> int:
        """Number of input points; 1 for 0-D."""
        return math.prod(self.shape)

    @property
    def target_classes(self) -> NDArray[np.int32] | None:
        """Label indices as int32 [n] (points in row-major order), or None when the target is not made of labels."""
        if isinstance(self.target, int):
            return np.array([self.target], dtype=np.int32)
        self._check_converted()
        if self.target is None or self.target.dtype != np.int32:
            return None
        return self.target.reshape(-1).view(np.int32)

    @property
    def target_patterns(self) -> NDArray[np.float32] | None:
        """Real-valued targets as float32 [target points, target_size], or None when the target is made of labels."""
        self._check_converted()
        if self.target is None or isinstance(self.target, int) or self.target.dtype != np.float32:
            return None
        return self.target.reshape(-1, self.target.shape[-1]).view(np.float32)

    def _check_converted(self) -> None:
        """DataError for a target made by hand that has not met a Dataset or a network: its labels are not known."""
        if self.target is None or isinstance(self.target, int):
            return
        if not isinstance(self.target, np.ndarray) or self.target.dtype not in (np.int32, np.float32):
            raise DataError(
                f"the target of sequence '{self.tag}' is not converted yet ({_shown(self.target)}): Dataset, "
                "write_netcdf and Network.converted do that"
            )

    def add_to(self, batch: SequenceBatch) -> None:
        """Appends this sequence to a batch of the engine, which keeps its arrays alive."""
        importance = None if self.importance is None else self.importance.reshape(-1)
        inputs = np.ascontiguousarray(self.inputs, np.float32)
        classes, patterns, words = self.target_classes, self.target_patterns, split_words(self.words)
        batch.add(inputs, classes, patterns, self.target_shape, importance, self.tag, words)
