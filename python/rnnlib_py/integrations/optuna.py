# SPDX-License-Identifier: Apache-2.0
"""Optuna searches for good values of config keys: whole sweeps, and pruning in objectives of your own.

Needs the extra [optuna]: ``pip install "rnnlib-py[optuna]"``. The command is ``rnnlib-py sweep``; docs/larger-runs.md
has examples.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.config.config_like import ConfigLike, as_config
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.tasks import find_task
from rnnlib_py.system.durations import as_seconds
from rnnlib_py.system.files import check_writable, make_folder, write_atomically

try:
    from optuna import Study

    from rnnlib_py.integrations.sweeping.pruning import PruneOnEpoch
    from rnnlib_py.integrations.sweeping.run_trial import SweepTask
    from rnnlib_py.integrations.sweeping.space import Dimension, parse_space
    from rnnlib_py.integrations.sweeping.study import (
        JOURNAL,
        enqueue_grid,
        go_on_with_unfinished,
        grid_size,
        locked,
        open_study,
        sweep_trials,
    )
    from rnnlib_py.integrations.sweeping.trials import Sweep, SweepTrial
    from rnnlib_py.integrations.sweeping.workers import OnTrial, run_here, run_in_processes
except ImportError as error:
    raise ImportError(f"a sweep needs optuna 4 or newer ({error}): pip install 'rnnlib-py[optuna]'") from None

__all__ = ["PruneOnEpoch", "Sweep", "SweepTrial", "sweep"]

_LARGEST_GRID = 200


def sweep(
    config: ConfigLike,
    space: Iterable[str],
    *,
    output_dir: str | os.PathLike[str],
    trials: int | None = None,
    error: str | None = None,
    resume: bool = False,
    jobs: int = 1,
    threads: int | None = None,
    seed: int = 1,
    prune: bool = True,
    time_limit: float | str | None = None,
    on_trial: OnTrial | None = None,
) -> Sweep:
    """Trains networks with different values of some config keys, and finds those of the least validation error.

    Each trial is a run in a folder of its own, ``trial-0001`` and so on. Values come from Optuna's TPE sampler; trials
    that are worse than the median of the others by the same epoch are ended early (MedianPruner; not the first 5
    trials, nor within the first 4 epochs). A sweep that was interrupted, even by ``kill -9``, goes on with `resume`:
    trials that were under way go on from their last saves.

    Parameters
    ----------
    config
        As of train(); it names a validation set.
    space
        What is searched: texts such as "hiddenSize=20,40" (choices), "hiddenSize=[20,40],[30,60]" (choices that are
        lists), "learnRate=log:1e-4..1e-2" (a range, drawn by its logarithm), "hiddenSize=20..60:10" (with steps).
    output_dir
        The sweep's folder.
    trials
        How many there are in all, those before a resumption included. None: every combination, where there are only
        choices and at most 200 combinations.
    error
        Which error is to be small: "labelError". None: the task's rate of wrong labels, or its criterion.
    resume
        Go on with the sweep in the folder, if there is one; without it a folder that holds one is refused.
    jobs
        Trials at a time, each in a process of its own.
    threads
        Of each trial; None: as set_num_threads says, where it is the number of cores shared among the jobs.
    seed
        Of what the sampler draws. The networks' own seed is the config's randSeed, which is 1 where it has none.
    prune
        False: every trial trains to its end.
    time_limit
        As of train(), for the whole sweep: what is under way then is saved and goes on with `resume`.
    on_trial
        Called with each SweepTrial when it ends.

    Returns
    -------
    Sweep

    Raises
    ------
    ConfigError
        Before anything is trained: keys, values or choices that do not exist, no validation set, a folder that holds
        another sweep.
    Error
        When the first trials all fail, or a process of a trial ends.
    TrainingInterrupted, TrainingTerminated
        After Ctrl-C or SIGTERM, as train().
    """
    dimensions = parse_space(space)
    checked = _checked(as_config(config), dimensions)
    error_name = _error_name(checked, error)
    jobs = _positive(jobs, "jobs")
    deadline = None if time_limit is None else time.time() + as_seconds(time_limit, "time_limit")
    threads = num_threads(checked, threads, jobs)
    total = _number_of_trials(trials, dimensions)
    folder = _make_folder(Path(output_dir), resume)
    task = SweepTask(checked, dimensions, folder, error_name, threads, seed, prune, deadline)
    with locked(folder):
        study = open_study(folder, prune)
        _check_settings(task, study, [*space])
        count = _prepare(task, study, total, grid=trials is None)
        tell = on_trial or (lambda _: None)
        if jobs == 1 or count <= 1:
            run_here(task, count, tell)
        else:
            run_in_processes(task, count, jobs, tell)
        return Sweep(folder, error_name, sweep_trials(study, dimensions))


def _checked(config: Config, space: list[Dimension]) -> Config:
    """A copy of the config, ready for trials. Raises ConfigError."""
    name = config.path or "the config"
    if config.save is not None:
        raise ConfigError(f"{name}: is a save; a sweep begins with a config, which may name the save by warmStart")
    config = config.copy()
    if "valFile" not in config:
        raise ConfigError(f"{name}: a sweep compares networks on a validation set: give valFile")
    for dimension in space:
        if dimension.name in config.overridden:
            raise ConfigError(f"--{dimension.name}: is searched (--set) and given as a fixed value, too")
    if not config["randSeed"]:
        config["randSeed"] = 1
    return config


def _error_name(config: Config, error: str | None) -> str:
    task = find_task(config["task"])
    if error is None:
        return task.criteria[min(1, len(task.criteria) - 1)]
    known = [*task.criteria, *task.word_errors[:1]]
    if error not in known:
        raise ConfigError(f"error {error}: task {task.name} has {', '.join(known)}")
    return error


def _positive(number: int, what: str) -> int:
    if number < 1:
        raise ConfigError(f"{what} is {number}, expected at least 1")
    return number


def _number_of_trials(trials: int | None, space: list[Dimension]) -> int:
    if trials is not None:
        return _positive(trials, "trials")
    combinations = grid_size(space)
    if not combinations <= _LARGEST_GRID:
        number = "endlessly many" if math.isinf(combinations) else f"{combinations:,.0f}"
        raise ConfigError(f"there are {number} combinations: say how many trials are to be made (--trials)")
    return int(combinations)


def _make_folder(folder: Path, resume: bool) -> Path:
    if (folder / JOURNAL).exists() and not resume:
        raise ConfigError(f"{folder}: holds a sweep; go on with it by --resume (resume=True), or choose another folder")
    make_folder(folder)
    check_writable(folder)
    return folder


def _check_settings(task: SweepTask, study: Study, space: list[str]) -> None:
    """A sweep goes on as it began: with its config, keys, ranges and error. Raises ConfigError."""
    settings = {"config": task.config.text(), "space": space, "error": task.error_name, "seed": task.seed}
    known = study.user_attrs
    for name, value in settings.items():
        if name not in known:
            study.set_user_attr(name, value)
        elif known[name] != value:
            raise ConfigError(f"{task.folder}: holds a sweep with another {name}; choose another folder")
    write_atomically(task.folder / "config", task.config.text())


def _prepare(task: SweepTask, study: Study, total: int, grid: bool) -> int:
    """Puts the study in order. How many trials are to be run, those that go on included."""
    go_on_with_unfinished(study)
    if grid:
        enqueue_grid(study, task.space)
    done = sum(trial.state != "unfinished" for trial in sweep_trials(study, task.space))
    return max(0, total - done)
