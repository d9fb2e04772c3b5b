# SPDX-License-Identifier: Apache-2.0
"""Error curves of runs: a panel per error, a colour per run, a dash per set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import TASKS
from rnnlib_py.model.metrics import criteria
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.style import LINES
from rnnlib_py.runlog.reader import SETS, LogEpoch, RunLog, read_log
from rnnlib_py.training.run import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DASHES = {"train": ":", "validation": "-", "test": "--"}
_UNITS = {task.criteria[0]: task.criterion_unit for task in TASKS.values()}


AnyRun = Run | RunLog | str | os.PathLike[str]


def plot_errors(
    logs: AnyRun | _Seq[AnyRun] | Mapping[str, AnyRun],
    errors: _Seq[str] | None = None,
    sets: _Seq[str] | None = None,
    log_scale: bool = False,
) -> Figure:
    """Error curves of runs: a panel per error, a colour per run, a dash per set. A dot is the least value of a curve.

    Parameters
    ----------
    logs
        A Run, a RunLog or the path of a log; several of them; or a dict of them by the names they are shown with.
    errors
        None: those whose best networks are kept.
    sets
        None: all there are.
    log_scale
        Of the errors' axes.

    Raises
    ------
    ConfigError
        Errors or sets that no log has; a Run without an epoch.
    IoError, FormatError
        As read_log.
    """
    runs, labels = _named_runs(logs)
    names = list(errors) if errors else _default_errors(runs)
    wanted = _check_sets(runs, sets)
    for name in names:
        if not any(len(run.curve(s, name)[0]) for run in runs for s in wanted):
            known = dict.fromkeys(error for run in runs for error in run.error_names)
            raise ConfigError(f"no log has an error '{name}' on these sets; there are {', '.join(known)}")
    figure = new_figure(max(4.2 * len(names) + 0.6, 6.5), 4.0 + 0.22 * len(runs))
    panels = np.atleast_1d(figure.subplots(1, len(names)))
    for axes, name in zip(panels, names, strict=True):
        _draw(axes, runs, labels, name, wanted, log_scale)
    figure.suptitle(f"Errors of {labels[0] if len(runs) == 1 else f'{len(runs)} runs'}", fontsize=11)
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(
        handles,
        texts,
        title="a dot: the least",
        fontsize=8,
        title_fontsize=8,
        loc="outside lower center",
        ncols=len(wanted) if len(runs) > 1 else len(texts),
    )
    return figure


def _default_errors(runs: list[RunLog]) -> list[str]:
    known = dict.fromkeys(name for run in runs for name in run.error_names)
    kept = criteria(dict.fromkeys(known, 0.0))
    return [name for name in kept if name in known] or list(known)[:1]


def _check_sets(runs: list[RunLog], sets: _Seq[str] | None) -> list[str]:
    for name in sets or []:
        if name not in SETS:
            raise ConfigError(f"unknown set '{name}'; expected {', '.join(SETS)}")
    there = [name for name in SETS if any(name in run.sets for run in runs)]
    return [name for name in there if sets is None or name in sets]


def _named_runs(logs: AnyRun | _Seq[AnyRun] | Mapping[str, AnyRun]) -> tuple[list[RunLog], list[str]]:
    """The runs and what they are called in the picture. ConfigError when there are none."""
    if isinstance(logs, Mapping):
        runs, labels = [_as_log(log) for log in logs.values()], list(logs)
    else:
        several = [logs] if isinstance(logs, (Run, RunLog, str, os.PathLike)) else logs
        runs = [_as_log(log) for log in several]
        labels = _run_labels(runs)
    if not runs:
        raise ConfigError("no logs were given")
    return runs, labels


def _as_log(log: AnyRun) -> RunLog:
    if isinstance(log, RunLog):
        return log
    if not isinstance(log, Run):
        return read_log(log)
    if not log.history:
        raise ConfigError("the run has no epoch yet: there are no errors to draw")
    name = str(log.log_path or log.config.path or "the run")
    return RunLog(name, [LogEpoch(epoch.epoch, epoch.errors) for epoch in log.history])


def _run_labels(runs: list[RunLog]) -> list[str]:
    """The file's name, or its path where names are not enough to tell runs apart, with a number where that is not."""
    names = [Path(run.path).name.removesuffix(".log") for run in runs]
    if len(set(names)) == len(names):
        return names
    paths = [run.path for run in runs]
    return paths if len(set(paths)) == len(paths) else [f"{path} ({i})" for i, path in enumerate(paths, 1)]


def _draw(axes: Any, runs: list[RunLog], labels: list[str], error: str, sets: list[str], log_scale: bool) -> None:
    rate = _core.prints_as_percent(error)
    for i, (run, label) in enumerate(zip(runs, labels, strict=True)):
        for name in sets:
            epochs, values = run.curve(name, error)
            if not len(epochs):
                continue
            values = 100 * values if rate else values
            # One run: sets in different colours are quicker to tell apart than by their dashes alone.
            colour = LINES[SETS.index(name) if len(runs) == 1 else i % len(LINES)]
            text = name if len(runs) == 1 else f"{label}: {name}"
            mark = "." if len(epochs) == 1 else None
            axes.plot(epochs, values, _DASHES[name], color=colour, label=text, linewidth=1.6, marker=mark)
            if np.isfinite(values).any():
                best = int(np.nanargmin(values))
                axes.plot(epochs[best], values[best], "o", color=colour, markersize=5)
    if log_scale:
        axes.set_yscale("log")
    elif axes.get_ylim()[0] > 0:
        axes.set_ylim(bottom=0)
    axes.set_xlabel("epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    unit = "%" if rate else _UNITS.get(error, "")
    axes.set_ylabel(f"{error} ({unit})" if unit else error)
    axes.grid(alpha=0.3)
