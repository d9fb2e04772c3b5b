# SPDX-License-Identifier: Apache-2.0
"""TSV: tag, text and confidence of each sequence, separated by tabs, without a line of names above them."""

from __future__ import annotations

from rnnlib_py.system.output import printable
from rnnlib_py.text.outputs.document import Document


def tsv_text(document: Document) -> str:
    """A line for each sequence; its confidence is empty where nothing was read."""
    return "".join(
        f"{printable(line.tag)}\t{line.text}\t{'' if line.confidence is None else f'{line.confidence:.4f}'}\n"
        for line in document.lines
    )
