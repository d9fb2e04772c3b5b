# SPDX-License-Identifier: Apache-2.0
"""Data files written variable by variable, without the package's own writer, so that tests can spoil anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

Variables = dict[str, tuple[str, tuple[str, ...], Any]]


def chars(*strings: bytes, width: int = 0) -> np.ndarray:
    """Strings as rows of characters, filled up with NULs."""
    width = width or max(map(len, strings)) + 1
    return np.array(strings, dtype=f"S{width}").view("S1").reshape(len(strings), width)


class RawFile:
    """Dimensions and variables (type, dimension names, values) of a file to be written."""

    def __init__(
        self, dimensions: Mapping[str, int], variables: Mapping[str, tuple[str, tuple[str, ...], Any]]
    ) -> None:
        self.dimensions = dict(dimensions)
        self.variables: Variables = dict(variables)

    def set(self, name: str, kind: str, dimensions: tuple[str, ...], values: Any) -> RawFile:
        """Adds or replaces a variable; dimensions that do not exist take their size from the values."""
        values = np.asarray(values)
        for dimension, size in zip(dimensions, values.shape, strict=True):
            self.dimensions.setdefault(dimension, size)
        self.variables[name] = (kind, dimensions, values)
        return self

    def drop(self, *names: str) -> RawFile:
        """Takes variables away."""
        for name in names:
            del self.variables[name]
        return self

    def write(self, path: Path, variant: str = "NETCDF4") -> Path:
        with netCDF4.Dataset(path, "w", format=variant) as file:
            used = {name for _, dimensions, _ in self.variables.values() for name in dimensions}
            for name, size in self.dimensions.items():
                if name in used or name.startswith(("num", "input", "target")):
                    file.createDimension(name, size)
            for name, (kind, dimensions, values) in self.variables.items():
                file.createVariable(name, str if kind == "str" else kind, dimensions)[:] = values
        return path


def base(num_dims: int = 1) -> RawFile:
    """Three sequences of 4, 6 and 2 points and 2 inputs per point, tags s0 to s2; no targets."""
    sizes = {1: [[4], [6], [2]], 2: [[2, 2], [3, 2], [1, 2]], 3: [[2, 1, 2], [1, 3, 2], [1, 2, 1]]}[num_dims]
    raw = RawFile({"numSeqs": 3, "numTimesteps": 12, "inputPattSize": 2, "numDims": num_dims}, {})
    raw.set("inputs", "f4", ("numTimesteps", "inputPattSize"), np.arange(24).reshape(12, 2))
    raw.set("seqDims", "i4", ("numSeqs", "numDims"), sizes)
    return raw.set("seqTags", "S1", ("numSeqs", "maxSeqTagLength"), chars(b"s0", b"s1", b"s2"))


def with_labels(raw: RawFile, *labels: bytes) -> RawFile:
    """The file with these labels instead of those it had."""
    raw.dimensions.pop("numLabels", None)
    raw.dimensions.pop("maxLabelLength", None)
    return raw.set("labels", "S1", ("numLabels", "maxLabelLength"), chars(*labels))


def transcription(num_dims: int = 1) -> RawFile:
    """Labels a, b, c; targets "a b", "c", "b b a"."""
    strings = chars(b"a b", b"c", b"b b a")
    return with_labels(base(num_dims), b"a", b"b", b"c").set(
        "targetStrings", "S1", ("numSeqs", "maxTargStringLength"), strings
    )


def classification(num_dims: int = 1) -> RawFile:
    """Labels a, b, c; a class per point."""
    classes = [0, 1, 2, -1, 0, 0, 1, 1, 2, 2, -1, 0]
    return with_labels(base(num_dims), b"a", b"b", b"c").set("targetClasses", "i4", ("numTimesteps",), classes)


def sequence_classification() -> RawFile:
    return with_labels(base(), b"a", b"b", b"c").set("targetClasses", "i4", ("numSeqs",), [2, 0, 1])


def regression(num_dims: int = 1) -> RawFile:
    """Three targets per point."""
    return base(num_dims).set("targetPatterns", "f4", ("numTimesteps", "targetPattSize"), np.arange(36).reshape(12, 3))


def sequence_regression() -> RawFile:
    return base().set("targetPatterns", "f4", ("numSeqs", "targetPattSize"), np.arange(9).reshape(3, 3))


BY_TASK = {
    "transcription": transcription,
    "classification": classification,
    "sequence_classification": sequence_classification,
    "regression": regression,
    "sequence_regression": sequence_regression,
}
