# SPDX-License-Identifier: Apache-2.0
"""Scores as a page: one HTML file that needs no script and no other file, pictures included."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable, Mapping, Sequence

from rnnlib_py import _core
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.system.output import printable
from rnnlib_py.system.units import count_text
from rnnlib_py.text.alignment import Aligned
from rnnlib_py.text.class_output import CLASS_HEADER, ESTIMATE_HEADER, class_rows, estimate_rows
from rnnlib_py.text.classes import ClassScore, ClassSequence
from rnnlib_py.text.compare import Difference
from rnnlib_py.text.score import SequenceScore, TextScore
from rnnlib_py.text.text_output import (
    CONFUSION_HEADER,
    DIFFERENCE_HEADER,
    NOTHING,
    RATE_HEADER,
    confusion_rows,
    difference_rows,
    rate_rows,
)

Picture = Callable[[int], "bytes | None"]  # number of a sequence -> its PNG

_MATRIX = 40  # classes; a larger matrix fills no screen
_ALIGNED = 2000  # pairs of a sequence that are shown

_STYLE = """
:root { color-scheme: light dark; --line: #ccc; --wrong: #b34700; --back: #ffe9d9; --cell: 0, 90, 140; }
@media (prefers-color-scheme: dark) { :root { --line: #555; --wrong: #ffb27a; --back: #4a2a12; --cell: 90, 170, 220; } }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-top: 2.5rem; } h3 { font-size: 1rem; margin: 0 0 .5rem; }
h2, caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; font-size: 1.2rem; }
h2, .scroll { margin-top: 1.8rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; }
th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.matrix th, .matrix td { padding: .2rem .4rem; text-align: center; border: 1px solid var(--line); }
.sequence { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; margin: 1rem 0; }
.sequence img { display: block; max-width: 100%; min-height: 3rem; max-height: 16rem; object-fit: contain;
  object-position: left; margin-bottom: .6rem; image-rendering: pixelated; }
.pair { display: inline-block; font-family: ui-monospace, monospace; text-align: center; min-width: .62rem;
  vertical-align: top; white-space: pre; margin-bottom: .4rem; }
.pair b, .pair i { display: block; font-weight: normal; font-style: normal; min-height: 1.45em; }
.pair.wrong { background: var(--back); color: var(--wrong); } .pair.wrong i { text-decoration: underline; }
.names .pair { padding: 0 .3rem; } .note { opacity: .75; }
"""


def report_page(title: str, facts: Mapping[str, str], sections: Iterable[str]) -> str:
    """The whole page.

    Parameters
    ----------
    title
        Stands above it.
    facts
        What was scored, and how: name -> text.
    sections
        HTML of score_section, class_section and comparison_section.
    """
    known = {**facts, "made by": f"rnnlib-py {_core.__version__}"}
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{_text(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(title)}</h1>\n"
        + _table("What was scored", (), known.items())
        + "\n".join(sections)
        + "\n</body>\n</html>\n"
    )


def title_section(title: str) -> str:
    """A title above the sections of one of several systems."""
    return f"<h1>{_text(title)}</h1>"


def score_section(score: TextScore, confusions: int, worst: int, picture: Picture | None = None) -> str:
    """Rates, so many confusions, and so many of the worst sequences, each with its picture if there is one."""
    parts = [
        _table("Error rates", RATE_HEADER, rate_rows(score.rates)),
        *_confusions(confusion_rows(score.confusions), confusions),
        *_worst(score.worst(worst), picture),
    ]
    return "\n".join(parts)


def class_section(score: ClassScore, confusions: int, worst: int, picture: Picture | None = None) -> str:
    """Figures, classes, the matrix, so many confusions, and so many of the worst sequences."""
    parts = [
        _table("Figures", ESTIMATE_HEADER, estimate_rows(score)),
        _table("Classes", CLASS_HEADER, class_rows(score)),
        _matrix(score),
        *_confusions(confusion_rows(score.confusions), confusions),
        *_worst(score.worst(worst), picture),
    ]
    return "\n".join(parts)


def comparison_section(differences: Mapping[str, Difference], first: str, second: str) -> str:
    """Which of two systems is better."""
    return "\n".join(
        [
            f"<p>First: {_text(first)}. Second: {_text(second)}.</p>",
            _table("Comparison", DIFFERENCE_HEADER, difference_rows(differences)),
            '<p class="note">Where the interval holds 0, the sequences do not tell which is better.</p>',
        ]
    )


def _table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """It scrolls where it is too wide."""
    table = html_table(caption, header, [[printable(cell) for cell in row] for row in rows])
    return f'<div class="scroll">{table}</div>'


def _text(text: str) -> str:
    return html.escape(printable(text))


def _confusions(rows: list[list[str]], shown: int) -> list[str]:
    if not rows:
        return []
    more = f'<p class="note">and {len(rows) - shown:,} others</p>' if len(rows) > shown else ""
    return [_table("Confusions", CONFUSION_HEADER, rows[:shown]), more]


def _matrix(score: ClassScore) -> str:
    """Rows are targets; the darker a cell, the larger its part of the row."""
    if len(score.labels) > _MATRIX:
        return f'<p class="note">The matrix of {len(score.labels):,} classes is not shown; JSON has it.</p>'
    head = "".join(f"<th>{_text(label)}</th>" for label in score.labels)
    lines = []
    for label, row in zip(score.labels, score.matrix.tolist(), strict=True):
        total = max(1, sum(row))
        cells = "".join(
            f'<td style="background: rgba(var(--cell), {0.6 * count / total:.2f})">{count}</td>' for count in row
        )
        lines.append(f"<tr><th>{_text(label)}</th>{cells}</tr>")
    table = f'<table class="matrix"><tr><th></th>{head}</tr>\n' + "\n".join(lines) + "</table>"
    note = '<p class="note">A row for each target, a column for what was chosen.</p>'
    return f'<h2>Confusion matrix</h2>{note}<div class="scroll">{table}</div>'


def _worst(sequences: Sequence[SequenceScore | ClassSequence], picture: Picture | None) -> list[str]:
    if not sequences:
        return []
    note = '<p class="note">Above the reference, below the reading.</p>'
    return ["<h2>Sequences with most errors</h2>", note, *(_sequence(sequence, picture) for sequence in sequences)]


def _sequence(sequence: SequenceScore | ClassSequence, picture: Picture | None) -> str:
    png = picture(sequence.number) if picture is not None else None
    image = ""
    if png is not None:
        data = base64.b64encode(png).decode("ascii")
        image = f'<img alt="the input of {_text(sequence.tag)}" src="data:image/png;base64,{data}">'
    title = f"{_text(sequence.tag)}: {count_text(sequence.errors, 'error')}"
    return f'<div class="sequence"><h3>{title}</h3>{image}{_aligned(sequence.aligned)}</div>'


def _aligned(aligned: Aligned) -> str:
    pairs = []
    for reference, reading in aligned[:_ALIGNED]:
        kind = "pair" if reference == reading else "pair wrong"
        above, below = (NOTHING if token is None else token for token in (reference, reading))
        pairs.append(f'<span class="{kind}"><b>{_text(above)}</b><i>{_text(below)}</i></span>')
    names = any(len(token or "") > 4 for pair in aligned for token in pair)
    more = f'<p class="note">and {len(aligned) - _ALIGNED:,} more</p>' if len(aligned) > _ALIGNED else ""
    return f'<div class="{"names" if names else "letters"}">{"".join(pairs)}</div>{more}'
