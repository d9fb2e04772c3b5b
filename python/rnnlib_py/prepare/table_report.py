# SPDX-License-Identifier: Apache-2.0
"""Sentences about what a table's columns were taken for."""

from __future__ import annotations

from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.table_recipe import TableRecipe

_SHOWN = 20


def table_lines(recipe: TableRecipe, labels: dict[str, int]) -> list[str]:
    """Of the task, the inputs and the targets.

    Parameters
    ----------
    recipe
        What was chosen.
    labels
        Label -> occurrences; empty for regression.
    """
    form = {"long": "a row is a point in time", "wide": "a row is a series", "ts": ".ts files"}[recipe.form]
    columns = list(dict.fromkeys(recipe.columns))
    categorical = {c for c, text in zip(recipe.columns, recipe.categories, strict=True) if text}
    logs = [c for c, scale in zip(recipe.columns, recipe.scales, strict=True) if scale == "log"]
    inputs = [f"{name} (categories)" if name in categorical else name for name in columns]
    when = f", {recipe.ahead} rows later" if recipe.ahead else ""
    each = "in each row" if find_task(recipe.task).per_point else "of each sequence"
    made = [
        f"task {recipe.task}, {recipe.form} form ({form})",
        f"inputs ({len(recipe.columns)}): {_listed(inputs)}",
        f"target {each}{when}: {_listed(list(recipe.targets))}",
    ]
    if logs:
        made.append(f"logarithms of: {_listed(logs)}")
    if labels:
        most = sorted(labels.items(), key=lambda entry: -entry[1])
        made.append(f"{len(labels):,} labels: {_listed([f'{label} {count:,}' for label, count in most])}")
    return made


def _listed(names: list[str]) -> str:
    rest = f", ... and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest
