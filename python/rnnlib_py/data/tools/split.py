# SPDX-License-Identifier: Apache-2.0
"""Splits a data file by sequences at random, or a list of file names by lines."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence as _Seq
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.library import LibraryFile
from rnnlib_py.data.text import decode, row_bytes
from rnnlib_py.data.tools.netcdf_copy import chunks, copy_values, create_dimensions, create_variable, new_file, open_raw
from rnnlib_py.data.tools.sequence_rows import Offsets, SequenceRows, sequence_dimensions
from rnnlib_py.system.files import is_netcdf, read_text, replacing, write_atomically

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a split.

    Attributes
    ----------
    path : str
    sequences : ndarray
        The numbers of its sequences (or lines) in the whole, ascending.
    """

    path: str
    sequences: Numbers


def split(
    file: str | os.PathLike[str],
    fractions: _Seq[float],
    outputs: _Seq[str | os.PathLike[str]] | None = None,
    seed: int = 1,
    tag_prefix: str | int | None = None,
) -> list[Part]:
    """Splits a data file by sequences, or a text file by lines, at random.

    Parameters
    ----------
    file
        Data are copied in chunks.
    fractions
        A part for each: sequences chosen at random, kept in their order. Fractions that add up to less than 1 leave
        sequences out.
    outputs
        The parts' names; None: <stem>_train, _val, _test (two fractions: _train, _test; else _1, _2, ...) beside
        `file`.
    seed
        The same seed, the same parts.
    tag_prefix
        Sequences whose tags begin alike stay together (a writer, a page): a number of characters, or a regular
        expression for the beginning.

    Raises
    ------
    ConfigError
        Fractions or names that make no parts. Nothing is written then, as after the errors below.
    DataError
        Too few sequences or groups, or tags without the prefix.
    IoError, FormatError
        What cannot be read or written.
    """
    path = Path(file)
    names = _outputs(path, len(fractions), outputs)
    _check_fractions(fractions)
    if is_netcdf(path):
        rows = SequenceRows(path)
        groups = _groups(path, rows.num_seqs, tag_prefix)
        parts = deal_groups(groups, fractions, seed, f"{path}: sequences")
        with ExitStack() as stack:
            for name, numbers in zip(names, parts, strict=True):
                temporary = stack.enter_context(replacing(name))
                with open_raw(path) as source, new_file(temporary, source) as target:
                    copy_sequences(source, target, rows, numbers)
    else:
        if tag_prefix is not None:
            raise ConfigError(f"{path}: is not a data file, so there are no tags")
        lines = [line for line in read_text(path).splitlines() if line.strip()]
        parts = deal_groups([np.array([i]) for i in range(len(lines))], fractions, seed, f"{path}: lines")
        for name, numbers in zip(names, parts, strict=True):
            write_atomically(name, "".join(f"{lines[i]}\n" for i in numbers.tolist()))
    return [Part(str(name), numbers) for name, numbers in zip(names, parts, strict=True)]


def _check_fractions(fractions: _Seq[float]) -> None:
    if not fractions or any(not f > 0 for f in fractions) or sum(fractions) > 1 + 1e-9:
        text = ",".join(f"{f:g}" for f in fractions)
        raise ConfigError(f"fractions {text}: expected positive numbers that add up to 1 at most")


def _outputs(path: Path, count: int, outputs: _Seq[str | os.PathLike[str]] | None) -> list[Path]:
    if outputs is None:
        usual = {2: ["train", "test"], 3: ["train", "val", "test"]}
        endings = usual.get(count, [str(i + 1) for i in range(count)])
        if not path.name:
            raise IoError(f"{path}: is a folder, expected a file")
        return [path.with_name(f"{path.stem}_{ending}{path.suffix}") for ending in endings]
    if len(outputs) != count:
        raise ConfigError(f"{count} fractions, but {len(outputs)} names of outputs")
    names = [Path(output) for output in outputs]
    if len({name.resolve() for name in [*names, path]}) <= count:
        raise ConfigError(f"outputs must differ from each other and from {path}")
    return names


def _groups(path: Path, num_seqs: int, tag_prefix: str | int | None) -> list[Numbers]:
    """Numbers of the sequences that stay together, in the order of their first."""
    if tag_prefix is None:
        return [np.array([i]) for i in range(num_seqs)]
    found: dict[str, list[int]] = {}
    for i, tag in enumerate(read_tags(path)):
        found.setdefault(_prefix(tag, tag_prefix, path), []).append(i)
    return [np.array(numbers) for numbers in found.values()]


def read_tags(path: Path) -> list[str]:
    """DataError when the file has none."""
    file = NetcdfFile(path)
    try:
        if not file.has("seqTags"):
            raise DataError(f"{path}: the sequences have no tags (variable 'seqTags')")
        return [decode(row_bytes(row)) for row in file.read("seqTags")]
    finally:
        file.close()


def _prefix(tag: str, rule: str | int, path: Path) -> str:
    if isinstance(rule, int):
        return tag[:rule]
    try:
        found = re.match(rule, tag)
    except re.error as error:
        raise ConfigError(f"tag prefix {rule!r} is no regular expression: {error}") from None
    if found is None or not found[0]:
        raise DataError(f"{path}: tag '{tag}' does not begin with {rule!r}")
    return found[0]


def deal_groups(groups: list[Numbers], fractions: _Seq[float], seed: int, what: str) -> list[Numbers]:
    """Shuffled groups, dealt out one after another: each to the part that is farthest below its share."""
    if len(groups) < len(fractions):
        raise DataError(f"{what}: {len(groups)} that can be dealt out are too few for {len(fractions)} parts")
    total = sum(len(group) for group in groups)
    shares = np.array([*fractions, max(0.0, 1 - sum(fractions))]) * total  # the last part: what no fraction asks for
    if shares[-1] < 0.5:
        shares[-1] = -np.inf
    parts: list[list[Numbers]] = [[] for _ in shares]
    order = [groups[i] for i in _core.Random(seed).permutation(len(groups)).tolist()]
    for group in sorted(order, key=len, reverse=True):  # stable: large groups first, while there is room for them
        part = int(np.argmax(shares))
        parts[part].append(group)
        shares[part] -= len(group)
    for part_groups in parts[:-1]:
        if not part_groups:  # its share is less than a group: it gets the smallest of the part that has most
            part_groups.append(max(parts, key=len).pop())
    return [np.sort(np.concatenate(part_groups)) for part_groups in parts[:-1]]


def copy_sequences(source: LibraryFile, target: LibraryFile, rows: SequenceRows, numbers: Numbers) -> None:
    """Everything about the sequences with these numbers (ascending), and what is not about sequences."""
    along = sequence_dimensions(source, rows)
    sizes = {name: int(np.diff(offsets)[numbers].sum()) for name, offsets in along.items()}
    create_dimensions(target, source, sizes)
    for variable in source.variables.values():
        copy = create_variable(target, variable)
        offsets = rows.offsets(variable)
        if offsets is None:
            copy_values(variable, copy)
        else:
            _copy_rows(variable, copy, offsets, numbers)


def _copy_rows(variable: Any, copy: Any, offsets: Offsets, numbers: Numbers) -> None:
    """Neighbours are read together."""
    at = 0
    for run in np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1):
        for chunk in chunks(variable, int(offsets[run[0]]), int(offsets[run[-1] + 1])):
            copy[at : at + chunk.stop - chunk.start] = variable[chunk]
            at += chunk.stop - chunk.start
