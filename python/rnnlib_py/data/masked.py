# SPDX-License-Identifier: Apache-2.0
"""Missing values: NumPy's masked arrays, which is also how missing values of data files arrive.

A missing input is an error. A missing class is -1, no target. A missing real-valued target of a point gives this point
the importance 0; a target of a whole sequence must be complete.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError

Mask = NDArray[np.bool_]


def mask_of(values: Any) -> Mask | None:
    """Where values are masked, in their shape; None where nothing is. Lists may hold masked arrays or np.ma.masked."""
    array = as_masked(values)
    if array is None:
        return None
    mask = np.ma.getmaskarray(array)
    return mask if mask.any() else None


def as_masked(values: Any) -> np.ma.MaskedArray[Any, Any] | None:
    """The values as a masked array; None when there is none in them."""
    if isinstance(values, np.ma.MaskedArray):
        return values
    if not isinstance(values, (list, tuple)) or not any(isinstance(value, np.ma.MaskedArray) for value in values):
        return None
    try:
        data = [np.ma.getdata(value) for value in values]
        return np.ma.MaskedArray(data, [np.ma.getmaskarray(value) for value in values])
    except (ValueError, TypeError):  # rows of different lengths, about which the conversion complains
        return None


def _plain(values: Any) -> NDArray[Any]:
    """The values with whatever lies under the mask."""
    array = as_masked(values)
    return np.asarray(values) if array is None else np.ma.getdata(array)


def refuse_masked(values: Any, what: str, expected: str) -> None:
    """DataError naming the first masked element; `what` begins the message."""
    mask = mask_of(values)
    if mask is not None:
        place = np.argwhere(mask)[0].tolist()
        element = f"element {tuple(place) if len(place) > 1 else place[0]} " if place else "it "
        raise DataError(f"{what}: {element}is masked, expected {expected}")


def fill_masked(values: Any, mask: Mask) -> NDArray[Any]:
    """The values, with one that is not masked in the place of those that are (or 0, where all are)."""
    array = _plain(values)
    if mask.all():
        return np.zeros(mask.shape, dtype=np.int32)
    return np.where(mask, array[~mask][0], array)


def weights_without_masked(importance: Any) -> Any:
    """The importance of points, 0 where it is masked."""
    mask = mask_of(importance)
    return importance if mask is None else np.where(mask, np.float32(0), _plain(importance))


def patterns_without_masked(target: Any, importance: Any, per_point: bool, what: str) -> tuple[Any, Any]:
    """Real-valued targets [*target shape, target size] and the importance of their points (None = all 1).

    A point with a masked value gets the importance 0. DataError where targets are not per point.
    """
    mask = mask_of(target)
    if mask is None:
        return target, importance
    if not per_point:
        refuse_masked(target, what, "a number")
    points = mask.any(axis=-1) if mask.ndim else mask
    target = np.where(mask, np.float32(0), _plain(target))
    if importance is None:
        importance = np.ones(points.shape, dtype=np.float32)
    if np.shape(importance) == points.shape:  # else the conversion says that its shape is wrong
        importance = np.where(points, np.float32(0), importance)
    return target, importance
