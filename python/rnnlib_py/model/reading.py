# SPDX-License-Identifier: Apache-2.0
"""Reading pictures of text lines: the network's recipe makes inputs of them, and its labels make the text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.html_tables import text_html
from rnnlib_py.model.new_files import Loaded, load_all, name_of, predict_all, recipe_for
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.prepare.images import read_picture
from rnnlib_py.prepare.line_image import inputs_of_picture
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.line_texts import text_of
from rnnlib_py.prepare.notes import Notes

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network

PathLike = str | os.PathLike[str]
AnyPicture = PathLike | NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class ReadText:
    """What a network read in a picture.

    Attributes
    ----------
    text : str
    name : str
        The picture's file; "" for an array.
    prediction : Prediction
        Labels, their confidences, and where they stand: input_positions are columns of the picture as it was given.
    shape : tuple of int
        Width and height of the picture, upright.
    changes : list of str
        What was done to the picture, where that may surprise.
    """

    text: str
    name: str
    prediction: Prediction
    shape: tuple[int, int]
    changes: list[str] = field(default_factory=list)

    def _repr_html_(self) -> str:
        return text_html(self.text, self.name, self.prediction, self.changes)


def recipe_of(network: Network) -> LineRecipe:
    """How the network wants pictures. ConfigError for one that does not say so, or does not read."""
    if not find_task(network.task).transcribes:
        raise ConfigError(f"{name_of(network)}: its task is {network.task}; only transcription reads text")
    return recipe_for(network, LineRecipe, "pictures")


def read_one(
    network: Network, picture: AnyPicture, threads: int | None = None, decoder: AnyDecoder | None = None
) -> ReadText:
    """What Network.read does."""
    recipe = recipe_of(network)
    loaded = _load(picture, "" if isinstance(picture, np.ndarray) else os.fspath(picture), recipe)
    return next(_texts(network, [loaded], recipe, threads, decoder))


def read_files(
    network: Network,
    names: Iterable[str],
    notes: Notes,
    threads: int | None = None,
    decoder: AnyDecoder | None = None,
) -> Iterator[ReadText]:
    """The texts of many pictures, a few of which are in memory at a time.

    Parameters
    ----------
    network
        Reads them.
    names
        The files.
    notes
        Takes those that cannot be read, which are left out, and those that were changed.
    threads, decoder
        As Network.predict.
    """
    recipe = recipe_of(network)
    loaded = load_all(names, lambda name: _load(name, name, recipe), notes)
    yield from _texts(network, loaded, recipe, threads, decoder)


@dataclass(frozen=True, eq=False)
class _Picture(Loaded):
    """A picture as the network wants it; `shape`: the width and height it was given with."""

    shape: tuple[int, int]


def _load(picture: AnyPicture, name: str, recipe: LineRecipe) -> _Picture:
    changes: list[str] = []
    if isinstance(picture, np.ndarray):
        pixels = picture
        if pixels.dtype != np.uint8 or not (pixels.ndim == 2 or (pixels.ndim == 3 and 1 <= pixels.shape[2] <= 4)):
            raise DataError(
                f"a picture is an array of the shape {list(pixels.shape)} and type {pixels.dtype}; expected uint8 "
                "(rows, columns), or (rows, columns, channels) with up to 4 channels"
            )
    else:
        read = read_picture(picture)
        pixels, changes = read.grey, read.changes
    try:
        inputs = inputs_of_picture(pixels, recipe)
    except DataError as error:
        raise DataError(f"{name or 'the picture'}: {error}") from None
    return _Picture(name, inputs, changes, (pixels.shape[1], pixels.shape[0]))


def _texts(
    network: Network, pictures: Iterable[_Picture], recipe: LineRecipe, threads: int | None, decoder: AnyDecoder | None
) -> Iterator[ReadText]:
    for prediction, picture in predict_all(network, pictures, threads, decoder):
        yield _as_text(prediction, picture, recipe)


def _as_text(prediction: Prediction, picture: _Picture, recipe: LineRecipe) -> ReadText:
    """With places in the picture's own columns."""
    scale = picture.shape[0] / len(picture.inputs)
    first = np.floor(prediction.input_positions[:, 0] * scale).astype(np.int64)
    end = np.ceil((prediction.input_positions[:, 1] + 1) * scale).astype(np.int64)
    last = np.maximum(first, np.minimum(end, picture.shape[0]) - 1)
    placed = replace(prediction, input_positions=np.stack([first, last], axis=1))
    return ReadText(text_of(placed.labels, recipe), picture.name, placed, picture.shape, picture.changes)
