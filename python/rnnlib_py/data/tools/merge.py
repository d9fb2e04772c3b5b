# SPDX-License-Identifier: Apache-2.0
"""Merges data files into one."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.labels import fill_names
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.library import LibraryFile
from rnnlib_py.data.netcdf.recipe import read_recipe, recipe_difference
from rnnlib_py.data.normalisation import read_normalisation
from rnnlib_py.data.text import bytes_to_rows, decode, row_bytes
from rnnlib_py.data.tools.merge_columns import Column, MergedColumn, check_alike, column_of
from rnnlib_py.data.tools.netcdf_copy import chunks, copy_values, create_dimensions, create_variable, new_file, open_raw
from rnnlib_py.data.tools.sequence_rows import SequenceRows, sequence_dimensions
from rnnlib_py.system.files import path_list, replacing

_OPTIONAL = ("seqTags", "wordTargetStrings")  # a file without them has empty strings
_SIZES = ("numDims", "inputPattSize", "targetPattSize")


@dataclass(frozen=True)
class Merged:
    """What merge() has written.

    Attributes
    ----------
    path : str
    counts : list of int
        Sequences of each file.
    labels : list of str
        The label names of the whole.
    """

    path: str
    counts: list[int]
    labels: list[str]


def merge(output: str | os.PathLike[str], files: _Seq[str | os.PathLike[str]]) -> Merged:
    """Writes all sequences of several data files into one, one file after another.

    Parameters
    ----------
    output
        The file to write; it is written whole or not at all.
    files
        Data are copied in chunks. Label lists are joined by name, in order of first appearance; class indices follow.

    Raises
    ------
    DataError
        Sizes, variables, normalisations or recipes differ.
    ConfigError
        No files.
    IoError, FormatError
        What cannot be read or written.
    """
    if not files:
        raise ConfigError("no files were given to merge")
    paths = path_list(files)
    parts = [_Part(path) for path in paths]
    for part in parts[1:]:
        part.check_like(parts[0])
    whole = _Whole(parts)
    with replacing(Path(output)) as temporary, open_raw(paths[0]) as like, new_file(temporary, like) as target:
        whole.create(target, like)
        done: dict[str, int] = {}
        for part in parts:
            with open_raw(part.path) as source:
                part.append_to(target, source, whole, done)
    return Merged(os.fspath(output), [part.rows.num_seqs for part in parts], [decode(label) for label in whole.labels])


class _Part:
    """What must be known of a file before anything is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = SequenceRows(path)
        file = NetcdfFile(path)
        try:
            self.sizes = {name: file.find_dimension(name) for name in _SIZES}
            self.num_labels = file.find_dimension("numLabels")
            self.labels = _spelled_labels(file) if file.has("labels") else []
            self.normalisation = read_normalisation(file)
            self.recipe = read_recipe(file)
        finally:
            file.close()
        with open_raw(path) as raw:
            self.along = sequence_dimensions(raw, self.rows)
            self.names = list(raw.variables)
            self.columns = {
                name: column_of(variable, path)
                for name, variable in raw.variables.items()
                if self.rows.offsets(variable) is not None
            }

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
        for name in self.columns.keys() & first.columns.keys():
            check_alike(name, self.path, self.columns[name], first.path, first.columns[name])
        if self.along.keys() != first.along.keys():
            raise DataError(f"{self.path} does not match {first.path}: targets are laid out along other dimensions")
        if self.normalisation != first.normalisation:
            raise DataError(f"{self.path} is normalised otherwise than {first.path}")
        if difference := recipe_difference(self.recipe, first.recipe):
            raise DataError(f"{self.path} was prepared otherwise than {first.path}: {difference}")
        if not self.labels and self.num_labels != first.num_labels:
            raise DataError(
                f"{self.path} does not match {first.path}: numLabels is {self.num_labels}, not {first.num_labels}"
            )
        if bool(self.labels) != bool(first.labels):
            raise DataError(f"{self.path} does not match {first.path}: one of them has no labels")

    def append_to(self, target: LibraryFile, source: LibraryFile, whole: _Whole, done: dict[str, int]) -> None:
        """`done`: variable -> rows of earlier files."""
        numbers = np.array([whole.labels.index(label) for label in self.labels], dtype=np.int64)
        for name, merged in whole.columns.items():
            copy, start = target.variables[name], done.get(name, 0)
            width = copy.shape[1] if copy.ndim == 2 else 0
            if name not in self.columns:  # one of _OPTIONAL
                empty = np.zeros((self.rows.num_seqs, 1), dtype=np.uint8)
                copy[start : start + len(empty)] = merged.text(empty, width)
                done[name] = start + len(empty)
                continue
            values = source.variables[name]
            for chunk in chunks(values):
                block = merged.rows(values[chunk], self.columns[name].packing, width)
                if name == "targetClasses":
                    block = _renumbered(block, numbers)
                copy[start + chunk.start : start + chunk.stop] = block
            done[name] = start + values.shape[0]


def _spelled_labels(file: NetcdfFile) -> list[bytes]:
    """The label names as the file's target strings spell them; one without a name is named by its index."""
    rows = [row_bytes(row) for row in file.read("labels")]
    return [row or name.encode() for row, name in zip(rows, fill_names([decode(row) for row in rows]), strict=True)]


def _renumbered(classes: NDArray[Any], numbers: NDArray[np.int64]) -> NDArray[Any]:
    """-1, no target, stays."""
    known = (classes >= 0) & (classes < len(numbers))
    return np.where(known, numbers[np.where(known, classes, 0)], classes) if len(numbers) else classes


class _Whole:
    """The merged file."""

    def __init__(self, parts: list[_Part]) -> None:
        self.labels = list(dict.fromkeys(label for part in parts for label in part.labels))
        names = [*parts[0].columns, *(name for name in _OPTIONAL if name not in parts[0].columns)]
        found = {name: [part.columns[name] for part in parts if name in part.columns] for name in names}
        self.columns = {name: MergedColumn(name, columns) for name, columns in found.items() if columns}
        self._sizes = {name: sum(int(part.along[name][-1]) for part in parts) for name in parts[0].along}

    def create(self, target: LibraryFile, like: LibraryFile) -> None:
        """Dimensions and variables; what is not about sequences comes from the first file, `like`."""
        spellings = bytes_to_rows(self.labels).view(np.uint8) if self.labels else None
        sizes = self._sizes
        for name, variable in like.variables.items():
            if name in self.columns and self.columns[name].is_text and variable.ndim == 2:
                dimension = variable.dimensions[1]
                sizes[dimension] = max(sizes.get(dimension, 0), self.columns[name].width)
        if spellings is not None:
            sizes[like.variables["labels"].dimensions[0]] = len(self.labels)
            for dimension in like.variables["labels"].dimensions[1:]:  # which other strings may use, too
                sizes[dimension] = max(sizes.get(dimension, 0), spellings.shape[1])
        create_dimensions(target, like, sizes)
        for name, variable in like.variables.items():
            if name in self.columns:
                self.columns[name].create(target, variable.dimensions[0], variable)
            elif name == "labels" and spellings is not None:
                copy = create_variable(target, variable)
                kind = MergedColumn(name, [Column(variable.dtype, None, spellings.shape[1])])
                copy[:] = kind.text(spellings, copy.shape[1] if copy.ndim == 2 else 0)
            else:
                copy_values(variable, create_variable(target, variable))
        for name, column in self.columns.items():
            if name not in like.variables:
                column.create(target, "numSeqs", None)
