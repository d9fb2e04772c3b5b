# SPDX-License-Identifier: Apache-2.0
"""Scores as text for the console."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

from rnnlib_py.model.tables import table
from rnnlib_py.system.units import count_text
from rnnlib_py.text.alignment import Aligned
from rnnlib_py.text.compare import Difference
from rnnlib_py.text.score import Confusion, Rate, TextScore

NOTHING = "·"  # in the place of a token that is missing


def percent(value: float) -> str:
    """12.34 %."""
    return f"{100 * value:.2f} %" if math.isfinite(value) else "infinite"


def rate_rows(rates: Mapping[str, Rate]) -> list[list[str]]:
    """A row per unit: name, rate, interval, errors, length, substitutions, insertions, deletions."""
    return [
        [
            unit,
            percent(rate.value),
            f"{percent(rate.low)} to {percent(rate.high)}",
            str(rate.errors),
            str(rate.length),
            *(("", "", "") if rate.edits is None else map(str, rate.edits)),
        ]
        for unit, rate in rates.items()
    ]


RATE_HEADER = ["unit", "error rate", "95 % interval", "errors", "of", "substituted", "inserted", "deleted"]
CONFUSION_HEADER = ["count", "reference", "reading"]
DIFFERENCE_HEADER = ["unit", "first", "second", "difference", "95 % interval", "second better in", "p"]


def token_text(token: str | None) -> str:
    """A token for people: blanks can be seen, and so can a missing one."""
    return "(nothing)" if token is None else "(blank)" if token == " " else token


def confusion_rows(confusions: list[Confusion]) -> list[list[str]]:
    """A row per confusion: count, reference, reading."""
    return [[str(c.count), token_text(c.reference), token_text(c.reading)] for c in confusions]


def difference_rows(differences: Mapping[str, Difference]) -> list[list[str]]:
    """A row per unit."""
    return [
        [
            unit,
            percent(d.first),
            percent(d.second),
            percent(d.difference),
            f"{percent(d.low)} to {percent(d.high)}",
            f"{100 * d.second_better:.1f} % of samples",
            f"{d.p_value:.3g}",
        ]
        for unit, d in differences.items()
    ]


def _width(text: str) -> int:
    """Columns on a terminal: two for a Chinese character, none for a combining accent."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def aligned_lines(aligned: Aligned) -> tuple[str, str, str]:
    """Reference, reading, and marks under the errors; a token takes as many columns as the longer of the two."""
    columns = [(a or NOTHING, b or NOTHING, " " if a == b else "^") for a, b in aligned]
    between = " " if any(len(a or b or "") > 4 for a, b in aligned) else ""
    widths = [max(map(_width, column)) for column in columns]
    first, second, third = (
        between.join(
            column[i] + " " * (width - _width(column[i])) for column, width in zip(columns, widths, strict=True)
        )
        for i in range(3)
    )
    return first, second, third.rstrip()


def score_lines(score: TextScore, confusions: int, worst: int) -> list[str]:
    """Rates, so many confusions, and so many of the worst sequences."""
    lines = [count_text(len(score.sequences), "sequence"), "", *table(RATE_HEADER, rate_rows(score.rates))]
    shown = score.confusions[:confusions]
    if shown:
        lines += ["", *table(CONFUSION_HEADER, confusion_rows(shown))]
        if len(score.confusions) > len(shown):
            lines.append(f"and {len(score.confusions) - len(shown):,} other confusions")
    for sequence in score.worst(worst):
        first, second, marks = aligned_lines(sequence.aligned)
        title = f"{sequence.tag}: {count_text(sequence.errors, 'error')}"
        lines += ["", title, f"  reference  {first}", f"  reading    {second}", f"             {marks}"]
    return lines
