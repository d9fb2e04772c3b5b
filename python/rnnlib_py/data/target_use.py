# SPDX-License-Identifier: Apache-2.0
"""What a sequence's target is good for: whether there is any, and how many output steps a transcription needs."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.sequence import Sequence


def has_target(sequence: Sequence) -> bool:
    """False when an error could never depend on the outputs: all classes are -1, no label, all importance 0."""
    classes, weights = sequence.target_classes, sequence.importance
    if classes is None:
        return sequence.target_patterns is not None and (weights is None or bool((weights > 0).any()))
    known = classes >= 0
    if weights is not None and weights.size in (1, known.size):  # 1: of a target for the whole sequence
        known &= weights.reshape(-1) > 0
    return bool(known.any())


def label_steps(labels: _Seq[str]) -> int:
    """ctc_steps() of labels by their names."""
    return len(labels) + sum(a == b for a, b in pairwise(labels))


def ctc_steps(labels: NDArray[np.int32]) -> int:
    """Steps that a transcription needs at least: one per label, and a blank between equal neighbours."""
    return len(labels) + int(np.count_nonzero(labels[1:] == labels[:-1]))
