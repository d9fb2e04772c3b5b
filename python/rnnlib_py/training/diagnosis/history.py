# SPDX-License-Identifier: Apache-2.0
"""What the diagnosis keeps of a run's epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from rnnlib_py.model.metrics import SetErrors, criteria

WINDOW = 11  # epochs: 10 steps from one to the next


@dataclass(frozen=True)
class Observation:
    """An epoch. `criterion`: the error that training lowers; `train`, `validation`: its values."""

    epoch: int
    criterion: str
    train: float
    validation: float | None
    all_blank: bool  # CTC: the best paths of all training sequences were empty
    improved: bool  # it was the best so far for some error of the selection set

    @staticmethod
    def of(epoch: int, errors: SetErrors, improved: bool) -> Observation | None:
        """None when the train errors have no criterion, or its value is NaN or infinite."""
        train = errors["train"]
        criterion = next(iter(criteria(train)), "")
        if criterion not in train or not math.isfinite(train[criterion]):
            return None
        blank = train.get("deletions") == 1 and train.get("insertions") == 0 and train.get("substitutions") == 0
        validation = errors.get("validation", {}).get(criterion, math.nan)
        return Observation(
            epoch, criterion, train[criterion], validation if math.isfinite(validation) else None, blank, improved
        )

    def values(self) -> list[Any]:
        """For JSON; `from_values` reads them."""
        return [self.epoch, self.criterion, self.train, self.validation, self.all_blank, self.improved]

    @staticmethod
    def from_values(values: Any) -> Observation:
        """Raises ValueError or TypeError for anything that values() does not give."""
        epoch, criterion, train, validation, blank, improved = values
        if not isinstance(blank, bool) or not isinstance(improved, bool):
            raise TypeError("expected true or false")
        known = None if validation is None else float(validation)
        return Observation(int(epoch), str(criterion), float(train), known, blank, improved)


@dataclass
class History:
    """`start`: the error before training, of some sequences; `first`: the first epoch; `best`: the last that improved
    something; `recent`: the last WINDOW, newest last."""

    start: float | None = None
    first: Observation | None = None
    best: Observation | None = None
    recent: list[Observation] = field(default_factory=list)

    def add(self, observation: Observation) -> None:
        self.first = self.first or observation
        if observation.improved:
            self.best = observation
        self.recent = [*self.recent, observation][-WINDOW:]

    @property
    def last(self) -> Observation:
        return self.recent[-1]

    def last_ones(self, count: int) -> list[Observation]:
        """The last `count`, oldest first; none at all while there are fewer."""
        return self.recent[-count:] if len(self.recent) >= count else []
