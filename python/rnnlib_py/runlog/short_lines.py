# SPDX-License-Identifier: Apache-2.0
"""What a console shows of a run: a line per epoch. The log file has all (full_lines.py)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rnnlib_py.model.metrics import Errors, criteria
from rnnlib_py.runlog.best import Best, selection_set
from rnnlib_py.runlog.events import Ended, EpochDone, Event, Resumed, SetFiles, Started
from rnnlib_py.runlog.full_lines import event_lines
from rnnlib_py.system.units import clock_text, plain, rate_text

_SET_NAMES = {"train": "train", "validation": "val", "test": "test"}


def short_lines(event: Event, width: int | None = None) -> list[str]:
    """The lines for an event; those for epochs are at most `width` characters long (None: as long as they are)."""
    match event:
        case Started():
            return _start_lines(event)
        case Resumed():
            return [f"going on from {event.save} after epoch {event.epoch}", *event.notes]
        case EpochDone():
            return [epoch_line(event, width)]
        case Ended(status="finished" | "time limit"):
            return [f"stopped: {event.reason}", *best_lines(event.best, event.saves)]
    return event_lines(event)


def _start_lines(event: Started) -> list[str]:
    network = event.network
    labels = f", {len(network.header.labels)} labels" if network.header.labels else ""
    return [
        f"rnnlib-py {event.version} ({event.isa}), seed {event.seed}",
        f"{network.task}{labels}; network of {network.num_weights:,} weights in {len(network.layers)} layers",
        *(f"{name} set: {_files_text(data)}" for name, data in event.sets.items()),
    ]


def _files_text(data: SetFiles) -> str:
    count = f"{data.num_sequences:,} sequences in "
    if len(data.files) <= 3:
        return count + (", ".join(data.files) or "memory")
    return f"{count}{len(data.files)} files, {data.files[0]} to {data.files[-1]}"


def best_lines(best: Mapping[str, Best], saves: Mapping[str, Path]) -> list[str]:
    """Which network is the best for which error, and where it is saved."""
    lines = []
    for name, found in best.items():
        where = selection_set(found.errors)
        saved = f", in {saves[name]}" if name in saves else ""
        lines.append(f"best {_error(name, found.error)} ({where} set, epoch {found.epoch}){saved}")
    return lines


def _error(name: str, value: float) -> str:
    return f"{name} {rate_text(name, value)}"


def epoch_line(event: EpochDone, width: int | None) -> str:
    """The richest line that fits: first the criterion of the train errors is left out, then the test set, and so on."""
    total = f"/{event.total_epochs}" if event.total_epochs is not None else ""
    start = f"epoch {event.epoch:>{max(1, len(total) - 1)}}{total}"
    time = clock_text(event.work.seconds) if event.work.seconds >= 60 else f"{plain(event.work.seconds, 3)} s"
    left = [] if event.seconds_left is None or event.epoch == event.total_epochs else [
        f"{clock_text(event.seconds_left)} left"
    ]  # fmt: skip
    rate = [] if event.learn_rate_factor == 1 else [f"rate x{plain(event.learn_rate_factor, 3)}"]
    sets = {name: _set_text(event, name) for name in event.errors}
    short_train = {"train": _set_text(event, "train", criterion=False)}
    without_test = {name: text for name, text in sets.items() if name != "test"}
    only = {selection_set(event.errors): _set_text(event, selection_set(event.errors), criterion=False)}
    variants = [
        [start, *sets.values(), *rate, time, *left],
        [start, *{**sets, **short_train}.values(), *rate, time, *left],
        [start, *{**sets, **short_train}.values(), time, *left],
        [start, *{**without_test, **short_train}.values(), time, *left],
        [start, *{**without_test, **short_train}.values(), *left],
        [start, *only.values(), *left],
        [start, *only.values()],
    ]
    lines = ["  ".join(parts) for parts in variants]
    return next((line for line in lines if width is None or len(line) <= width), lines[-1])


def _set_text(event: EpochDone, name: str, criterion: bool = True) -> str:
    """ "train ctcError 6.97 labelError 4.1 %"; of the other sets only the last of the two. A star follows the set that
    decides when the epoch is the best so far: for the error before it, or for the one that it names."""
    errors = event.errors[name]
    shown = _shown_errors(errors)
    if name != "train" or not criterion:
        shown = shown[-1:]
    parts = [_SET_NAMES[name], *(_error(error, errors[error]) for error in shown)]
    if name == selection_set(event.errors) and event.improved:
        parts.append("*" if shown and shown[-1] in event.improved else f"*{event.improved[0]}")
    return " ".join(parts)


def _shown_errors(errors: Errors) -> list[str]:
    """The training criterion, and the rate of wrong labels where the task has one."""
    return [name for name in criteria(errors) if name in errors][:2]
