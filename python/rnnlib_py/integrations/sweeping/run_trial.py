# SPDX-License-Identifier: Apache-2.0
"""One trial of a sweep: trains a network with the trial's values, and notes what came of it in the study."""

from __future__ import annotations

import itertools
import math
import time
import warnings
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import optuna
from optuna.trial import TrialState

from rnnlib_py._core import Error, IoError
from rnnlib_py.config import Config
from rnnlib_py.integrations.sweeping.pruning import PruneOnEpoch
from rnnlib_py.integrations.sweeping.space import Dimension
from rnnlib_py.integrations.sweeping.study import ask
from rnnlib_py.integrations.sweeping.trials import SweepTrial
from rnnlib_py.runlog.log import RunWarning
from rnnlib_py.training.run import Run
from rnnlib_py.training.train import train

_LEAST_SECONDS = 1e-3  # train() takes no limit of 0


@dataclass(frozen=True)
class SweepTask:
    """What all trials share. `deadline`: of time.time(), when trials save and end; None for no limit."""

    config: Config
    space: list[Dimension]
    folder: Path
    error_name: str
    threads: int
    seed: int
    prune: bool
    deadline: float | None

    @property
    def seconds_left(self) -> float | None:
        """Until the deadline; None where there is none."""
        return None if self.deadline is None else max(self.deadline - time.time(), 0.0)


def run_trial(task: SweepTask, study: optuna.Study) -> SweepTrial:
    """The next trial of the study; one that the deadline ended stays unfinished.

    Raises
    ------
    TrainingInterrupted, TrainingTerminated
        As train(); the trial stays unfinished.
    """
    trial = ask(study, task.seed)
    name = trial.user_attrs.get("folder") or _new_folder(task.folder)
    trial.set_user_attr("folder", name)
    config = task.config.copy()
    values = {dimension.name: dimension.suggest(trial) for dimension in task.space}
    begin = time.monotonic()
    found = SweepTrial(name, values, "unfinished", task.error_name)
    on_epoch = PruneOnEpoch(trial, task.error_name)
    try:
        for key, value in values.items():
            config.set(key, value, name)
        run = _train(task, config, name, on_epoch)
    except Error as error:
        found = replace(found, state="failed", message=str(error), seconds=time.monotonic() - begin)
        _note(study, trial, found)
        return found
    found = replace(_with_best(found, run, task.error_name), state=_state(run, on_epoch))
    found = replace(found, seconds=time.monotonic() - begin)
    _note(study, trial, found)
    return found


def _train(task: SweepTask, config: Config, name: str, on_epoch: PruneOnEpoch) -> Run:
    left = task.seconds_left
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RunWarning)  # they are in the trial's own log
        return train(
            config,
            output_dir=task.folder / name,
            resume=True,
            time_limit=None if left is None else max(left, _LEAST_SECONDS),
            threads=task.threads,
            on_epoch=on_epoch,
        )


def _state(run: Run, on_epoch: PruneOnEpoch) -> str:
    if on_epoch.pruned:
        return "pruned"
    return "finished" if run.reason_to_stop() else "unfinished"


def _with_best(trial: SweepTrial, run: Run, error_name: str) -> SweepTrial:
    best = run.best.get(error_name)
    if best is None:
        return replace(trial, epochs=run.epoch)
    return replace(trial, error=best.error, epoch=best.epoch, epochs=run.epoch)


def _note(study: optuna.Study, trial: optuna.Trial, found: SweepTrial) -> None:
    """An unfinished trial is left running in the study; it goes on with the next call."""
    result = {key: value for key, value in asdict(found).items() if key in ("epoch", "epochs", "seconds", "message")}
    if math.isfinite(found.error):
        result["error"] = found.error
    trial.set_user_attr("result", result)
    if found.state == "finished" and math.isfinite(found.error):
        study.tell(trial, found.error)
    elif found.state == "pruned":
        study.tell(trial, state=TrialState.PRUNED)
    elif found.state != "unfinished":
        study.tell(trial, state=TrialState.FAIL)


def _new_folder(folder: Path) -> str:
    """Makes the next trial's folder, also while other processes make theirs. Raises IoError."""
    for number in itertools.count(1):
        name = f"trial-{number:04d}"
        try:
            (folder / name).mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise IoError(f"{folder / name}: cannot be made: {error.strerror}") from error
        return name
    raise AssertionError("unreachable")
