# SPDX-License-Identifier: Apache-2.0
"""Reading pen strokes: the network's recipe makes inputs of them, and its labels make the text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, IoError
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.html_tables import text_html
from rnnlib_py.model.new_files import Loaded, load_all, predict_all, recipe_for
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.prepare.ink_clean import clean_ink
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_files import read_ink_file
from rnnlib_py.prepare.ink_items import Ink, InkItem, ink_of
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.ink_texts import text_of
from rnnlib_py.prepare.notes import Notes

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network

PathLike = str | os.PathLike[str]
Strokes = _Seq[_Seq[_Seq[float]]] | _Seq[NDArray[np.floating]]
AnyInk = PathLike | Strokes


@dataclass(frozen=True, eq=False)
class ReadInk:
    """What a network read in a piece of ink.

    Attributes
    ----------
    text : str
        Of task sequence_classification the class.
    name : str
        Of the ink: that of its file without ending and, where the file has several, its own; "" for strokes.
    prediction : Prediction
        Labels, their confidences, and where they stand: input_positions are numbers of the ink's points, over all its
        strokes.
    num_points : int
        Of the ink as it was given.
    changes : list of str
        What was done to the ink, where that may surprise.
    """

    text: str
    name: str
    prediction: Prediction
    num_points: int
    changes: list[str] = field(default_factory=list)

    def _repr_html_(self) -> str:
        return text_html(self.text, self.name, self.prediction, self.changes)


def ink_recipe_of(network: Network) -> InkRecipe:
    """How the network wants ink. ConfigError for one that does not say so."""
    return recipe_for(network, InkRecipe, "ink")


def read_ink(
    network: Network, ink: AnyInk, threads: int | None = None, decoder: AnyDecoder | None = None
) -> list[ReadInk]:
    """What Network.read_ink does."""
    recipe = ink_recipe_of(network)
    if isinstance(ink, (str, os.PathLike)):
        notes = Notes()
        items = read_ink_file(Path(ink), Path(ink).stem, recipe, notes)
        left_out = next((note for note in notes.found if note.skipped), None)
        if left_out is not None:
            raise DataError(f"{left_out.name}: {left_out.what}")
    else:
        items = [InkItem("", None, _ink_of_strokes(ink, recipe))]
    return list(_read(network, (_load(item, recipe) for item in items), recipe, threads, decoder))


def read_ink_files(
    network: Network,
    names: Iterable[tuple[str, str]],
    notes: Notes,
    threads: int | None = None,
    decoder: AnyDecoder | None = None,
) -> Iterator[ReadInk]:
    """The texts of the inks in many files, a few of which are in memory at a time.

    Parameters
    ----------
    network
        Reads them.
    names
        The files, and what their inks are called by.
    notes
        Takes those that cannot be read, which are left out, and those that were changed.
    threads, decoder
        As Network.predict.
    """
    recipe = ink_recipe_of(network)
    items = _items(names, recipe, notes)
    loaded = load_all(items, lambda item: _load(item, recipe), notes, lambda item: item.tag)
    yield from _read(network, loaded, recipe, threads, decoder)


def _items(names: Iterable[tuple[str, str]], recipe: InkRecipe, notes: Notes) -> Iterator[InkItem]:
    for file, name in names:
        try:
            yield from read_ink_file(Path(file), name, recipe, notes)
        except (DataError, IoError) as error:
            notes.skip(file, str(error))


@dataclass(frozen=True, eq=False)
class _Loaded(Loaded):
    """Ink as the network wants it.

    Attributes
    ----------
    points : ndarray
        int64 (inputs, 2). The first and the last of the ink's points that an input lies between.
    num_points : int
        Of the ink as it was given.
    """

    points: NDArray[np.int64]
    num_points: int


def _read(
    network: Network, inks: Iterable[_Loaded], recipe: InkRecipe, threads: int | None, decoder: AnyDecoder | None
) -> Iterator[ReadInk]:
    for prediction, loaded in predict_all(network, inks, threads, decoder):
        yield _as_text(prediction, loaded, recipe)


def _load(item: InkItem, recipe: InkRecipe) -> _Loaded:
    try:
        cleaned = clean_ink(item.ink)
        made = features_of(cleaned.ink, recipe)
    except DataError as error:
        raise DataError(f"{item.tag or 'the ink'}: {error}") from None
    # A place that is a point but for rounding is that point.
    ends = np.stack([np.floor(made.positions + 1e-6), np.ceil(made.positions - 1e-6)], axis=1).astype(np.int64)
    return _Loaded(item.tag, made.inputs, cleaned.changes, cleaned.numbers[ends], len(item.ink))


def _ink_of_strokes(strokes: Strokes, recipe: InkRecipe) -> Ink:
    """Y grows downwards, as on screens, unless the recipe says otherwise."""
    given = []
    for number, stroke in enumerate(strokes):
        try:
            points = np.asarray(stroke, np.float64)
        except (TypeError, ValueError) as error:
            raise DataError(f"stroke {number} holds something else than points: {error}") from None
        if points.size and (points.ndim != 2 or points.shape[1] not in (2, 3)):
            raise DataError(
                f"stroke {number} has the shape {list(points.shape)}, expected points (x, y) or (x, y, seconds)"
            )
        given.append(points)
    return ink_of(given, recipe.y_axis != "up")


def _as_text(prediction: Prediction, loaded: _Loaded, recipe: InkRecipe) -> ReadInk:
    """With places in the ink's own points."""
    if recipe.labels != "class":
        first, last = prediction.input_positions[:, 0], prediction.input_positions[:, 1]
        places = np.stack([loaded.points[first, 0], loaded.points[last, 1]], axis=1)
        prediction = replace(prediction, input_positions=places)
    return ReadInk(text_of(prediction.labels, recipe), loaded.name, prediction, loaded.num_points, loaded.changes)
