# SPDX-License-Identifier: Apache-2.0
"""What notebooks show: a caption and a table, as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from html import escape

from rnnlib_py._core import DataHeader
from rnnlib_py.data.labels import fold


def html_table(caption: str, header: _Seq[str], rows: Iterable[_Seq[str]]) -> str:
    """`header` may be empty; all text is escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    head = f"<thead><tr>{head}</tr></thead>" if header else ""
    return f"<table><caption>{escape(caption)}</caption>{head}<tbody>{body}</tbody></table>"


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
