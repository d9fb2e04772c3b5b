# SPDX-License-Identifier: Apache-2.0
"""CTM of NIST's scoring tools: recording, channel, start, duration, word and confidence, separated by blanks."""

from __future__ import annotations

from rnnlib_py.data.text import split_words
from rnnlib_py.system.output import printable
from rnnlib_py.text.outputs.document import Document

_CHANNEL = 1


def ctm_text(document: Document) -> str:
    """A line for each word, times in seconds. White space in tags and words becomes "_", since it ends a field."""
    seconds = document.seconds or 0.0
    return "".join(
        f"{_field(line.tag)} {_CHANNEL} {word.first * seconds:.3f} {(word.last + 1 - word.first) * seconds:.3f} "
        f"{_field(word.text)} {word.confidence:.4f}\n"
        for line in document.lines
        for word in line.words
    )


def _field(text: str) -> str:
    return printable("_".join(split_words(text)))
