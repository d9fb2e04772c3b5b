# SPDX-License-Identifier: Apache-2.0
"""Text that networks read: scores of readings against references, with intervals, comparisons and reports."""

from rnnlib_py.text.alignment import Edits, align
from rnnlib_py.text.bootstrap import Bootstrap
from rnnlib_py.text.compare import Difference, compare
from rnnlib_py.text.files import Texts, paired_texts, read_texts
from rnnlib_py.text.score import Confusion, Rate, SequenceScore, TextScore, score_texts
from rnnlib_py.text.tokens import TextOptions, graphemes

__all__ = [
    "Bootstrap",
    "Confusion",
    "Difference",
    "Edits",
    "Rate",
    "SequenceScore",
    "TextOptions",
    "TextScore",
    "Texts",
    "align",
    "compare",
    "graphemes",
    "paired_texts",
    "read_texts",
    "score_texts",
]
