# SPDX-License-Identifier: Apache-2.0
"""Shares of data, each for one task of a cluster, and what a worker makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data import Dataset
from rnnlib_py.data.labels import DataWarning
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.listening import listen_to_files
from rnnlib_py.model.network import Network
from rnnlib_py.model.new_files import name_of
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.model.reading import read_files
from rnnlib_py.model.reading_ink import read_ink_files
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.recipe import kind_of_recipe
from rnnlib_py.system.caller import warn_caller

DATA_FILE = ".nc"
_BAD_FILES = ("raise", "skip")


@dataclass(frozen=True)
class Options:
    """How a worker predicts; the names are those of integrations.dask.predict."""

    decoder: AnyDecoder | None
    threads: int
    outputs: bool
    raw: bool | None
    bad_files: str

    def __post_init__(self) -> None:
        if self.bad_files not in _BAD_FILES:
            raise ConfigError(f"bad_files is '{self.bad_files}', expected one of {', '.join(_BAD_FILES)}")


@dataclass(frozen=True)
class Rows:
    """The sequences `first` to `last` - 1 of a data file."""

    path: str
    first: int
    last: int


def rows_of(path: str, network: Network, at_once: int) -> list[Rows]:
    """A data file in shares of `at_once` sequences. Raises what Dataset.read raises."""
    with _open(path, network) as data:
        count = len(data)
    return [Rows(path, first, min(first + at_once, count)) for first in range(0, count, at_once)]


def _open(path: str, network: Network) -> Dataset:
    return Dataset.read(path, network.task, header=network.header, header_source=name_of(network), targets=False)


def predict_rows(rows: _Seq[Rows], network: Network, options: Options) -> list[Any]:
    """What the network makes of the sequences of data files, in their order."""
    made: list[Any] = []
    for share in rows:
        with _open(share.path, network) as data:
            sequences = network.normalised(data, options.raw, targets=False).read_many(range(share.first, share.last))
        named = [
            sequence if sequence.tag else replace(sequence, tag=f"#{share.first + i}")
            for i, sequence in enumerate(sequences)
        ]
        made += network.predict(named, options.threads, False, options.decoder)
    return _as_asked(made, options)


def predict_items(items: _Seq[Any], network: Network, options: Options) -> list[Any]:
    """What the network makes of arrays, Sequences, or the names of new files."""
    items = list(items)
    are_files = [isinstance(item, (str, Path)) for item in items]
    if all(are_files):
        return predict_files([str(item) for item in items], network, options)
    if any(are_files):
        raise DataError("a share of the data has names of files and arrays together; expected one kind")
    return _as_asked(network.predict(items, options.threads, options.raw, options.decoder), options)


def predict_files(names: _Seq[str], network: Network, options: Options) -> list[Any]:
    """The texts of pictures, recordings or ink files, as the network's recipe says."""
    notes = Notes(strict=options.bad_files == "raise")
    made = _as_asked(list(_readers(network)(network, names, notes, options.threads, options.decoder)), options)
    for line in notes.lines():
        warn_caller(line, DataWarning)
    return made


def _readers(network: Network) -> Callable[..., Iterator[Any]]:
    """What reads files of the kind that the network's recipe names. Raises ConfigError."""
    name = name_of(network)
    if not network.recipe:
        raise ConfigError(f"{name}: has no recipe, so that it takes data files ({DATA_FILE}) and arrays only")
    kind = kind_of_recipe(network.recipe, name)
    readers = {"lines": read_files, "audio": listen_to_files, "ink": _read_ink}
    if kind not in readers:
        raise ConfigError(f"{name}: its recipe is for {kind}; predict data files ({DATA_FILE}) or arrays with it")
    return readers[kind]


def _read_ink(network: Network, names: _Seq[str], notes: Notes, *further: Any) -> Iterator[Any]:
    return read_ink_files(network, [(name, Path(name).stem) for name in names], notes, *further)


def _as_asked(made: list[Any], options: Options) -> list[Any]:
    return made if options.outputs else [_without_outputs(one) for one in made]


def _without_outputs(found: Any) -> Any:
    """A Prediction, or a text with one, without the network's outputs, which are most of its size."""
    if isinstance(found, Prediction):
        return replace(found, outputs=np.zeros((0, *found.outputs.shape[1:])))
    return replace(found, prediction=_without_outputs(found.prediction))
