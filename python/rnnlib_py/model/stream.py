# SPDX-License-Identifier: Apache-2.0
"""Prediction of a sequence that is still coming in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnlib_py import _core
from rnnlib_py.data.values import as_numbers
from rnnlib_py.model.decoding import BoundDecoder
from rnnlib_py.system.html_tables import first_rows, html_table


@dataclass(frozen=True, eq=False)
class StreamOutput:
    """The output points that some inputs have completed, counted from the beginning of the sequence.

    Attributes
    ----------
    first_point : int
        The number of the first of them.
    labels : list of str
        The names of `indices`.
    indices : ndarray
        int64. Classification: a label per point; transcription: those that became certain with these points, which
        are those of the best path that begin at them; regression: empty.
    starts : ndarray
        int64. Transcription: where the labels begin.
    outputs : ndarray
        float64 (points, units), as Prediction.outputs.
    """

    first_point: int
    labels: list[str] = field(repr=False)
    indices: NDArray[np.int64]
    starts: NDArray[np.int64]
    outputs: NDArray[np.float64] = field(repr=False)

    def _repr_html_(self) -> str:
        points = self.starts if len(self.starts) else self.first_point + np.arange(len(self.labels))
        caption = f"{len(self.outputs)} output points from {self.first_point} on"
        rows = [(label, str(point)) for label, point in zip(self.labels, points.tolist(), strict=True)]
        return html_table(caption, ("label", "point"), first_rows(rows))


class Stream:
    """A sequence on its way through a network; made by Network.stream().

    It keeps the weights that the network had at the sequence's first push: weights that are set meanwhile are used from
    the next sequence on, after finish() or reset(). For one thread at a time: a second one gets a RuntimeError. Any
    number of streams of one network may be used at once.
    """

    def __init__(self, core: _core.Network, raw: bool, decoder: BoundDecoder | None = None) -> None:
        self._core = _core.Stream(core)
        self._core.set_raw(raw)
        if decoder is not None:
            self._core.set_decoder(decoder.core)
        self._names = list(core.header.labels)

    def __reduce__(self) -> tuple[Any, ...]:
        return self._core.__reduce__()  # type: ignore[return-value]  # says in a TypeError why not

    def push(self, inputs: ArrayLike) -> StreamOutput:
        """The next points of the sequence; gives the outputs they complete, none while blocks fill and while
        convolutions, which look ahead by half their kernel, wait for points.

        Parameters
        ----------
        inputs
            (points, input size).

        Raises
        ------
        DataError
            Another shape. The sequence then stays where it was, as after the error below.
        NumericError
            NaN or infinite inputs.
        """
        return self._output(*self._core.push(as_numbers(inputs, "inputs")))

    def finish(self) -> StreamOutput:
        """The end of the sequence: gives the outputs that are still due, of blocks that are not full and convolutions
        that look ahead; zeros follow the last point. The stream is then ready for another sequence."""
        return self._output(*self._core.finish())

    def reset(self) -> None:
        """Forgets the sequence begun."""
        self._core.reset()

    def _output(self, first: int, outputs: NDArray[np.float64], labels: list[int], starts: list[int]) -> StreamOutput:
        names = [self._names[i] for i in labels]
        return StreamOutput(first, names, np.array(labels, dtype=np.int64), np.array(starts, dtype=np.int64), outputs)
