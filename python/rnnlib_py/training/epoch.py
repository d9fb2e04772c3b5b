# SPDX-License-Identifier: Apache-2.0
"""What an epoch of a run has come to."""

from __future__ import annotations

from dataclasses import dataclass, field

from rnnlib_py.model.html_tables import errors_html
from rnnlib_py.model.metrics import Errors, SetErrors
from rnnlib_py.runlog.frame import error_columns


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

    def record(self, per_class: bool = False) -> dict[str, float | str]:
        """As a row of a table: `<set>_<error>`, "seconds", "learn_rate_factor", "improved", `noise_<name>`."""
        row: dict[str, float | str] = dict(error_columns(self.errors, per_class))
        row.update(seconds=self.seconds, learn_rate_factor=self.learn_rate_factor, improved=", ".join(self.improved))
        row.update({f"noise_{name}": value for name, value in (self.noise or {}).items()})
        return row

    def _repr_html_(self) -> str:
        best = f"; best so far: {', '.join(self.improved)}" if self.improved else ""
        return errors_html(f"epoch {self.epoch}, {self.seconds:.3g} s{best}", self.errors)
