# SPDX-License-Identifier: Apache-2.0
"""Tables of text: a network's layers, a data set's errors."""

from __future__ import annotations

from collections.abc import Sequence as _Seq

from rnnlib_py.model.metrics import Errors, format_error
from rnnlib_py.model.network import Network
from rnnlib_py.system.output import printable
from rnnlib_py.system.units import direction_text


def table(header: _Seq[str], rows: _Seq[_Seq[str]]) -> list[str]:
    """Lines of aligned columns; columns of numbers stand to the right. Control characters become escapes."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    numeric = [all(row[i].replace(",", "").replace(".", "").isdigit() for row in rows) for i in range(len(header))]

    def line(cells: _Seq[str]) -> str:
        padded = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [line(header), *(line(row) for row in rows)]


def shape_text(shape: _Seq[int]) -> str:
    """ "12x5", or "0-D"."""
    return "x".join(str(size) for size in shape) or "0-D"


def layer_table(network: Network, shape: tuple[int, ...] | None = None) -> list[str]:
    """A line per layer: name, type, direction, its shape for inputs of `shape`, units, weights; then the total."""
    shapes = network.layer_shapes(shape) if shape is not None else None
    rows = [
        [
            layer.name,
            layer.type,
            direction_text(layer.directions),
            *([shape_text(shapes[layer.name])] if shapes is not None else []),
            str(layer.size),
            f"{layer.num_weights:,}",
        ]
        for layer in network.layers
    ]
    header = ["layer", "type", "direction", *(["shape"] if shapes is not None else []), "units", "weights"]
    return [*table(header, rows), f"{network.num_weights:,} weights"]


def errors_table(errors: dict[str, Errors]) -> list[str]:
    """A column per set, a line per error."""
    names = list(dict.fromkeys(name for values in errors.values() for name in values))
    rows = [[n, *(format_error(n, v[n]) if n in v else "" for v in errors.values())] for n in names]
    return table(["error", *errors], rows)
