# SPDX-License-Identifier: Apache-2.0
"""The cells of a table's column: numbers, words for true and false, dates, and cells in which nothing stands."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError

Cells = NDArray[Any]  # float64 with NaN for missing, or objects: texts
Numbers = NDArray[np.float64]

EXACT = 2**53  # larger whole numbers, which may be ids, stay texts: as float64 different ones would become the same

_MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
_BOOL = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers.

    Attributes
    ----------
    values : ndarray
        float64 (rows,); NaN where nothing stands, or no number.
    changes : list of str
        What was done to cells, where that may surprise.
    """

    values: Numbers
    changes: list[str]


def cells_of(values: Any, what: str) -> Cells:
    """A column of a program's own: numbers, texts, dates, or True and False.

    Parameters
    ----------
    values
        A list, an array or a column of a DataFrame.
    what
        The column, for messages.

    Raises
    ------
    DataError
        Another number of axes.
    """
    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError(f"{what} has the shape {list(array.shape)}, expected one value for each row")
    if array.dtype.kind in "iu" and array.size and max(abs(int(array.max())), abs(int(array.min()))) > EXACT:
        return array.astype(str).astype(object)
    if array.dtype.kind in "iuf":
        return array.astype(np.float64)
    if array.dtype.kind == "M":
        texts = np.datetime_as_string(array, unit="us")
        return np.array(["" if text == "NaT" else str(text) for text in texts], dtype=object)
    return np.array([_cell(value) for value in array.tolist()], dtype=object)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def texts_of(cells: Cells) -> list[str]:
    """Cells as texts, without white space around them; "" where nothing stands."""
    if cells.dtype == np.float64:
        return ["" if math.isnan(value) else f"{value:.15g}" for value in cells.tolist()]
    known = {cell: "" if _is_missing(cell) else cell.strip() for cell in set(cells.tolist())}
    return [known[cell] for cell in cells.tolist()]


def numbers_of(cells: Cells, decimal: str, what: str) -> NumberColumn | None:
    """A column's numbers; None for a column of texts or dates.

    Where more than half of the different cells are numbers, it is one of numbers: other cells are then missing.

    Parameters
    ----------
    cells
        Of the column.
    decimal
        What stands before a number's fraction: "." or ",".
    what
        The column, for messages.

    Raises
    ------
    DataError
        Numbers with decimal commas that are not expected.
    """
    changes: list[str] = []
    if cells.dtype == np.float64:
        values = cells
    else:
        different = {cell for cell in set(cells.tolist()) if not _is_missing(cell)}
        known = {cell: _number(cell, decimal) for cell in different}
        wrong = sorted(cell for cell, value in known.items() if value is None)
        _refuse_commas(wrong, decimal, what)
        if 2 * len(wrong) > len(known) or (wrong and 2 * len(wrong) == len(known)):
            return None
        if wrong:
            shown = ", ".join(f"'{cell.strip()}'" for cell in wrong[:3])
            changes.append(f"{what} holds {shown}{', ...' if len(wrong) > 3 else ''} among numbers: taken as missing")
        values = np.array([_float(known.get(cell)) for cell in cells.tolist()], np.float64)
    if np.isinf(values).any():
        changes.append(f"{what} holds infinite numbers: taken as missing")
        values = np.where(np.isinf(values), np.nan, values)
    return NumberColumn(values, changes)


def times_of(cells: Cells, decimal: str, what: str) -> Numbers:
    """Times as numbers: dates in ISO 8601 become seconds; NaN where nothing stands.

    Parameters
    ----------
    cells, decimal, what
        As numbers_of().

    Raises
    ------
    DataError
        Cells that are neither.
    """
    if cells.dtype == np.float64:
        return cells
    made = {}
    for cell in dict.fromkeys(cells.tolist()):
        value = None if _is_missing(cell) else _number(cell, decimal)
        if value is None and not _is_missing(cell):
            value = _seconds(cell)
            if value is None:
                raise DataError(f"{what} holds '{cell.strip()}', expected numbers or dates such as 2024-01-31T12:00")
        made[cell] = _float(value)
    return np.array([made[cell] for cell in cells.tolist()], np.float64)


def holds_dates(cells: Cells) -> bool:
    """Whether all cells in which something stands look like dates."""
    if cells.dtype == np.float64:
        return False
    different = {cell.strip() for cell in set(cells.tolist()) if not _is_missing(cell)}
    return bool(different) and all(_DATE.fullmatch(cell) or _seconds(cell) is not None for cell in different)


def _is_missing(cell: str) -> bool:
    return cell.strip().casefold() in _MISSING


def _number(cell: str, decimal: str) -> float | None:
    text = cell.strip()
    word = _BOOL.get(text.casefold())
    if word is not None:
        return word
    try:
        return float(text.replace(".", "").replace(",", ".") if decimal == "," else text.replace("_", "x"))
    except ValueError:
        return None


def _float(value: float | None) -> float:
    return math.nan if value is None else value


def _seconds(cell: str) -> float | None:
    """Since 1970, of a date without a time zone as if it were in UTC."""
    text = cell.strip()
    try:
        found = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def _refuse_commas(cells: list[str], decimal: str, what: str) -> None:
    found = [cell.strip() for cell in cells if _DECIMAL_COMMA.fullmatch(cell.strip())]
    if decimal == "." and found and 2 * len(found) > len(cells):
        raise DataError(f"{what} has numbers with decimal commas ('{found[0]}'): --decimal , (decimal=',') reads them")
