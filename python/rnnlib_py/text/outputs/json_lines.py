# SPDX-License-Identifier: Apache-2.0
"""JSON lines: an object for each sequence, with all that is known."""

from __future__ import annotations

from typing import Any

from rnnlib_py.model.prediction import Reading
from rnnlib_py.system.output import json_text
from rnnlib_py.text.outputs.document import Document, Line


def json_lines_text(document: Document) -> str:
    """A line for each sequence."""
    return "".join(f"{json_text(_record(line, document.seconds))}\n" for line in document.lines)


def _record(line: Line, seconds: float | None) -> dict[str, Any]:
    record = line.prediction.record()
    if "labels" not in record:
        return record
    confidence = None if line.confidence is None else round(line.confidence, 6)
    made = {"tag": record.pop("tag"), "text": line.text, "confidence": confidence, **record}
    if seconds is not None:
        made["times"] = [[round(at * seconds, 4) for at in (label.first, label.last + 1)] for label in line.labels]
    made["confidences"] = [round(label.confidence, 6) for label in line.labels]
    if line.readings:
        texts = zip(line.readings, line.prediction.readings, strict=True)
        made["readings"] = [_reading_record(text, reading) for text, reading in texts]
    return made


def _reading_record(text: str, reading: Reading) -> dict[str, Any]:
    return {
        "text": text,
        "labels": reading.labels,
        **({"words": reading.words} if reading.words else {}),
        "log_probability": round(reading.log_probability, 6),
        "score": round(reading.score, 6),
        "positions": reading.positions.tolist(),
        "confidences": [round(value, 6) for value in reading.confidences.tolist()],
    }
