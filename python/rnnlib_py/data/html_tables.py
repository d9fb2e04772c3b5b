# SPDX-License-Identifier: Apache-2.0
"""What notebooks show of a data set's header."""

from __future__ import annotations

from rnnlib_py._core import DataHeader
from rnnlib_py.data.labels import fold
from rnnlib_py.system.html_tables import html_table


def header_rows(header: DataHeader) -> list[tuple[str, str]]:
    """Name and value of everything in a header."""
    rows = [("dimensions", str(header.num_dims)), ("inputs per point", str(header.input_size))]
    if header.target_size:
        rows.append(("target values", str(header.target_size)))
    if header.labels:
        rows.append((f"{len(header.labels):,} labels", fold(header.labels, ", ")))
    return rows


def header_html(header: DataHeader) -> str:
    return html_table("data header", (), header_rows(header))
