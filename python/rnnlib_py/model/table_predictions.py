# SPDX-License-Identifier: Apache-2.0
"""What a network makes of new tables: the recipe makes its inputs of them, and classes, or numbers in the user's units,
of its outputs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO, cast

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.new_files import Loaded, name_of, predict_files, recipe_for
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.recipe import own_recipe
from rnnlib_py.prepare.table_files import TableReading, find_tables, read_tables
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_inputs import Inputs, inputs_of
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_shapes import frame_of_columns
from rnnlib_py.prepare.table_targets import class_of
from rnnlib_py.system.files import path_list

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network

PathLike = str | os.PathLike[str]
AnyTable = PathLike | _Seq[PathLike] | Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class TablePrediction:
    """What a network makes of a sequence of a table.

    Attributes
    ----------
    name : str
        The sequence: the id of its rows, the name of its file, or file and row.
    task : str
    targets : list of str
        The columns that are predicted.
    classes : list of str
        A class for each row, or one of the whole sequence; the labels of a text; empty for numbers.
    values : ndarray
        float64 (rows, targets), or (targets,) of the whole sequence, in the units of the table; empty for classes.
    confidences : ndarray
        float64, of each of `classes`, in [0, 1].
    rows : ndarray
        int64. The place of each row in its sequence, from 0 on: rows with missing cells may have been left out.
    times : list of str
        The time of each row as it was found; empty where the table has none.
    ahead : int
        What is predicted at a row is that of so many rows later.
    prediction : Prediction
        All that the network says.
    """

    name: str
    task: str
    targets: list[str]
    classes: list[str]
    values: NDArray[np.float64]
    confidences: NDArray[np.float64]
    rows: NDArray[np.int64]
    times: list[str]
    ahead: int
    prediction: Prediction = field(repr=False)

    @property
    def per_row(self) -> bool:
        """Whether there is something for each row."""
        return find_task(self.task).per_point


def table_recipe_of(network: Network) -> TableRecipe:
    """How the network wants tables. ConfigError for one that does not say so."""
    return recipe_for(network, TableRecipe, "tables")


def takes_tables(network: Network) -> bool:
    """Whether the network was trained on data of `prepare table`."""
    return own_recipe(network.recipe, name_of(network), TableRecipe) is not None


def predict_table(
    network: Network,
    table: AnyTable,
    notes: Notes,
    threads: int | None = None,
    decoder: AnyDecoder | None = None,
    progress: TextIO | None = None,
) -> list[TablePrediction]:
    """What Network.predict_table does.

    Parameters
    ----------
    network
        Predicts.
    table
        A file or folder, several, or columns.
    notes
        Takes what was left out, or used otherwise than it was found.
    threads, decoder
        As Network.predict.
    progress
        A stream for a progress bar.
    """
    recipe = table_recipe_of(network)
    if isinstance(table, (str, os.PathLike, list, tuple)):
        files = find_tables(path_list(table))
        frame = read_tables(files, TableReading(recipe.shape), notes, progress)[0]
    else:
        frame = frame_of_columns(cast(Mapping[str, Any], table), recipe.shape, notes)
    inputs = inputs_of(frame, recipe, notes)
    rows = {i: np.flatnonzero(inputs.kept[frame.rows(i)]) for i in range(len(frame)) if inputs.usable[i]}
    for i in [i for i, kept in rows.items() if not len(kept)]:
        notes.skip(frame.tags[i], "has no rows left")
        del rows[i]
    if not rows:
        raise DataError(notes.nothing_left("sequence"))
    sequences = [Loaded(frame.tags[i], _inputs(frame, inputs, recipe, i), []) for i in rows]
    found = predict_files(network, sequences, threads, decoder)
    return [_made(network, recipe, frame, (i, rows[i]), one) for i, one in zip(rows, found, strict=True)]


def _inputs(frame: Frame, inputs: Inputs, recipe: TableRecipe, i: int) -> NDArray[np.float32]:
    rows = frame.rows(i)
    return recipe.normalised(inputs.values[rows][inputs.kept[rows]])


def _made(
    network: Network,
    recipe: TableRecipe,
    frame: Frame,
    place: tuple[int, NDArray[np.int64]],
    found: Prediction,
) -> TablePrediction:
    """`place`: the number of the sequence, and its rows that were used."""
    i, rows = place
    task = find_task(network.task)
    if task.per_point and found.outputs.shape[:-1] != (len(rows),):
        raise ConfigError(
            f"{name_of(network)}: has {len(found.outputs)} outputs for {len(rows)} rows; expected "
            "one for each row, from a network that neither pools nor blocks them"
        )
    times = [] if frame.times is None else [frame.times[frame.rows(i)][row] for row in rows.tolist()]
    return TablePrediction(
        frame.tags[i],
        network.task,
        list(recipe.targets),
        [label if task.transcribes else class_of(label) for label in found.labels],
        np.zeros(0) if task.has_labels else in_units(network, found.outputs, recipe),
        found.confidences,
        rows,
        times,
        recipe.ahead,
        found,
    )


def in_units(network: Network, outputs: NDArray[np.float64], recipe: TableRecipe | None) -> NDArray[np.float64]:
    """Outputs of a regression (..., targets) as the targets were; of a network for tables, with its recipe, as the
    targets of the table were."""
    values = network.denormalise(outputs)
    return values if recipe is None else recipe.in_units(values)
