# SPDX-License-Identifier: Apache-2.0
"""Text that networks read: files of it in the formats of other programs, scores against references and reports."""

from rnnlib_py.text.alignment import Edits, align
from rnnlib_py.text.bootstrap import Bootstrap
from rnnlib_py.text.classes import ClassRow, ClassScore, ClassSequence, Estimate, score_classes
from rnnlib_py.text.compare import Difference, compare
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.evaluation import evaluate
from rnnlib_py.text.files import Texts, paired_texts, read_texts
from rnnlib_py.text.outputs import Document, Line, ReadLabel, Word, document_text, make_document
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
    "Document",
    "Edits",
    "Estimate",
    "Line",
    "Rate",
    "ReadLabel",
    "SequenceScore",
    "TextOptions",
    "TextScore",
    "Texts",
    "Word",
    "align",
    "compare",
    "decoder_of",
    "document_text",
    "evaluate",
    "graphemes",
    "input_picture",
    "make_document",
    "paired_texts",
    "read_texts",
    "score_classes",
    "score_texts",
]
