# SPDX-License-Identifier: Apache-2.0
"""The report of a gradient check, readable and printable."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py.system.html_tables import first_rows, html_table


@dataclass(frozen=True)
class CheckedConnection:
    """A connection, how many of its weights were compared, and the largest relative difference."""

    name: str
    checked: int
    largest_difference: float


@dataclass(frozen=True)
class Mismatch:
    """A weight whose derivatives differ."""

    connection: str
    index: int
    exact: float
    numeric: float


class GradientCheck:
    """Exact gradients against central differences, in double precision and without clipping.

    Attributes
    ----------
    passed : bool
    connections : list
        From the output down, each with `name`, `checked` (weights compared) and `largest_difference` (relative).
    mismatches : list
        Each with `connection`, `index`, `exact` and `numeric`.
    """

    def __init__(self, report: _core.GradientCheckReport) -> None:
        self.passed = report.passed
        self.connections = [CheckedConnection(c.name, c.checked, c.largest_difference) for c in report.connections]
        self.mismatches = [Mismatch(m.connection, m.index, m.exact, m.numeric) for m in report.mismatches]

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        width = max((len(connection.name) for connection in self.connections), default=0)
        lines = [
            f"{c.name:<{width}}  {c.checked:>7} weights, largest relative difference {c.largest_difference:.2g}"
            for c in self.connections
        ]
        lines += [
            f"mismatch: {m.connection}[{m.index}]: exact {m.exact:.12g}, numeric {m.numeric:.12g}"
            for m in self.mismatches
        ]
        return "\n".join([*lines, "gradient check passed" if self.passed else "gradient check FAILED"])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        caption = f"gradient check {'passed' if self.passed else 'FAILED'}"
        rows = [(c.name, str(c.checked), f"{c.largest_difference:.2g}") for c in self.connections]
        found = html_table(caption, ("connection", "weights", "largest relative difference"), rows)
        if not self.mismatches:
            return found
        wrong = [(f"{m.connection}[{m.index}]", f"{m.exact:.12g}", f"{m.numeric:.12g}") for m in self.mismatches]
        return found + html_table("mismatches", ("weight", "exact", "numeric"), first_rows(wrong))
