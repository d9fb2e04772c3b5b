# SPDX-License-Identifier: Apache-2.0
"""A short hash of a data set's contents, by which a save recognises its data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from rnnlib_py.data.dataset import Dataset
from rnnlib_py.data.spread import spread_evenly

_SAMPLE = 64  # sequences of each file whose values are looked at


def fingerprint(sets: Iterable[Dataset]) -> str:
    """16 hexadecimal digits, from the sets' sequences in their order: their number, shapes and tags, and the inputs,
    targets and importance of a sample that is spread evenly. Names and formats of files play no part in it."""
    found = hashlib.blake2b(digest_size=8, usedforsecurity=False)
    for data in sets:
        found.update(f"{len(data)} ".encode())
        found.update(data.shapes.astype("<i8").tobytes())
        found.update("\0".join(data.tags()).encode("utf-8", "surrogateescape"))
        for i in spread_evenly(len(data), _SAMPLE).tolist():  # one by one: they may be large
            (sequence,) = data.read_many([i], check=False)
            for values in (sequence.inputs, sequence.target_classes, sequence.target_patterns, sequence.importance):
                if values is not None:
                    found.update(np.ascontiguousarray(values).tobytes())
    return found.hexdigest()
