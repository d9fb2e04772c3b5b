# SPDX-License-Identifier: Apache-2.0
"""Means and standard deviations of a training set, for the recipe of tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.table_cells import Numbers
from rnnlib_py.prepare.table_pieces import Piece
from rnnlib_py.prepare.table_recipe import TableRecipe

_TAIL = 2.0  # standard deviations in a mean from which on numbers that are never negative get logarithms


def with_scales(recipe: TableRecipe, training: list[Piece], scale: str) -> TableRecipe:
    """The recipe with those of the training set. Categories stay 0 and 1.

    Parameters
    ----------
    recipe
        Its inputs and targets.
    training
        In the units of the table.
    scale
        "log" or "linear" for all numbers; "auto": logarithms of those that are never negative and have a long tail.
    """
    inputs = np.concatenate([piece.inputs for piece in training])
    is_number = np.array([not category for category in recipe.categories])
    is_log = is_number & (_long_tailed(inputs) if scale == "auto" else scale == "log")
    recipe = replace(recipe, scales=tuple("log" if log else "linear" for log in is_log))
    means, stds = _means_and_stds(recipe.scaled(inputs))
    recipe = replace(
        recipe,
        means=tuple(np.where(is_number, means, 0.0).tolist()),
        stds=tuple(np.where(is_number, stds, 1.0).tolist()),
    )
    if find_task(recipe.task).has_labels:
        return recipe
    means, stds = _means_and_stds(np.concatenate([np.atleast_2d(piece.target) for piece in training]))
    return replace(recipe, target_means=tuple(means.tolist()), target_stds=tuple(stds.tolist()))


def _long_tailed(values: Numbers) -> Numbers:
    means, stds = _means_and_stds(values)
    least = np.min(np.where(np.isnan(values), np.inf, values), axis=0)
    made: Numbers = (least >= 0) & (stds > _TAIL * means) & (means > 0)
    return made


def _means_and_stds(values: Numbers) -> tuple[Numbers, Numbers]:
    """Of the numbers that are known, per column; a standard deviation of 0 counts as 1."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, values, 0.0).sum(axis=0) / count
    stds = np.sqrt((np.where(known, values - means, 0.0) ** 2).sum(axis=0) / count)
    return means, np.where(stds > 1e-12 * np.abs(means), stds, 1.0)
