# SPDX-License-Identifier: Apache-2.0
"""Whether training can use a set's targets: counted before the first epoch, and by `rnnlib-py check`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from rnnlib_py._core import ConfigError, SkippedTarget
from rnnlib_py.data.batching import Batch
from rnnlib_py.data.target_use import ctc_steps, has_target
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.model.network import Network
from rnnlib_py.model.skipped_targets import list_skipped
from rnnlib_py.model.smaller_blocks import suggestion


def _no_target(task: Task) -> str:
    """Why a set may be without any target."""
    if task.target == "labels":
        return "no label sequence has a label"
    if task.target == "patterns":
        return "the importance of every target is 0"
    return "all classes are -1, or their importance is 0" if task.per_point else "all classes are -1"


@dataclass
class TargetUse:
    """A set's sequences. `total`: all; `empty`: without any target; `skipped`: with a transcription that needs more
    steps than the output has; `lengths`: sizes in dimension 0 of those."""

    network: Network
    total: int = 0
    empty: int = 0
    skipped: list[SkippedTarget] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._task = find_task(self.network.task)
        self._transcribes = self._task.transcribes
        if self._transcribes and self.network.header.num_dims == 0:
            raise ConfigError(f"task {self._task.name} needs at least one dimension, the data have 0")
        self._steps: dict[tuple[int, ...], int] = {}  # of the output, by the shape of the inputs

    def add(self, name: str, shape: tuple[int, ...], has_target: bool, needed: int) -> None:
        """Counts a sequence; `needed`: the output steps that its transcription needs."""
        self.total += 1
        if not has_target:
            self.empty += 1
        if not self._transcribes:
            return
        if shape not in self._steps:
            self._steps[shape] = self.network.output_shape(shape)[0]
        if needed > self._steps[shape]:
            self.skipped.append(SkippedTarget(name, needed, self._steps[shape]))
            self.lengths.append(shape[0])

    def add_batch(self, batch: Batch) -> None:
        for sequence, tag in zip(batch.given, batch.tags, strict=True):
            labels = sequence.target_classes if self._transcribes else None
            self.add(tag, sequence.shape, has_target(sequence), 0 if labels is None else ctc_steps(labels))

    @property
    def usable(self) -> int:
        """Sequences that training can learn from."""
        return self.total - self.empty - len(self.skipped)

    def problem(self, name: str) -> str:
        """Why a run cannot use the set of this name; empty when it can. A test set needs no more than targets that
        outputs can be compared with; errors of the other sets are what training lowers, and what selects the best
        network."""
        if self.empty == self.total:
            return f"{name} set: none of its {self.total} sequences has a target: {_no_target(self._task)}"
        if self.usable or name == "test":
            return ""
        empty = f", {self.empty} are empty" if self.empty else ""
        return (
            f"{name} set: 0 of {self.total} targets fit the network's output: {list_skipped(self.skipped)}{empty}; "
            f"{self.suggestion()}"
        )

    def suggestion(self) -> str:
        """A sentence that names blocks with which the skipped targets would fit."""
        needed = np.array([target.needed for target in self.skipped])
        return suggestion(self.network.config, self.network.header.num_dims, np.array(self.lengths), needed)


def count_targets(network: Network, batches: Iterable[Batch]) -> TargetUse:
    """Reads them all."""
    use = TargetUse(network)
    for batch in batches:
        use.add_batch(batch)
    return use
