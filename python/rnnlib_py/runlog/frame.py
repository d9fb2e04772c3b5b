# SPDX-License-Identifier: Apache-2.0
"""The epochs of a run as a DataFrame of pandas, which is imported only when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rnnlib_py._core import ConfigError
from rnnlib_py.model.metrics import SetErrors, is_per_class

if TYPE_CHECKING:
    import pandas


def error_columns(errors: SetErrors, per_class: bool) -> dict[str, float]:
    """`<set>_<error>` -> value; with `per_class` also those of single classes and labels."""
    return {
        f"{name}_{error}": value
        for name, values in errors.items()
        for error, value in values.items()
        if per_class or not is_per_class(error)
    }


def epoch_frame(epochs: Iterable[int], rows: Iterable[Mapping[str, Any]]) -> pandas.DataFrame:
    """A row per epoch; what an epoch lacks is NaN. ConfigError where pandas is not installed."""
    try:
        import pandas
    except ImportError as error:
        raise ConfigError(f"a DataFrame needs pandas ({error}): pip install 'rnnlib-py[notebook]'") from None
    return pandas.DataFrame(list(rows), index=pandas.Index(list(epochs), name="epoch", dtype="int64"))
