# SPDX-License-Identifier: Apache-2.0
"""What came of a sweep's trials, and the table that shows it."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py.model.metrics import format_error
from rnnlib_py.model.tables import table
from rnnlib_py.system.units import clock_text

SHOWN = 30  # trials in the table


@dataclass(frozen=True)
class SweepTrial:
    """A trial: a run with values of its own.

    Attributes
    ----------
    name : str
        Of its folder: "trial-0001".
    values : dict
        Config key -> value, as configs write it.
    state : str
        "finished", "pruned" (ended early, since others were better by then), "failed", or "unfinished" (it goes on
        with the next call).
    error_name : str
        What was to be made small.
    error : float
        The least one on the validation set; infinite where there is none.
    epoch : int
        When that was; 0 where there is none.
    epochs, seconds
        How long it was trained; without the time before it was interrupted.
    message : str
        Why it failed.
    """

    name: str
    values: dict[str, str]
    state: str
    error_name: str
    error: float = math.inf
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Sweep:
    """What a sweep has come to.

    Attributes
    ----------
    folder : Path
        Of the sweep, with a folder per trial.
    error_name : str
        What was to be made small.
    trials : list of SweepTrial
        In the order in which they began.
    """

    folder: Path
    error_name: str
    trials: list[SweepTrial]

    @property
    def best(self) -> SweepTrial | None:
        """The trial of the least error; None where no trial has come to an end of an epoch."""
        ranked = self.ranked()
        return ranked[0] if ranked and math.isfinite(ranked[0].error) else None

    @property
    def best_save(self) -> Path | None:
        """The network of the best trial."""
        best = self.best
        if best is None:
            return None
        own = self.folder / best.name / f"best_{self.error_name}.save"
        return own if own.exists() else self.folder / best.name / "best.save"

    def ranked(self) -> list[SweepTrial]:
        """The trials, the best first."""
        return sorted(self.trials, key=lambda trial: (trial.error, trial.name))


def trial_line(trial: SweepTrial) -> str:
    """A line when a trial ends: `trial-0003: labelError 4.5% at epoch 9 of 12, pruned, 0:42; hiddenSize 20`."""
    values = ", ".join(f"{name} {_short(value)}" for name, value in trial.values.items())
    start = trial.name
    if trial.state == "failed":
        return f"{start}: failed: {trial.message}; {values}"
    found = (
        f"{trial.error_name} {format_error(trial.error_name, trial.error)} at epoch {trial.epoch} of {trial.epochs}"
        if trial.epoch
        else "no epoch done"
    )
    state = "" if trial.state == "finished" else f", {trial.state}"
    return f"{start}: {found}{state}, {clock_text(trial.seconds)}; {values}"


def sweep_table(sweep: Sweep, most: int = SHOWN) -> list[str]:
    """A line per trial, the best first, with its values; then how many more there are."""
    ranked = sweep.ranked()
    names = list(ranked[0].values) if ranked else []
    rows = [_row(trial, names, sweep.error_name) for trial in ranked[:most]]
    header = ["trial", sweep.error_name, "epoch", "of", "state", "time", *names]
    lines = table(header, rows) if rows else ["no trials"]
    more = len(ranked) - most
    return [*lines, f"and {more} more"] if more > 0 else lines


def _row(trial: SweepTrial, names: _Seq[str], error_name: str) -> list[str]:
    error = format_error(error_name, float(f"{trial.error:.4g}")) if math.isfinite(trial.error) else "-"
    return [
        trial.name,
        error,
        str(trial.epoch or "-"),
        str(trial.epochs or "-"),
        trial.state,
        clock_text(trial.seconds),
        *(_short(trial.values.get(name, "")) for name in names),
    ]


def _short(value: str) -> str:
    """A number with four digits, another value as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    return value if len(value) <= 6 else f"{number:.4g}"
