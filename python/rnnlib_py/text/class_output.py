# SPDX-License-Identifier: Apache-2.0
"""Scores of classes as text for the console."""

from __future__ import annotations

from rnnlib_py.model.tables import table
from rnnlib_py.system.units import count_text
from rnnlib_py.text.classes import ClassScore
from rnnlib_py.text.text_output import CONFUSION_HEADER, confusion_rows, percent

ESTIMATE_HEADER = ["figure", "value", "95 % interval"]
CLASS_HEADER = ["label", "count", "precision", "recall", "F1"]


def estimate_rows(score: ClassScore) -> list[list[str]]:
    """Accuracy and macro F1."""
    figures = {"accuracy": score.accuracy, "macro F1": score.macro_f1}
    return [[name, percent(e.value), f"{percent(e.low)} to {percent(e.high)}"] for name, e in figures.items()]


def class_rows(score: ClassScore) -> list[list[str]]:
    """A row per class."""
    return [
        [row.label, str(row.count), percent(row.precision), percent(row.recall), percent(row.f1)]
        for row in score.classes
    ]


def class_lines(score: ClassScore, confusions: int, worst: int) -> list[str]:
    """Figures, classes, so many confusions and the tags of so many of the worst sequences."""
    points = count_text(int(score.matrix.sum()), "target")
    lines = [f"{count_text(len(score.sequences), 'sequence')}, {points}", ""]
    lines += [*table(ESTIMATE_HEADER, estimate_rows(score)), "", *table(CLASS_HEADER, class_rows(score))]
    shown = score.confusions[:confusions]
    if shown:
        lines += ["", *table(CONFUSION_HEADER, confusion_rows(shown))]
    rows = [[s.tag, str(s.errors), str(s.length)] for s in score.worst(worst)]
    return [*lines, "", *table(["sequence", "errors", "of"], rows)] if rows else lines
