# SPDX-License-Identifier: Apache-2.0
"""A network's variables for a sequence: curves (1D), images (2D), slices (3D), a row per variable."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from typing import TYPE_CHECKING

from rnnlib_py._core import ConfigError
from rnnlib_py.inspect.dump import Dump
from rnnlib_py.inspect.patterns import select
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.panels import WIDTH, draw_row, row_height

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MAX_ROWS = 24


def plot_variables(
    dumps: Dump | Mapping[str, Dump], variables: _Seq[str] | None = None, units: _Seq[int] | None = None
) -> Figure:
    """A network's variables for a sequence, a row per variable: curves (1D), images (2D), slices (3D).

    Parameters
    ----------
    dumps
        One, or several by name (the same sequence in several networks): each variable is then drawn for all.
    variables
        Names, or patterns like "hidden_0_*_states"; None: every layer's outputs.
    units
        Numbers of those to show; None: all.

    Raises
    ------
    ConfigError
        Nothing is called so.
    """
    named = {"": dumps} if isinstance(dumps, Dump) else dict(dumps)
    if not named:
        raise ConfigError("no dumps were given")
    names = select_variables(next(iter(named.values())), variables)
    rows = [(who, name, dump) for name in names for who, dump in named.items() if name in dump.variables]
    if len(rows) > _MAX_ROWS:
        raise ConfigError(f"{len(rows)} variables are too many for one picture (at most {_MAX_ROWS}): name fewer")
    for _, name, dump in rows:
        _check_units(name, dump, units)
    heights = [row_height(dump[name]) for _, name, dump in rows]
    figure = new_figure(WIDTH, sum(heights) + 0.5)
    tag = next(iter(named.values())).tag
    if tag:
        figure.suptitle(f"sequence {tag}", fontsize=11)
    parts = figure.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, (who, name, dump) in zip(parts, rows, strict=True):
        title = f"{name}   {who}" if who else name
        draw_row(part, title, dump[name], dump.labels.get(name, []), units)
    return figure


def select_variables(dump: Dump, patterns: _Seq[str] | None) -> list[str]:
    """The names that patterns mean, in the network's order. ConfigError for a pattern that means none."""
    if not patterns:
        patterns = [name for name in dump.variables if _is_output(name)]
    return select(list(dump.variables), patterns, "variable")


def _is_output(name: str) -> bool:
    """What a layer hands on; blocks, gathers and collapses hold nothing new."""
    layer, _, variable = name.rpartition("_")
    copies = layer.endswith(("_block", "_collapse")) or layer.startswith("gather_")
    return variable in ("activations", "outputActivations") and not copies


def _check_units(name: str, dump: Dump, units: _Seq[int] | None) -> None:
    size = dump[name].shape[-1]
    for unit in units or []:
        if not 0 <= unit < size:
            raise ConfigError(f"{name} has no unit {unit}: its units are 0 to {size - 1}")
