# SPDX-License-Identifier: Apache-2.0
"""Parquet files, read by the package pyarrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.table_cells import EXACT, Cells
from rnnlib_py.system.files import open_to_read


def parquet_columns(path: Path) -> dict[str, Cells]:
    """The columns of a Parquet file, dates as texts in ISO 8601.

    Raises
    ------
    IoError, DataError
        A file that cannot be read, has no rows, or columns of lists and the like.
    ConfigError
        Without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError(f"{path}: Parquet needs pyarrow ({error}): pip install 'rnnlib-py[table]'") from None
    try:
        with open_to_read(path, "a Parquet file") as file:
            table = parquet.read_table(file)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"{path}: is no Parquet file, or damaged: {error}") from None
    names = table.column_names
    double = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if double is not None:
        raise DataError(f"{path}: has two columns called '{double}', expected different names")
    if not table.num_rows or not names:
        raise DataError(f"{path}: has no rows")
    return {name: _cells(table.column(name), f"{path}: column '{name}'") for name in names}


def _cells(column: Any, what: str) -> Cells:
    from pyarrow import types

    kind = column.type
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    values = column.to_pylist()
    if types.is_boolean(kind):
        return np.array(["" if value is None else str(value).lower() for value in values], dtype=object)
    if types.is_integer(kind) and any(value is not None and abs(value) > EXACT for value in values):
        return np.array(["" if value is None else str(value) for value in values], dtype=object)
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return np.array([np.nan if value is None else float(value) for value in values], np.float64)
    if types.is_temporal(kind):
        return np.array(["" if value is None else _date_text(value) for value in values], dtype=object)
    if types.is_string(kind) or types.is_large_string(kind):
        return np.array(["" if value is None else value for value in values], dtype=object)
    if types.is_null(kind):
        return np.full(len(values), np.nan)
    raise DataError(f"{what} is of type {kind}, expected numbers, texts, dates or true and false")


def _date_text(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
