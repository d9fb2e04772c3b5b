# SPDX-License-Identifier: Apache-2.0
"""y in the forms that users have: classes, numbers, and what they are called."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_array, column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from rnnlib_py.data.labels import default_names
from rnnlib_py.integrations.estimators.inputs import Inputs

Classes = NDArray[Any]


def check_given(y: Any, estimator: str) -> None:
    """ValueError when there is no y."""
    if y is None:
        raise ValueError(f"{estimator} requires y to be passed, but the target y is None")


def check_count(count: int, inputs: Inputs, name: str) -> None:
    """ValueError unless there is an entry for each sequence."""
    if count != len(inputs):
        raise ValueError(f"{name} has {count} entries, X has {len(inputs)} sequences: expected one for each")


def by_sequence(y: Any, inputs: Inputs) -> Any:
    """y in the order of the sequences: of a long DataFrame, a Series is looked up by what its sequences are called.

    A Series whose index is not theirs is taken as it stands when it has the default index.
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or inputs.ids is None or not isinstance(y, (pandas.Series, pandas.DataFrame)):
        return y
    missing = [name for name in inputs.ids if name not in y.index]
    if not missing:
        if not y.index.is_unique:
            raise ValueError("y has several entries for a sequence: its index must hold each of them once")
        return y.loc[inputs.ids].to_numpy()
    if y.index.equals(pandas.RangeIndex(len(y))):
        return y.to_numpy()
    raise ValueError(f"y has no entry for sequence {missing[0]!r} of X; its index must hold what they are called")


def check_one_kind(values: Iterable[Any], name: str) -> None:
    """ValueError for labels of mixed type, or missing ones."""
    kinds: dict[str, tuple[int, Any]] = {}
    for i, value in enumerate(values):
        if value is None or value != value:
            raise ValueError(f"{name} contains NaN: the label of entry {i} is missing")
        kind = "texts" if isinstance(value, (str, bytes)) else "numbers" if np.ndim(value) == 0 else "lists"
        kinds.setdefault(kind, (i, value.item() if isinstance(value, np.generic) else value))
    if len(kinds) > 1:
        (_, (i, first)), (_, (j, second)) = list(kinds.items())[:2]
        raise ValueError(
            f"{name} holds labels of mixed type: {first!r} in entry {i}, {second!r} in entry {j}; the argument must be "
            "uniformly strings or numbers"
        )


def read_classes(y: Any) -> NDArray[Any]:
    """A class for each sequence, as an array of one dimension. ValueError for anything else."""
    if isinstance(y, (list, tuple)) or np.asarray(y).dtype.kind == "O":
        check_one_kind(np.asarray(y, dtype=object).reshape(-1), "y")
    labels: NDArray[Any] = column_or_1d(y, warn=True)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError("Input y contains NaN or infinity: expected a class for each sequence")
    check_classification_targets(labels)
    return labels


def find_classes(y: NDArray[Any], estimator: str) -> Classes:
    """The classes, sorted. ValueError when there is only one."""
    classes: Classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError(f"{estimator} needs at least 2 classes in y, found 1 class: {classes.tolist()[0]!r}")
    return classes


def encode(y: NDArray[Any], classes: Classes) -> NDArray[np.int64]:
    """Their places among the classes. ValueError for one that is none of them."""
    try:
        places = np.searchsorted(classes, y)
    except TypeError:
        raise ValueError(f"y holds {y.dtype}, the classes are {classes.dtype}") from None
    places = np.minimum(places, len(classes) - 1)
    wrong = classes[places] != y
    if np.any(wrong):
        raise ValueError(f"y holds {y[wrong].tolist()[0]!r}, which is none of the {len(classes)} classes")
    return places


def label_names(classes: Iterable[Any]) -> list[str]:
    """Names of classes for the network: as they are written, without white space; or else their numbers."""
    names = ["_".join(str(label).split()) for label in classes]
    odd = len(set(names)) < len(names) or not all(names) or any("\0" in name for name in names) or "blank" in names
    return default_names(len(names)) if odd else names


def read_numbers(y: Any) -> NDArray[np.float64]:
    """Numbers for each sequence, (sequences,) or (sequences, outputs)."""
    made: NDArray[np.float64] = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
    if made.ndim > 2 or made.size == 0:
        raise ValueError(f"y has shape {made.shape}, expected (sequences,) or (sequences, outputs)")
    return made
