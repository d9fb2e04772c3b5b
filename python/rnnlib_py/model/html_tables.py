# SPDX-License-Identifier: Apache-2.0
"""What notebooks show of predictions, alignments and errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.metrics import SetErrors, format_error, is_per_class
from rnnlib_py.system.html_tables import first_rows, html_table

if TYPE_CHECKING:
    from rnnlib_py.model.alignment import Alignment
    from rnnlib_py.model.prediction import Prediction, Reading

_PLACED = ("label", "confidence", "output points", "input points")


def prediction_html(prediction: Prediction) -> str:
    """Labels with their places; of classes how many points have each; of numbers the first points."""
    task = find_task(prediction.task)
    caption = repr(prediction)[1:-1]
    if task.has_positions:
        return html_table(caption, _PLACED, first_rows(_placed_rows(prediction)))
    if not task.has_labels:
        return _values_html(caption, prediction.outputs)
    if not task.per_point:
        rows = [(prediction.labels[0], _confidence(prediction.confidences[0]))]
        return html_table(caption, ("class", "confidence"), rows)
    return html_table(caption, ("label", "points", "mean confidence"), first_rows(_class_rows(prediction)))


def text_html(text: str, name: str, prediction: Prediction, changes: Iterable[str] = ()) -> str:
    """Of a text that was read: the text, then the table of its prediction."""
    rows = [("text", text), *([("file", name)] if name else []), *(("changed", change) for change in changes)]
    return html_table("what was read", (), rows) + prediction_html(prediction)


def reading_html(reading: Reading) -> str:
    """One of the labellings that a decoder found."""
    columns = zip(reading.labels, map(_confidence, reading.confidences), _spans(reading.positions), strict=True)
    words = f": {' '.join(reading.words)}" if reading.words else ""
    caption = f"Reading{words}; log probability {reading.log_probability:.4g}, score {reading.score:.4g}"
    return html_table(caption, ("label", "confidence", "output points"), first_rows(list(columns)))


def alignment_html(alignment: Alignment) -> str:
    """Where the labels of a text that is known lie."""
    scores = map(_confidence, alignment.scores)
    places = zip(_spans(alignment.positions), _spans(alignment.input_positions), strict=True)
    rows = [(label, score, *place) for label, score, place in zip(alignment.labels, scores, places, strict=True)]
    return html_table(repr(alignment)[1:-1], ("label", "score", *_PLACED[2:]), first_rows(rows))


def errors_html(caption: str, errors: SetErrors) -> str:
    """A row per error but those of single classes, a column per set."""
    names = list(dict.fromkeys(n for values in errors.values() for n in values if not is_per_class(n)))
    rows = [[n, *(format_error(n, v[n]) if n in v else "" for v in errors.values())] for n in names]
    return html_table(caption, ("error", *errors), rows)


def _placed_rows(found: Prediction) -> list[tuple[str, ...]]:
    places = zip(_spans(found.positions), _spans(found.input_positions), strict=True)
    confidences = map(_confidence, found.confidences)
    return [(label, sure, *place) for label, sure, place in zip(found.labels, confidences, places, strict=True)]


def _class_rows(found: Prediction) -> list[tuple[str, ...]]:
    """The most frequent label first."""
    labels, confidences = np.array(found.labels, dtype=object), found.confidences.reshape(-1)
    counts = {label: int((labels == label).sum()) for label in dict.fromkeys(found.labels)}
    ordered = sorted(counts, key=lambda label: -counts[label])
    return [(label, f"{counts[label]:,}", _confidence(confidences[labels == label].mean())) for label in ordered]


def _values_html(caption: str, outputs: NDArray[np.float64]) -> str:
    flat = outputs.reshape(-1, outputs.shape[-1])
    points = np.ndindex(outputs.shape[:-1])
    rows = [
        (",".join(map(str, point)) or "whole sequence", *(f"{value:.6g}" for value in values))
        for point, values in zip(points, flat, strict=True)
    ]
    return html_table(caption, ("point", *(f"value {i}" for i in range(flat.shape[1]))), first_rows(rows))


def _confidence(value: float) -> str:
    return f"{value:.3f}"


def _spans(places: NDArray[np.int64]) -> list[str]:
    return [str(first) if first == last else f"{first} to {last}" for first, last in places.tolist()]
