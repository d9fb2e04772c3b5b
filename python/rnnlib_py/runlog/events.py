# SPDX-License-Identifier: Apache-2.0
"""What happens in a run. The run makes these; text, JSON lines and TensorBoard files are made from them
(docs/logs.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rnnlib_py.config import Config
from rnnlib_py.model.metrics import SetErrors
from rnnlib_py.model.network import Network
from rnnlib_py.runlog.best import Best
from rnnlib_py.runlog.work import EpochWork


@dataclass(frozen=True)
class SetFiles:
    """A data set: how many sequences it has, and its files; none where it was given as arrays."""

    num_sequences: int
    files: list[str]


@dataclass(frozen=True)
class Started:
    """A run begins; nothing is trained yet."""

    version: str
    isa: str  # the engine's instruction set
    python: str
    seed: int
    config: Config
    network: Network
    sets: dict[str, SetFiles]


@dataclass(frozen=True)
class Resumed:
    """The run goes on from a save."""

    save: str
    epoch: int  # epochs done before
    sequences_done: int  # of the epoch under way; 0: it begins
    reset: list[str]  # what the save does not have: "optimiser", "mdl", "mdlOptimiser"
    notes: list[str]  # sentences on all that


@dataclass(frozen=True)
class EpochDone:
    """An epoch was trained and tested."""

    epoch: int
    total_epochs: int | None  # None: no limit
    errors: SetErrors
    improved: list[str]  # criteria for which it is the best so far
    epochs_without_best: int
    work: EpochWork
    peak_memory: int | None  # bytes; None where the system does not report it
    seconds_left: float | None  # of the run, if nothing ends it earlier; None without a limit
    learn_rate_factor: float = 1.0  # of learnRateSchedule
    noise: Mapping[str, float] | None = None  # mdl's: priorMean, priorStdDev, meanStdDev, belowNoise
    per_class: bool = False  # texts have the errors per class too


@dataclass(frozen=True)
class Warned:
    """Something the user should know."""

    text: str


@dataclass(frozen=True)
class Noted:
    """Anything else for the log."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """A save is on the disk. `criterion`: the error it is the best for; empty for the last."""

    path: Path
    epoch: int
    criterion: str = ""


@dataclass(frozen=True)
class Ended:
    """The run is over. `status`: "finished", "time limit", "interrupted" or "failed"."""

    status: str
    reason: str
    epoch: int
    best: Mapping[str, Best]
    saves: Mapping[str, Path] = field(default_factory=dict)  # criterion -> the save of its best network
    per_class: bool = False  # texts have the errors per class too


Event: TypeAlias = Started | Resumed | EpochDone | Warned | Noted | Saved | Ended
