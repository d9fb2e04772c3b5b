# SPDX-License-Identifier: Apache-2.0
"""What each task expects of its data (the table in docs/data-format.md)."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlib_py._core import ConfigError
from rnnlib_py.config import unavailable_choices


@dataclass(frozen=True)
class Task:
    """A task, as its data see it."""

    name: str
    has_labels: bool  # targets are label indices; otherwise rows of real numbers
    per_point: bool  # one target per point of the sequence (or of its target shape)

    @property
    def transcribes(self) -> bool:
        """True when a target is a sequence of labels without positions."""
        return self.name == "transcription"


_TASKS = {
    task.name: task
    for task in (
        Task("classification", has_labels=True, per_point=True),
        Task("sequence_classification", has_labels=True, per_point=False),
        Task("transcription", has_labels=True, per_point=False),
        Task("regression", has_labels=False, per_point=True),
        Task("sequence_regression", has_labels=False, per_point=False),
    )
}
TASK_NAMES = tuple(_TASKS)
TARGETS = {  # the variables that hold them
    "classification": ["targetClasses"],
    "sequence_classification": ["targetClasses", "targetStrings"],
    "transcription": ["targetStrings"],
    "regression": ["targetPatterns"],
    "sequence_regression": ["targetPatterns"],
}


def find_task(name: str) -> Task:
    """The task of that name; ConfigError when there is none."""
    task = _TASKS.get(name)
    if task is not None:
        return task
    if name in unavailable_choices("task"):
        raise ConfigError(f"task {name} is not available yet; choose one of {', '.join(_TASKS)}")
    raise ConfigError(f"unknown task '{name}'; expected one of {', '.join(_TASKS)}")
