# SPDX-License-Identifier: Apache-2.0
"""Merges data files into one."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.labels import fill_names
from rnnlib_py.data.netcdf_file import NetcdfFile
from rnnlib_py.data.netcdf_library import LibraryFile
from rnnlib_py.data.normalisation import read_normalisation
from rnnlib_py.data.text import bytes_to_rows, decode, row_bytes
from rnnlib_py.files import replacing
from rnnlib_py.tools.netcdf_copy import copy_values, create_dimensions, create_variable, new_file, open_raw, pieces
from rnnlib_py.tools.sequence_rows import SequenceRows, sequence_dimensions

_OPTIONAL = ("seqTags", "wordTargetStrings")  # a file without them has empty strings
_SIZES = ("numDims", "inputPattSize", "targetPattSize")


@dataclass(frozen=True)
class Merged:
    """`counts`: sequences of each file; `labels`: the label names of the whole."""

    path: str
    counts: list[int]
    labels: list[str]


def merge(output: str | os.PathLike[str], files: _Seq[str | os.PathLike[str]]) -> Merged:
    """All sequences of the files, one file after another. Label lists are joined by name, in order of first appearance;
    class indices follow. Data are copied in pieces; the output is written whole or not at all.

    Raises DataError when sizes, variables or normalisations differ, ConfigError without files, IoError, FormatError.
    """
    if not files:
        raise ConfigError("no files were given to merge")
    paths = [Path(file) for file in files]
    parts = [_Part(path) for path in paths]
    for part in parts[1:]:
        part.check_like(parts[0])
    labels = list(dict.fromkeys(label for part in parts for label in part.labels))
    with replacing(Path(output)) as temporary, open_raw(paths[0]) as like, new_file(temporary, like) as target:
        _create(target, like, parts, labels)
        done: dict[str, int] = {}
        for part in parts:
            with open_raw(part.path) as source:
                part.append_to(target, source, labels, done)
    return Merged(os.fspath(output), [part.rows.num_seqs for part in parts], [decode(label) for label in labels])


class _Part:
    """What must be known of a file before anything is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = SequenceRows(path)
        file = NetcdfFile(path)
        try:
            self.sizes = {name: file.find_dimension(name) for name in _SIZES}
            self.labels = _spelled_labels(file) if file.has("labels") else []
            self.normalisation = read_normalisation(file)
        finally:
            file.close()
        with open_raw(path) as raw:
            self.along = sequence_dimensions(raw, self.rows)
            self.names = list(raw.variables)
            self.widths = {n: v.shape[1:] for n, v in raw.variables.items() if self.rows.offsets(v) is not None}

    def check_like(self, first: _Part) -> None:
        for name in _SIZES:
            if self.sizes[name] != first.sizes[name]:
                raise DataError(
                    f"{self.path} does not match {first.path}: {name} is {self.sizes[name]}, not {first.sizes[name]}"
                )
        for name in {*self.names, *first.names}:
            if name not in _OPTIONAL and (name in self.names) != (name in first.names):
                has, lacks = (self, first) if name in self.names else (first, self)
                raise DataError(f"variable '{name}' is in {has.path} but not in {lacks.path}")
        if self.along.keys() != first.along.keys():
            raise DataError(f"{self.path} does not match {first.path}: targets are laid out along other dimensions")
        if self.normalisation != first.normalisation:
            raise DataError(f"{self.path} is normalised otherwise than {first.path}")
        if bool(self.labels) != bool(first.labels):
            raise DataError(f"{self.path} does not match {first.path}: one of them has no labels")

    def append_to(self, target: Any, source: Any, labels: list[bytes], done: dict[str, int]) -> None:
        """`done`: variable -> rows of earlier files."""
        numbers = np.array([labels.index(label) for label in self.labels], dtype=np.int64)
        for name in target.variables:
            if name not in self.widths:
                if name in _OPTIONAL:
                    _append_empty(target.variables[name], self.rows.num_seqs, done)
                continue
            values = source.variables[name]
            start = done.get(name, 0)
            for piece in pieces(values):
                block = np.asarray(values[piece])
                if name == "targetClasses":
                    block = _renumbered(block, numbers)
                copy = target.variables[name]
                copy[start + piece.start : start + piece.stop] = _widened(block, copy.shape[1:])
            done[name] = start + values.shape[0]


def _spelled_labels(file: NetcdfFile) -> list[bytes]:
    """The label names as the file's target strings spell them; one without a name is named by its index."""
    rows = [row_bytes(row) for row in file.read("labels")]
    return [row or name.encode() for row, name in zip(rows, fill_names([decode(row) for row in rows]), strict=True)]


def _widened(block: Any, columns: tuple[int, ...]) -> Any:
    """Rows of strings filled up with NULs to their new length."""
    if block.shape[1:] == columns:
        return block
    wide = np.zeros((len(block), *columns), dtype=block.dtype)
    wide[:, : block.shape[1]] = block
    return wide


def _renumbered(classes: Any, numbers: Any) -> Any:
    """-1, no target, stays."""
    known = (classes >= 0) & (classes < len(numbers))
    return np.where(known, numbers[np.where(known, classes, 0)], classes)


def _append_empty(variable: Any, count: int, done: dict[str, int]) -> None:
    start = done.get(variable.name, 0)
    variable[start : start + count] = np.zeros((count, variable.shape[1]), dtype="S1")
    done[variable.name] = start + count


def _create(target: LibraryFile, like: LibraryFile, parts: list[_Part], labels: list[bytes]) -> None:
    """Dimensions and empty variables of the whole; what is not about sequences comes from the first file."""
    spellings = bytes_to_rows(labels) if labels else None
    sizes = {name: sum(int(part.along[name][-1]) for part in parts) for name in parts[0].along}
    for name, variable in like.variables.items():
        for axis, dimension in enumerate(variable.dimensions[1:]):
            widths = [part.widths[name][axis] for part in parts if name in part.widths]
            if widths and variable.dtype == "S1":
                sizes[dimension] = max([sizes.get(dimension, 0), *widths])
    if spellings is not None:
        sizes["numLabels"] = len(labels)
        dimension = like.variables["labels"].dimensions[1]  # which other strings may use, too
        sizes[dimension] = max(sizes.get(dimension, 0), spellings.shape[1])
    create_dimensions(target, like, sizes)
    for name, variable in like.variables.items():
        copy = create_variable(target, variable)
        if name == "labels":
            copy[:] = _widened(spellings, copy.shape[1:])
        elif name not in parts[0].widths:
            copy_values(variable, copy)
    _create_optional(target, parts)


def _create_optional(target: LibraryFile, parts: list[_Part]) -> None:
    """Strings that the first file lacks, but another has."""
    for name in _OPTIONAL:
        widths = [part.widths[name][0] for part in parts if name in part.widths]
        if widths and name not in target.variables:
            dimension = f"max{name[0].upper()}{name[1:]}Length"
            target.create_dimension(dimension, max(widths))
            target.create_variable(name, "S1", ("numSeqs", dimension))
