# SPDX-License-Identifier: Apache-2.0
"""Documents whose labels stand in visual order: their texts as they are stored and searched."""

from __future__ import annotations

from dataclasses import replace

from rnnlib_py.prepare.bidi import has_right_to_left, to_logical
from rnnlib_py.text.outputs.document import Document, Line


def in_logical_order(document: Document) -> Document:
    """Texts and words from right to left in the order in which they are read; labels stay where they stand."""
    return replace(document, lines=[_in_logical_order(line) for line in document.lines])


def _in_logical_order(line: Line) -> Line:
    if not has_right_to_left(line.text):
        return line
    words = [replace(word, text=to_logical(word.text)) for word in line.words]
    return replace(
        line, text=to_logical(line.text), words=words[::-1], readings=[to_logical(text) for text in line.readings]
    )
