# SPDX-License-Identifier: Apache-2.0
"""RNNLIB's dump files (docs/behaviour.md, "Dumps"): a text file per variable, named like it.

LABELS: a b blank            (only where the units have names)
DIMENSIONS: 12 5             (the point shape; nothing after the colon for a single point)
0.1 0.2 ...                  (a line per unit: its values at all points, the last dimension fastest)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import FormatError, IoError
from rnnlib_py.data.text import split_words
from rnnlib_py.system.files import check_writable, make_folder, open_to_read, write_atomically

Array = NDArray[np.float64]
LABELS, DIMENSIONS = "LABELS:", "DIMENSIONS:"
_NUMBER = re.compile(r"\d+")


def write_text_dump(folder: Path, variables: Mapping[str, Array], labels: Mapping[str, list[str]]) -> list[Path]:
    """Makes the folder where it is missing; files of the same names are replaced. Numbers read back bit for bit."""
    make_folder(folder)
    check_writable(folder)
    paths = []
    for name, values in variables.items():
        paths.append(folder / name)
        write_atomically(paths[-1], dump_text(values, labels.get(name, [])))
    return paths


def dump_text(values: Array, labels: list[str]) -> str:
    """A file's content; white space inside a label becomes _."""
    lines = [f"{LABELS} {' '.join('_'.join(split_words(label)) for label in labels)}"] if labels else []
    lines.append(" ".join([DIMENSIONS, *(str(size) for size in values.shape[:-1])]))
    for unit in values.reshape(-1, values.shape[-1]).T.tolist():
        lines.append(" ".join(map(repr, unit)))
    return "".join(f"{line}\n" for line in lines)


def read_text_dump(folder: Path) -> tuple[dict[str, Array], dict[str, list[str]]]:
    """Variables and labels of a folder; files that are no dumps are passed over. FormatError when there are none."""
    variables: dict[str, Array] = {}
    labels: dict[str, list[str]] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (_network_order(path.name), path.name)):
        if not _is_dump(path):
            continue
        variables[path.name], names = read_variable(path)
        if names:
            labels[path.name] = names
    if not variables:
        raise FormatError(f"{folder}: no dump files in this folder")
    return variables, labels


def _is_dump(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with open_to_read(path) as file:
            return file.read(len(DIMENSIONS)).startswith((LABELS.encode(), DIMENSIONS.encode()))
    except OSError as error:
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error


def read_variable(path: Path) -> tuple[Array, list[str]]:
    """Values (*point shape, units) and labels of one file. FormatError naming the line."""
    try:
        with open_to_read(path) as file:
            lines = file.read().decode("utf-8").replace("\r\n", "\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read as a dump ({error})") from None
    labels: list[str] = []
    first = 0
    if lines and lines[0].startswith(LABELS):
        labels, first = split_words(lines[0])[1:], 1
    if len(lines) <= first or not lines[first].startswith(DIMENSIONS):
        raise FormatError(f"{path}: line {first + 1}: expected {DIMENSIONS}")
    try:
        shape = [int(word) for word in lines[first].split()[1:]]
        points = int(np.prod(shape))
        rows = [[float(word) for word in line.split()] for line in lines[first + 1 :] if line.strip()]
    except ValueError as error:
        raise FormatError(f"{path}: not a number ({error})") from None
    for i, row in enumerate(rows):
        if len(row) != points:
            raise FormatError(f"{path}: line {first + 2 + i}: {len(row)} values, expected {points}")
    if labels and len(labels) != len(rows):
        raise FormatError(f"{path}: {len(labels)} labels, but {len(rows)} units")
    return np.array(rows, dtype=np.float64).reshape(len(rows), points).T.reshape(*shape, len(rows)), labels


def _network_order(name: str) -> tuple[int, ...]:
    """A sort key for variables, of which a folder of files tells only the names: input, then level by level (its hidden
    layers, what stands on them), then output. Equal for variables of one layer."""
    numbers = [int(digits) for digits in _NUMBER.findall(name.split("_delay_")[0])]
    if name.startswith("input_block"):
        return (0, 1)
    if name.startswith("input"):
        return (0, 0)
    if name.startswith("hidden_"):
        above = 1 if "_block" in name else 0
        return (1, *numbers[:1], 0, above, *numbers[1:2])
    if name.startswith(("subsample_", "gather_")):
        return (1, *numbers[:1], 1)
    return (2, 0 if "collapse" in name else 1)
