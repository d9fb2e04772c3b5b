# SPDX-License-Identifier: Apache-2.0
"""Which inputs an output depends on (docs/behaviour.md, "Jacobian")."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.data.forms import Item, as_sequence
from rnnlib_py.inspect.dump import Dump, label_variables
from rnnlib_py.inspect.unit_labels import output_labels
from rnnlib_py.model.network import Network
from rnnlib_py.system.html_tables import html_table

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Jacobian:
    """Which inputs the outputs y at a point depend on.

    Attributes
    ----------
    point : tuple of int
        In the output's shape.
    unit : int or None
        None: all units.
    unit_name : str
        Its label, or its number, or "all units".
    outputs : ndarray
        y at the point, all units.
    output_shape : tuple of int
    inputs : ndarray
        float64 [*input shape, input size], the derivative of 1/2 sum y^2 to every input, deltas not clipped.
    dump : Dump
        Every variable of the pass.
    """

    point: tuple[int, ...]
    unit: int | None
    unit_name: str
    outputs: Array
    output_shape: tuple[int, ...]
    inputs: Array
    dump: Dump

    @property
    def strength(self) -> Array:
        """float64 [*input shape]: the length of the derivative's vector at each input point."""
        squares: Array = np.square(self.inputs).sum(axis=-1)
        return np.sqrt(squares)

    def _repr_html_(self) -> str:
        caption = f"what {self.unit_name} at point {self.point} depends on most"
        rows = [(str(point), str(unit), f"{value:.4g}") for point, unit, value in self.largest(10)]
        return html_table(caption, ("input point", "input", "derivative"), rows)

    def largest(self, count: int = 1) -> list[tuple[tuple[int, ...], int, float]]:
        """The inputs with the largest derivatives, largest first.

        Parameters
        ----------
        count
            How many of them.

        Returns
        -------
        list of tuple
            Point, input unit, derivative.
        """
        flat = np.abs(self.inputs).reshape(-1)
        order = np.argsort(-flat, kind="stable")[:count]
        places = zip(*np.unravel_index(order, self.inputs.shape), strict=True)
        return [
            (tuple(int(x) for x in place[:-1]), int(place[-1]), float(self.inputs.reshape(-1)[i]))
            for i, place in zip(order.tolist(), places, strict=True)
        ]


def jacobian(
    network: Network,
    sequence: Item,
    point: _Seq[int],
    unit: int | str | None = None,
    raw: bool | None = None,
) -> Jacobian:
    """Which inputs of a sequence an output depends on.

    Parameters
    ----------
    network
        Deltas are not clipped.
    sequence
        A Sequence, or an array (*shape, input size); a target is not needed.
    point
        In the output's shape; () where the output is a single point.
    unit
        A number, a label, or None: all.
    raw
        As Network.jacobian.

    Raises
    ------
    ConfigError
        Coordinates outside the output, or a label that the network does not have.
    """
    names = output_labels(network)
    if isinstance(unit, str):
        unit = _unit_number(unit, names)
    variables = network.jacobian(sequence, point, unit, raw)
    place = tuple(point)
    outputs = variables["output_outputActivations"]
    return Jacobian(
        place,
        unit,
        "all units" if unit is None else names[unit] if names else f"unit {unit}",
        outputs[place],
        outputs.shape[:-1],
        variables["input_errors"],
        label_variables(network, as_sequence(sequence), variables),
    )


def _unit_number(name: str, names: list[str]) -> int:
    if name not in names:
        raise ConfigError(f"no output unit is called {name!r}; there are {', '.join(names) or 'only numbers'}")
    return names.index(name)


def split_coordinates(network: Network, text: str) -> tuple[tuple[int, ...], int | str | None]:
    """ "12,7" as a point of the output and, where there is one number more than the output has dimensions, a unit,
    which may be a label instead of a number. ConfigError for anything else."""
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    dims = len(network.output_step)
    if len(words) not in (dims, dims + 1):
        raise ConfigError(
            f"coordinates {text!r}: expected {dims} numbers, one per dimension of the output"
            f"{' (none)' if dims == 0 else ''}, and perhaps a unit; found {len(words)}"
        )
    try:
        point = tuple(int(word) for word in words[:dims])
    except ValueError:
        raise ConfigError(f"coordinates {text!r}: a point is made of whole numbers") from None
    if len(words) == dims:
        return point, None
    return point, int(words[dims]) if words[dims].lstrip("-").isdecimal() else words[dims]
