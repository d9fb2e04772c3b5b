# SPDX-License-Identifier: Apache-2.0
"""What was predicted for tables, as tables: a row for each sequence, or for each of its rows; or as JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.table_predictions import TablePrediction
from rnnlib_py.system.output import json_text, printable

TABLE_FORMATS = ("csv", "tsv", "jsonl")


def table_text(found: list[TablePrediction], form: str, id_name: str = "", time_name: str = "") -> str:
    """The text of a file.

    Parameters
    ----------
    found
        Of Network.predict_table, at least one.
    form
        "csv", "tsv" or "jsonl".
    id_name, time_name
        The columns of the sequences' names and the rows' times; "" for "sequence" and for none.

    Raises
    ------
    ConfigError
        Another format.
    """
    if form not in TABLE_FORMATS:
        raise ConfigError(f"format {form!r}: expected one of {', '.join(TABLE_FORMATS)} for tables")
    if form == "jsonl":
        return "".join(json_text(_record(one)) + "\n" for one in found)
    written = io.StringIO()
    writer = csv.writer(written, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerow(_names(found[0], id_name or "sequence", time_name))
    for one in found:
        writer.writerows([printable(cell) for cell in row] for row in _rows(one))
    return written.getvalue()


def _names(one: TablePrediction, id_name: str, time_name: str) -> list[str]:
    """Of the columns. "temperature+7" is the temperature 7 rows later."""
    later = f"+{one.ahead}" if one.ahead else ""
    place = ["row", *([time_name or "time"] if one.times else [])] if one.per_row else []
    confidence = ["confidence"] if find_task(one.task).has_labels else []
    return [id_name, *place, *(f"{target}{later}" for target in one.targets), *confidence]


def _rows(one: TablePrediction) -> Iterator[list[str]]:
    if not one.per_row:
        yield [one.name, *_cells(one, ())]
        return
    for i, row in enumerate(one.rows.tolist()):
        yield [one.name, str(row + 1), *one.times[i : i + 1], *_cells(one, (i,))]


def _cells(one: TablePrediction, place: tuple[int, ...]) -> list[str]:
    """Of the whole sequence, or of a row."""
    task = find_task(one.task)
    if not task.has_labels:
        return [f"{value:.7g}" for value in np.atleast_1d(one.values[place]).tolist()]
    if task.transcribes:
        sure = float(np.prod(one.confidences)) if one.classes else 0.0
        return [" ".join(one.classes), f"{sure:.4f}"]
    i = place[0] if place else 0
    return [one.classes[i], f"{np.ravel(one.confidences)[i]:.4f}"]


def _record(one: TablePrediction) -> dict[str, Any]:
    task = find_task(one.task)
    made: dict[str, Any] = {"sequence": one.name}
    if one.per_row:
        made["rows"] = (one.rows + 1).tolist()
        made |= {"times": one.times} if one.times else {}
    if one.ahead:
        made["ahead"] = one.ahead
    if not task.has_labels:
        columns = one.values.T.tolist()
        return made | {"values": dict(zip(one.targets, columns, strict=True))}
    confidences = [round(value, 6) for value in np.ravel(one.confidences).tolist()]
    if task.transcribes:
        return made | {"labels": one.classes, "confidences": confidences}
    if one.per_row:
        return made | {"classes": one.classes, "confidences": confidences}
    return made | {"class": one.classes[0], "confidence": confidences[0]}
