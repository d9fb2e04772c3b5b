# SPDX-License-Identifier: Apache-2.0
"""What notebooks show of a data set's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlib_py.data.labels import fold
from rnnlib_py.system.html_tables import first_rows, html_table

if TYPE_CHECKING:
    from rnnlib_py.data.summary import DataSummary

_COLUMNS = ("input", "mean", "std", "least", "largest")


def summary_html(summary: DataSummary) -> str:
    """Sizes, labels and advice; then the inputs column by column."""
    rows = [
        ("sequences", f"{summary.num_sequences:,}"),
        ("points", f"{summary.num_points:,}"),
        ("shapes", f"{_shape(summary.shape_min)} to {_shape(summary.shape_max)}"),
    ]
    if summary.label_counts:
        counts = [f"{label} {count:,}" for label, count in summary.label_counts.items()]
        rows.append(("labels", fold(counts, ", ")))
    if summary.num_without_target:
        rows.append(("without a target", f"{summary.num_without_target:,}"))
    if summary.non_finite_sequences:
        rows.append(("with NaN or infinite inputs", f"{len(summary.non_finite_sequences):,} sequences"))
    rows += [("advice", text) for text in summary.advice]
    inputs = summary.inputs
    columns = zip(inputs.mean, inputs.std, inputs.min, inputs.max, strict=True)
    values = [(str(i), *(f"{value:.4g}" for value in column)) for i, column in enumerate(columns)]
    return html_table("summary of a data set", (), rows) + html_table("inputs", _COLUMNS, first_rows(values))


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(str(size) for size in shape) or "0-D"
