# SPDX-License-Identifier: Apache-2.0
"""A run's events as JSON, one object per line (docs/logs.md lists every field)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rnnlib_py.model.metrics import SetErrors
from rnnlib_py.runlog.best import Best
from rnnlib_py.runlog.events import Ended, EpochDone, Event, Noted, Resumed, Saved, Started, Warned
from rnnlib_py.system.output import json_text

Fields = dict[str, Any]


def json_line(event: Event, now: datetime | None = None) -> str:
    """One line of JSON without its newline."""
    moment = (now or datetime.now(timezone.utc)).isoformat(timespec="milliseconds")
    name, fields = _fields(event)
    record = {"event": name, "time": moment.replace("+00:00", "Z"), **fields}
    return json_text(_finite(record))


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: they become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value


def _fields(event: Event) -> tuple[str, Fields]:
    match event:
        case Started():
            return "start", _start(event)
        case Resumed():
            return "resume", {
                "save": event.save,
                "epoch": event.epoch,
                "sequences_done": event.sequences_done,
                "afresh": event.reset,
            }
        case EpochDone():
            return "epoch", _epoch(event)
        case Warned():
            return "warning", {"text": event.text}
        case Noted():
            return "note", {"text": "\n".join(event.lines)}
        case Saved():
            return "save", {
                "path": str(event.path),
                "epoch": event.epoch,
                "kind": "best" if event.criterion else "last",
                "criterion": event.criterion or None,
            }
        case Ended():
            return "end", {
                "status": event.status,
                "reason": event.reason,
                "epoch": event.epoch,
                "best": _best(event.best, event.saves),
            }


def _start(event: Started) -> Fields:
    network = event.network
    return {
        "version": event.version,
        "isa": event.isa,
        "python": event.python,
        "seed": event.seed,
        "config": {name: event.config[name] for name in event.config},
        "network": {
            "weights": network.num_weights,
            "layers": [
                {
                    "name": layer.name,
                    "type": layer.type,
                    "directions": list(layer.directions),
                    "units": layer.size,
                    "weights": layer.num_weights,
                }
                for layer in network.layers
            ],
        },
        "sets": {name: {"sequences": data.num_sequences, "files": data.files} for name, data in event.sets.items()},
    }


def _epoch(event: EpochDone) -> Fields:
    work = event.work
    return {
        "epoch": event.epoch,
        "total_epochs": event.total_epochs,
        "errors": _errors(event.errors),
        "improved": event.improved,
        "epochs_without_best": event.epochs_without_best,
        "seconds": work.seconds,
        "sequences": work.num_sequences,
        "points": work.num_points,
        "sequences_per_second": work.sequences_per_second,
        "points_per_second": work.points_per_second,
        "million_weight_ops_per_second": work.million_weight_ops_per_second,
        "peak_memory_bytes": event.peak_memory,
        "seconds_left": event.seconds_left,
        "learn_rate_factor": event.learn_rate_factor,
        "noise": event.noise,
    }


def _errors(errors: SetErrors) -> Fields:
    return {name: dict(values) for name, values in errors.items()}


def _best(best: Mapping[str, Best], saves: Mapping[str, Path]) -> Fields:
    return {
        name: {
            "epoch": found.epoch,
            "error": found.error,
            "errors": _errors(found.errors),
            "save": str(saves[name]) if name in saves else None,
        }
        for name, found in best.items()
    }
