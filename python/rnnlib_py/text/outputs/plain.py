# SPDX-License-Identifier: Apache-2.0
"""Plain text: a line for each sequence."""

from __future__ import annotations

from rnnlib_py.text.outputs.document import Document


def plain_text(document: Document) -> str:
    """The texts, each in a line, also where it is empty."""
    return "".join(f"{line.text}\n" for line in document.lines)
