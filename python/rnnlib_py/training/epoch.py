# SPDX-License-Identifier: Apache-2.0
"""What an epoch of a run has come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnlib_py.model.metrics import Errors, SetErrors


@dataclass(frozen=True)
class Epoch:
    """An epoch of a run; `epoch["train"]` are the errors of a set.

    Attributes
    ----------
    epoch : int
        Its number, from 1.
    seconds : float
        Of training alone.
    errors : dict
        "train" (running errors), "validation", "test" -> errors.
    improved : list of str
        Criteria for which it was the best so far.
    learn_rate_factor : float
        Of learnRateSchedule.
    noise : dict or None
        With mdl: priorMean, priorStdDev, meanStdDev, belowNoise.
    warnings : list of str
        What is the matter with the run (docs/logs.md).
    """

    epoch: int
    seconds: float
    errors: SetErrors
    improved: list[str]
    learn_rate_factor: float = 1.0
    noise: dict[str, float] | None = None
    warnings: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Errors:
        return self.errors[name]
