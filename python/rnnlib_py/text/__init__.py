# SPDX-License-Identifier: Apache-2.0
"""Text that networks read: scores of readings against references, with intervals, comparisons and reports."""

from rnnlib_py.text.alignment import Edits, align
from rnnlib_py.text.bootstrap import Bootstrap
from rnnlib_py.text.classes import ClassRow, ClassScore, ClassSequence, Estimate, score_classes
from rnnlib_py.text.compare import Difference, compare
from rnnlib_py.text.evaluation import evaluate
from rnnlib_py.text.files import Texts, paired_texts, read_texts
from rnnlib_py.text.pictures import input_picture
from rnnlib_py.text.score import Confusion, Rate, SequenceScore, TextScore, score_texts
from rnnlib_py.text.tokens import TextOptions, graphemes

__all__ = [
    "Bootstrap",
    "ClassRow",
    "ClassScore",
    "ClassSequence",
    "Confusion",
    "Difference",
    "Edits",
    "Estimate",
    "Rate",
    "SequenceScore",
    "TextOptions",
    "TextScore",
    "Texts",
    "align",
    "compare",
    "evaluate",
    "graphemes",
    "input_picture",
    "paired_texts",
    "read_texts",
    "score_classes",
    "score_texts",
]
