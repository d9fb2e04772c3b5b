# SPDX-License-Identifier: Apache-2.0
"""The tasks, as the engine's table has them (cpp/include/rnnlib/task.h)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config import unavailable_choices

_Blank = TypeVar("_Blank")


@dataclass(frozen=True)
class Task:
    """A row of the table: what depends on the task."""

    name: str
    target: Literal["patterns", "classes", "labels"]  # rows of real numbers, classes, or a sequence of labels
    per_point: bool  # one target per point of the sequence (or of its target shape)
    variables: tuple[str, ...]  # of data files, that hold the targets; the usual one first
    units: Literal["target numbers", "classes", "labels and blank"]  # what each output unit stands for
    criterion_unit: str  # of the training criterion's numbers
    criteria: tuple[str, ...]  # errors by which networks are compared, the training criterion first
    other_errors: tuple[str, ...]
    word_errors: tuple[str, ...]  # with a dictionary and target words; networks are compared by the first
    has_positions: bool  # labels come with the output points where they were read

    @property
    def has_labels(self) -> bool:
        """True when targets are label indices; otherwise they are rows of real numbers."""
        return self.target != "patterns"

    @property
    def transcribes(self) -> bool:
        """True when a target is a sequence of labels without positions."""
        return self.target == "labels"

    @property
    def has_blank(self) -> bool:
        """True when there is an output unit for the blank, after those of the labels."""
        return self.units == "labels and blank"

    def is_binary(self, labels: Sequence[str]) -> bool:
        """True when one unit stands for both labels: it is the probability of the second."""
        return self.units == "classes" and len(labels) == 2

    def output_units(self, labels: Sequence[str], blank: _Blank) -> list[str | _Blank]:
        """What each output unit stands for: a label, or `blank`. Empty where units stand for numbers."""
        if self.is_binary(labels):
            return [labels[1]]
        return [*labels, blank] if self.has_blank else [*labels] if self.has_labels else []


TASKS = {row["name"]: Task(**row) for row in _core.task_table()}


def find_task(name: str) -> Task:
    """The task of that name; ConfigError when there is none."""
    task = TASKS.get(name)
    if task is not None:
        return task
    if name in unavailable_choices("task"):
        raise ConfigError(f"task {name} is not available yet; choose one of {', '.join(TASKS)}")
    raise ConfigError(f"unknown task '{name}'; expected one of {', '.join(TASKS)}")


def task_with(target: str, per_point: bool) -> str:
    """The name of the task with such targets."""
    return next(task.name for task in TASKS.values() if (task.target, task.per_point) == (target, per_point))
