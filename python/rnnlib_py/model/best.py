# SPDX-License-Identifier: Apache-2.0
"""The best networks of a run, for each criterion, as its saves keep them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py.model.html_tables import errors_html
from rnnlib_py.model.metrics import ALL_CRITERIA, SetErrors


@dataclass(frozen=True)
class Best:
    """The best network for a criterion.

    Attributes
    ----------
    epoch : int
        The epoch after which it was there.
    error : float
        The criterion's value.
    errors : dict
        All errors of that epoch: "train", "validation", "test" -> error -> value.
    """

    epoch: int
    error: float
    errors: SetErrors

    def _repr_html_(self) -> str:
        return errors_html(f"best network, epoch {self.epoch}", self.errors)


def store_best(best: dict[str, Best], save: _core.Save) -> None:
    """Into a save, as trainer_best_<error>."""
    for name, one in best.items():
        value = {"epoch": one.epoch, "error": one.error, "errors": one.errors}
        save.set_value(f"trainer_best_{name}", json.dumps(value, separators=(",", ":")))


def saved_best(save: _core.Save, source: str) -> dict[str, Best]:
    """What a save holds; one of RNNLIB's holds none. FormatError when it is damaged."""
    texts = {name: save.get_value(f"trainer_best_{name}") for name in ALL_CRITERIA}
    return {
        name: _parse_best(text, f"{source}: trainer_best_{name}") for name, text in texts.items() if text is not None
    }


def _parse_best(text: str, where: str) -> Best:
    try:
        value = json.loads(text)
        errors = {str(s): {str(n): float(f) for n, f in e.items()} for s, e in value["errors"].items()}
        return Best(int(value["epoch"]), float(value["error"]), errors)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _core.FormatError(f"{where}: damaged ({error})") from None
