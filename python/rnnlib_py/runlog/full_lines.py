# SPDX-License-Identifier: Apache-2.0
"""The lines of a run's log (docs/behaviour.md, "Log"; docs/logs.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rnnlib_py.model.metrics import Errors, format_error, format_errors, is_per_class
from rnnlib_py.model.tables import layer_table
from rnnlib_py.runlog.best import Best
from rnnlib_py.runlog.events import Ended, EpochDone, Event, Noted, Resumed, Saved, Started, Warned
from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.units import bytes_text, clock_text, plain

RULE = "-" * 40


def event_lines(event: Event) -> list[str]:
    """The log's lines about an event; none about saves, whose names follow from the log's."""
    match event:
        case Started():
            return _start_lines(event)
        case Resumed():
            return _resume_lines(event)
        case EpochDone():
            return _epoch_lines(event)
        case Warned():
            return [f"warning: {event.text}"]
        case Noted():
            return list(event.lines)
        case Saved():
            return []
        case Ended():
            return _end_lines(event)


def _start_lines(event: Started) -> list[str]:
    return [
        f"rnnlib-py {event.version} ({event.isa}), Python {event.python}",
        *event.config.text().rstrip("\n").split("\n"),
        f"seed {event.seed}",
        "",
        *layer_table(event.network),
        "",
        *(
            f"{name} set: {data.num_sequences} sequences in {', '.join(data.files) or 'memory'}"
            for name, data in event.sets.items()
        ),
        "",
    ]


def _resume_lines(event: Resumed) -> list[str]:
    return [f"going on from {event.save} after epoch {event.epoch}", *event.notes]


def took_line(epoch: int, work: EpochWork) -> str:
    """its = points; Mwt = 1e6 weights."""
    return (
        f"epoch {epoch} took {plain(work.seconds)} seconds ({plain(work.seconds_per_sequence)} secs/seq, "
        f"{plain(work.points_per_second)} its/sec, {plain(work.million_weight_ops_per_second)} MwtOps/sec)"
    )


def _pace_line(event: EpochDone) -> str:
    parts = [
        f"{plain(event.work.sequences_per_second, 3)} sequences/s",
        f"{plain(event.work.points_per_second, 3)} points/s",
    ]
    if event.peak_memory is not None:
        parts.append(f"memory {bytes_text(event.peak_memory)}")
    if event.seconds_left is not None and event.total_epochs is not None and event.epoch < event.total_epochs:
        parts.append(f"{clock_text(event.seconds_left)} left to epoch {event.total_epochs}")
    return f"pace: {', '.join(parts)}"


def set_lines(name: str, errors: Errors, running: bool = False, per_class: bool = False) -> list[str]:
    """A set's block; `per_class`: with the errors of single classes or labels."""
    shown = {error: value for error, value in errors.items() if per_class or not is_per_class(error)}
    return [RULE, f"{name} errors{' (running)' if running else ''}:", *format_errors(shown)]


def noise_lines(noise: Mapping[str, float]) -> list[str]:
    """mdl's statistics of an epoch."""
    return [
        RULE,
        "weight noise:",
        *(f"{name} {noise[name]:.6g}" for name in ("priorMean", "priorStdDev", "meanStdDev")),
        f"belowNoise {100 * noise['belowNoise']:.4g}%",
    ]


def _epoch_lines(event: EpochDone) -> list[str]:
    lines = [took_line(event.epoch, event.work)]
    if event.learn_rate_factor != 1:
        lines.append(f"learning rates times {event.learn_rate_factor:.6g}")
    for name, values in event.errors.items():
        lines += set_lines(name, values, name == "train", event.per_class)
    if event.noise is not None:
        lines += noise_lines(event.noise)
    if event.improved:
        lines += [RULE, *(f"best network ({name})" for name in event.improved)]
    # RNNLIB has no such line. It stands last and behind a rule, where programs that read RNNLIB's logs expect nothing.
    return [*lines, RULE, _pace_line(event), ""]


def _end_lines(event: Ended) -> list[str]:
    if event.status == "failed":
        return [f"error: {event.reason}"]
    if event.status == "interrupted":  # notes before it name what was saved and where
        return []
    return [f"stopped: {event.reason}", *best_lines(event.best, event.saves, event.per_class)]


def best_lines(best: Mapping[str, Best], saves: Mapping[str, Path], per_class: bool = False) -> list[str]:
    """The errors of the best network per criterion and set, and its save."""
    lines: list[str] = []
    for name, found in best.items():
        lines += [RULE, f"best network ({name}): epoch {found.epoch}, {name} {format_error(name, found.error)}"]
        if name in saves:
            lines.append(f"saved in {saves[name]}")
        for set_name, errors in found.errors.items():
            lines += set_lines(set_name, errors, set_name == "train", per_class)
    return lines
