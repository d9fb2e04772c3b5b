# SPDX-License-Identifier: Apache-2.0
"""What reading pictures and listening to recordings share: a network's recipe makes its inputs of new files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.recipe import AnyRecipe, kind_of_recipe

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network

_FILES_AT_ONCE = 32  # that are in memory together,
_NUMBERS_AT_ONCE = 2**24  # with at most so many inputs, but one file at least


@dataclass(frozen=True, eq=False)
class Loaded:
    """A file as the network wants it.

    Attributes
    ----------
    name : str
        Of the file; "" for an array.
    inputs : ndarray
        float32 [*shape, input size].
    changes : list of str
        What was done to the file, where that may surprise.
    """

    name: str
    inputs: NDArray[np.float32]
    changes: list[str]


AnyLoaded = TypeVar("AnyLoaded", bound=Loaded)
T = TypeVar("T")


def name_of(network: Network) -> str:
    """What messages call the network."""
    return str(network.config.path or "the network")


def recipe_for(network: Network, kind: type[AnyRecipe], wants: str) -> AnyRecipe:
    """The network's recipe of this kind. ConfigError where it has another or none; `wants`: "pictures", ...."""
    name = name_of(network)
    if not network.recipe:
        raise ConfigError(
            f"{name}: has no recipe, so that it is not known how it wants {wants}: it was not trained on data of "
            f"`rnnlib-py prepare {kind.kind}`"
        )
    found = kind_of_recipe(network.recipe, name)
    if found != kind.kind:
        raise ConfigError(f"{name}: was trained on data of `rnnlib-py prepare {found}`, not on {wants}")
    return kind.from_json(network.recipe, name)


def load_all(
    items: Iterable[T], load: Callable[[T], AnyLoaded], notes: Notes, name: Callable[[T], str] = str
) -> Iterator[AnyLoaded]:
    """Files, or parts of them with a `name`; `notes` takes those that cannot be loaded, which are left out, and those
    that were changed."""
    for item in items:
        try:
            loaded = load(item)
        except (DataError, IoError) as error:
            notes.skip(name(item), str(error))
            continue
        notes.change(name(item), loaded.changes)
        yield loaded


def in_batches(files: Iterable[AnyLoaded]) -> Iterator[list[AnyLoaded]]:
    """The files, a few together."""
    batch: list[AnyLoaded] = []
    for file in files:
        numbers = file.inputs.size + sum(one.inputs.size for one in batch)
        if batch and (len(batch) == _FILES_AT_ONCE or numbers > _NUMBERS_AT_ONCE):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def predict_files(
    network: Network, files: _Seq[Loaded], threads: int | None, decoder: AnyDecoder | None
) -> list[Prediction]:
    """What the network makes of the files."""
    sequences = [Sequence(inputs=file.inputs, target=None, tag=file.name) for file in files]
    return network.predict(sequences, threads, raw="inputs" in network.normalisation, decoder=decoder)


def predict_all(
    network: Network, files: Iterable[AnyLoaded], threads: int | None, decoder: AnyDecoder | None
) -> Iterator[tuple[Prediction, AnyLoaded]]:
    """What the network makes of each file, a few of which are in memory at a time."""
    for batch in in_batches(files):
        yield from zip(predict_files(network, batch, threads, decoder), batch, strict=True)
