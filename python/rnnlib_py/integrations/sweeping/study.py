# SPDX-License-Identifier: Apache-2.0
"""The Optuna study of a sweep: a journal file in its folder, which later calls go on with."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from rnnlib_py._core import ConfigError, Error
from rnnlib_py.integrations.sweeping.space import Choices, Dimension
from rnnlib_py.integrations.sweeping.trials import SweepTrial
from rnnlib_py.system.files import lock

JOURNAL = "study.log"
_NAME = "sweep"
_LOCK = "study.lock"
_FIRST_WITHOUT_PRUNING = 5  # trials that are never ended early,
_EPOCHS_WITHOUT_PRUNING = 4  # and epochs of each trial
_STATES = {
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "unfinished",
    TrialState.WAITING: "unfinished",
}


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder is this process's own while it works there. Raises ConfigError where another sweep is at work."""
    with (folder / _LOCK).open("w") as file:
        if not lock(file):
            raise ConfigError(f"{folder}: another sweep is at work in this folder")
        yield


def open_study(folder: Path, prune: bool) -> optuna.Study:
    """The study in the folder; a new one where there is none.

    Raises
    ------
    Error
        The journal cannot be read.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = (
        optuna.pruners.MedianPruner(_FIRST_WITHOUT_PRUNING, _EPOCHS_WITHOUT_PRUNING)
        if prune
        else optuna.pruners.NopPruner()
    )
    try:
        storage = JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
        return optuna.create_study(study_name=_NAME, storage=storage, pruner=pruner, load_if_exists=True)
    except (OSError, ValueError, KeyError) as error:
        raise Error(f"{folder / JOURNAL}: cannot be read as the journal of a sweep: {error}") from error


def ask(study: optuna.Study, seed: int) -> optuna.Trial:
    """The next trial. What is drawn depends on the seed and the trials before alone, also after an interruption."""
    number = len({trial.user_attrs.get("folder") for trial in study.get_trials(deepcopy=False)})
    study.sampler = optuna.samplers.TPESampler(seed=(seed * 1_000_003 + number) % 2**32, constant_liar=True)
    return study.ask()


def enqueue_grid(study: optuna.Study, space: list[Dimension]) -> None:
    """Every combination of the choices, except for those that the study has."""
    choices = [_values(dimension) for dimension in space]
    for values in product(*choices):
        study.enqueue_trial(
            dict(zip((dimension.name for dimension in space), values, strict=True)), skip_if_exists=True
        )


def grid_size(space: list[Dimension]) -> float:
    """How many combinations there are; infinite for ranges of real numbers."""
    return math.prod(dimension.count for dimension in space)


def _values(dimension: Dimension) -> list[str] | list[float] | list[int]:
    if isinstance(dimension, Choices):
        return list(dimension.values)
    numbers = dimension.numbers()
    return [int(number) for number in numbers] if dimension.whole else numbers


def go_on_with_unfinished(study: optuna.Study) -> None:
    """Trials that an earlier call left in the middle come up again, with their values and their folders."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        folder = trial.user_attrs.get("folder")
        if folder is not None:
            study.enqueue_trial(trial.params, user_attrs={"folder": folder})


def sweep_trials(study: optuna.Study, space: list[Dimension]) -> list[SweepTrial]:
    """What came of each trial, once for trials that went on after an interruption."""
    error_name = study.user_attrs["error"]
    latest = {trial.user_attrs["folder"]: trial for trial in study.get_trials() if "folder" in trial.user_attrs}
    return [_sweep_trial(name, trial, space, error_name) for name, trial in sorted(latest.items())]


def _sweep_trial(name: str, trial: FrozenTrial, space: list[Dimension], error_name: str) -> SweepTrial:
    found = trial.user_attrs.get("result", {})
    params = trial.params or trial.system_attrs.get("fixed_params", {})
    values = {d.name: _text(params[d.name]) for d in space if d.name in params}
    return SweepTrial(
        name,
        values,
        _STATES[trial.state],
        error_name,
        found.get("error", math.inf),
        found.get("epoch", 0),
        found.get("epochs", 0),
        found.get("seconds", 0.0),
        found.get("message", ""),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else repr(value)
