# SPDX-License-Identifier: Apache-2.0
"""Checks of a sequence's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError


def check_finite(values: Any, variable: str, where: str) -> None:
    """DataError naming point and column when float32 [*shape, size] holds NaN or infinite numbers."""
    finite = np.isfinite(values)
    if finite.all():
        return
    value = values[tuple(np.argwhere(~finite)[0])]
    raise DataError(
        f"{where}: {variable} at {_first(~finite)} is {value}; expected finite numbers (in 32 bits); "
        f"{int((~finite).sum())} of its {finite.size} numbers are not finite"
    )


def check_present(missing: NDArray[np.bool_] | None, variable: str, where: str, why: str) -> None:
    """DataError naming point and column when a value is missing [*shape, size]; `why` says why."""
    if missing is not None and missing.any():
        mask = missing if missing.ndim else missing.reshape(1)
        count = f"{int(mask.sum())} of its {mask.size} numbers are missing"
        raise DataError(f"{where}: {variable} at {_first(mask)} is missing; {count}; {why}")


def _first(wrong: NDArray[np.bool_]) -> str:
    """The position of the first one [*shape, size], as messages name it."""
    *point, column = np.argwhere(wrong)[0].tolist()
    at = f"point {tuple(point) if len(point) != 1 else point[0]}, " if point else ""
    return f"{at}column {column}"


def check_importance(importance: NDArray[np.float32], where: str) -> None:
    """DataError when a weight is negative or not finite."""
    check_finite(importance[..., np.newaxis], "importance", where)
    if (importance < 0).any():
        raise DataError(f"{where}: importance is {importance.min()}; expected weights of at least 0")
