# SPDX-License-Identifier: Apache-2.0
"""Where the labels of texts that are known lie in their sequences."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py._core import DataError, SkippedTarget
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.batching import batches, check_fits
from rnnlib_py.data.forms import Data, with_targets
from rnnlib_py.data.labels import fold
from rnnlib_py.model.html_tables import alignment_html
from rnnlib_py.model.network_data import NetworkData
from rnnlib_py.model.skipped_targets import SkippedTargetWarning, list_skipped
from rnnlib_py.system.caller import warn_caller


@dataclass(frozen=True, eq=False, repr=False)
class Alignment:
    """A sequence's target laid over the network's outputs: the most probable path that reads it.

    Attributes
    ----------
    tag : str
        Of the sequence; "#3" for the one at index 3 without any.
    labels : list of str
        The names of `indices`.
    indices : ndarray
        int64 (n,). The target.
    positions : ndarray
        int64 (n, 2). The first and the last output point of each label.
    input_positions : ndarray
        int64 (n, 2). The same places in the input: the first and the last point along its first dimension (x of an
        image) that those output points stand for.
    scores : ndarray
        float64 (n,), in [0, 1]. The mean probability of each label at its points.
    points : int
        Of the output.
    path_log_probability : float
        Natural logarithm of the path's probability.
    log_probability : float
        Natural logarithm of the target's probability: the sum over all paths that read it. ctcError is its negative.
    """

    tag: str
    labels: list[str]
    indices: NDArray[np.int64] = field(repr=False)
    positions: NDArray[np.int64] = field(repr=False)
    input_positions: NDArray[np.int64] = field(repr=False)
    scores: NDArray[np.float64] = field(repr=False)
    points: int
    path_log_probability: float
    log_probability: float

    def __repr__(self) -> str:
        return f"<Alignment {self.tag!r}: {fold(self.labels, ' ')}; score {self.score:.4g}>"

    def _repr_html_(self) -> str:
        return alignment_html(self)

    @property
    def score(self) -> float:
        """Of the whole sequence, in [0, 1]: the geometric mean of the path's probabilities at all its points. It is
        low where the target is not what the sequence holds."""
        return math.exp(self.path_log_probability / self.points) if self.points else 1.0

    def record(self) -> dict[str, Any]:
        """What `rnnlib-py align` writes.

        Returns
        -------
        dict
            "tag", "labels", "positions", "input_positions", "scores", "score", "path_log_probability" and
            "log_probability".
        """
        return {
            "tag": self.tag,
            "labels": self.labels,
            "positions": self.positions.tolist(),
            "input_positions": self.input_positions.tolist(),
            "scores": [round(score, 6) for score in self.scores.tolist()],
            "score": round(self.score, 6),
            "path_log_probability": round(self.path_log_probability, 6),
            "log_probability": round(self.log_probability, 6),
        }


class NetworkAlignment(NetworkData):
    """A network that can say where known labels are."""

    def align(
        self, data: Data, threads: int | None = None, raw: bool | None = None, skip: bool = False
    ) -> list[Alignment]:
        """Where the labels of each target of transcription are in its sequence, and how well they fit.

        Parameters
        ----------
        data
            As evaluate().
        threads
            See set_num_threads.
        raw
            As predict().
        skip
            True: targets that need more points than the output has are left out, with one SkippedTargetWarning.

        Returns
        -------
        list of Alignment
            One per sequence, in their order. Where best path decoding reads just the target, the positions are those of
            its prediction.

        Raises
        ------
        DataError
            Data that do not fit the network, and, without `skip`, a target that needs more points than the output has.
        ConfigError
            A network for another task.
        """
        found, skipped = self.alignments(data, threads, raw)
        if skipped:
            text = _misfits(skipped, len(found) + len(skipped))
            if not skip:
                raise DataError(text)
            warn_caller(f"{text}; no alignment has them", SkippedTargetWarning)
        return found

    def alignments(
        self, data: Data, threads: int | None = None, raw: bool | None = None
    ) -> tuple[list[Alignment], list[SkippedTarget]]:
        """Like align() with `skip`, with the targets that do not fit beside the alignments, and no warning.

        Parameters
        ----------
        data, threads, raw
            As align().

        Returns
        -------
        alignments : list of Alignment
        skipped : list
            Each with `tag`, `needed` and `available` points.
        """
        data = with_targets(data)
        check_fits(data, self.header)
        count, snapshot, names = num_threads(self.config, threads), self.core.snapshot(), list(self.header.labels)
        prepared, normalise = self._prepared(data, raw, targets=False)
        made: list[Alignment] = []
        skipped: list[SkippedTarget] = []
        for batch in batches(prepared, self.converted):
            found, misfits = self.core.align(batch.sequences, count, normalise, snapshot)
            skipped += misfits
            # Every output has a point; an alignment of none stands for a target that does not fit.
            made += [_make(tag, one, names) for tag, one in zip(batch.tags, found, strict=True) if one.points]
        return made, skipped


def _make(tag: str, found: _core.Alignment, names: _Seq[str]) -> Alignment:
    return Alignment(
        tag,
        [names[i] for i in found.labels],
        np.array(found.labels, dtype=np.int64),
        found.positions,
        found.input_positions,
        found.scores,
        found.points,
        found.path_log_probability,
        found.log_probability,
    )


def _misfits(skipped: _Seq[SkippedTarget], total: int) -> str:
    if len(skipped) == 1:
        target = skipped[0]
        return (
            f"sequence {target.tag}: its target needs {target.needed} output points, the network's output has "
            f"{target.available}"
        )
    return f"{len(skipped)} of {total} targets need more points than the network's output has: {list_skipped(skipped)}"
