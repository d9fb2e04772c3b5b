# SPDX-License-Identifier: Apache-2.0
"""The forms in which functions take data: a Dataset, arrays, Sequences, pairs (inputs, target), dicts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.convert import raw_sequence
from rnnlib_py.data.dataset import Dataset
from rnnlib_py.data.sequence import Sequence

Item: TypeAlias = Sequence | NDArray[Any] | tuple[Any, Any] | Mapping[str, Any]  # a sequence, with a target or without
Data: TypeAlias = Dataset | Item | Iterable[Item]

_EXPECTED = "a Dataset, or a list of Sequences, of arrays, or of pairs (inputs, target)"


def as_sequence(item: Item, i: int = 0) -> Sequence:
    """One sequence, not yet converted: an array (*shape, input size) has no target. `i`: its number, for messages."""
    if isinstance(item, np.ndarray):
        return Sequence(item)
    if not isinstance(item, (Sequence, Mapping, tuple, list)):
        raise DataError(
            f"sequence {i} is {type(item).__name__}; expected a Sequence, an array, a pair (inputs, target) or a dict"
        )
    return raw_sequence(item, i)


def sequences_of(data: Item | Iterable[Item]) -> Iterable[Sequence]:
    """All of them, one after the other. DataError for what is no data."""
    if isinstance(data, (Sequence, np.ndarray, Mapping)):
        return [as_sequence(data)]
    if isinstance(data, (str, bytes, os.PathLike)):
        raise DataError(f"expected {_EXPECTED}, found {data!r}: Dataset.read opens a file")
    if not isinstance(data, Iterable):
        raise DataError(f"expected {_EXPECTED}, found {type(data).__name__}")
    return (as_sequence(item, i) for i, item in enumerate(data))


def with_targets(data: Data) -> Data:
    """Data whose targets are needed: a tuple of all inputs and all targets becomes Sequences, other forms stay."""
    if not isinstance(data, tuple) or len(data) != 2 or any(isinstance(x, (Sequence, Mapping, tuple)) for x in data):
        return data
    inputs, targets = (_entries(values, name) for values, name in zip(data, ("inputs", "targets"), strict=True))
    if len(inputs) != len(targets):
        raise DataError(f"the pair (inputs, targets) has {len(inputs)} inputs and {len(targets)} targets")
    return [Sequence(x, target) for x, target in zip(inputs, targets, strict=True)]


def _entries(values: Any, name: str) -> list[Any]:
    """One per sequence."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable) or getattr(values, "ndim", 1) == 0:
        raise DataError(f"{name} of the pair (inputs, targets) are {values!r}, expected an entry per sequence")
    return list(values)
