# SPDX-License-Identifier: Apache-2.0
"""A trained network at work on the machines of a Dask cluster.

Needs the extra [dask]: ``pip install "rnnlib-py[dask]"``. docs/larger-runs.md has examples.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rnnlib_py._core import ConfigError
from rnnlib_py.integrations.distributing.shares import (
    DATA_FILE,
    Options,
    predict_items,
    predict_rows,
    rows_of,
)
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.network import Network

try:
    import dask
    from dask import bag
except ImportError as error:
    raise ImportError(f"this needs dask ({error}): pip install 'rnnlib-py[dask]'") from None

__all__ = ["predict"]

PathLike = str | os.PathLike[str]


def predict(
    network: Network | PathLike,
    files_or_bag: PathLike | Iterable[PathLike] | bag.Bag,
    *,
    decoder: AnyDecoder | None = None,
    at_once: int = 32,
    threads: int = 1,
    outputs: bool = True,
    raw: bool | None = None,
    bad_files: str = "raise",
) -> bag.Bag:
    """What the network makes of data, computed by the workers of a Dask cluster when ``compute()`` is called.

    The network travels once to each worker. A task whose worker dies is done again by another one. Files are opened by
    the workers, which must see them under the same names.

    Parameters
    ----------
    network
        A network, or the path of a save, which is read here.
    files_or_bag
        Names of data files (.nc); names of files that the network's recipe is for (pictures, recordings, ink); or a Bag
        of such names, of arrays (*shape, input size) or of Sequences, whose partitions are the tasks.
    decoder
        As Network.predict.
    at_once
        Sequences or files of a task; a Bag has its own partitions.
    threads
        Of a task. 1, since a worker runs as many tasks at a time as it has threads.
    outputs
        False: without the network's outputs, which are most of what travels back.
    raw
        As Network.predict.
    bad_files
        Of new files: "raise" ends the computation at one that cannot be read; "skip" leaves it out, with a warning in
        the worker's log.

    Returns
    -------
    dask.bag.Bag
        A Prediction per sequence; of pictures, recordings and ink what Network.read, Network.listen and
        Network.read_ink give. In the order of the data.

    Raises
    ------
    ConfigError
        No files, data files and others together, or an option that does not exist.
    IoError, DataError, FormatError
        The save, or a data file, cannot be read; what a worker meets is raised by ``compute()``.
    """
    if not isinstance(network, Network):
        network = Network.load(network)
    if at_once < 1 or threads < 1:
        raise ConfigError(f"at_once is {at_once} and threads is {threads}; expected at least 1")
    options = Options(decoder, threads, outputs, raw, bad_files)
    shared = dask.delayed(network, pure=True, traverse=False)
    if isinstance(files_or_bag, bag.Bag):
        return files_or_bag.map_partitions(predict_items, shared, options)
    names = _names(files_or_bag)
    if not any(name.endswith(DATA_FILE) for name in names):
        return _bag(names, at_once).map_partitions(predict_items, shared, options)
    other = next((name for name in names if not name.endswith(DATA_FILE)), None)
    if other is not None:
        raise ConfigError(f"{other}: is no data file ({DATA_FILE}), but others are: predict each kind by itself")
    shares = [share for name in names for share in rows_of(name, network, at_once)]
    return _bag(shares, 1).map_partitions(predict_rows, shared, options)


def _bag(items: list[Any], at_once: int) -> bag.Bag:
    return bag.from_sequence(items, partition_size=at_once)


def _names(files: PathLike | Iterable[PathLike]) -> list[str]:
    """Absolute, since a worker may be in another folder."""
    given = [files] if isinstance(files, (str, os.PathLike)) else list(files)
    if not given:
        raise ConfigError("no files were given")
    return [str(Path(name).absolute()) for name in given]
