# SPDX-License-Identifier: Apache-2.0
"""What notebooks show of objects: captions, tables and texts, as HTML without any styles of its own."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from html import escape

MOST_ROWS = 30  # of what may be as long as a data set


def html_table(caption: str, header: _Seq[str], rows: Iterable[_Seq[str]]) -> str:
    """`header` may be empty; all text is escaped."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    head = f"<thead><tr>{head}</tr></thead>" if header else ""
    return f"<table><caption>{escape(caption)}</caption>{head}<tbody>{body}</tbody></table>"


def html_text(text: str) -> str:
    """Lines as they are, their columns under each other."""
    return f"<pre>{escape(text)}</pre>"


def first_rows(rows: _Seq[_Seq[str]]) -> list[_Seq[str]]:
    """The first MOST_ROWS, and a row that says how many more there are."""
    shown = list(rows[:MOST_ROWS])
    if len(rows) > len(shown):
        shown.append([f"… {len(rows) - len(shown):,} more", *("" for _ in rows[0][1:])])
    return shown
