# SPDX-License-Identifier: Apache-2.0
"""The engine's table of tasks as Python sees it."""

from __future__ import annotations

import pickle

import pytest

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.config import unavailable_choices
from rnnlib_py.data.tasks import TASKS, find_task, task_with

LABELS = ["a", "b", "c"]


def test_each_choice_of_the_key_has_a_row_or_is_unavailable() -> None:
    choices = next(key.choices for key in _core.key_table() if key.name == "task")
    assert choices == [*TASKS, *unavailable_choices("task")]
    assert [row["name"] for row in _core.task_table()] == list(TASKS)


def test_rows_differ_in_what_their_targets_are() -> None:
    """Else info could not guess a file's task. The words of a dictionary come from its labels."""
    for task in TASKS.values():
        expected = "transcription" if task.name == "dictionary_transcription" else task.name
        assert task_with(task.target, task.per_point) == expected
        assert pickle.loads(pickle.dumps(task)) == task
    with pytest.raises(rnn.ConfigError, match="unknown task 'guess'; expected one of classification, "):
        find_task("guess")
    with pytest.raises(rnn.ConfigError, match="task prediction is not available yet"):
        find_task("prediction")


def test_units_of_outputs() -> None:
    assert find_task("transcription").output_units(LABELS[:2], None) == ["a", "b", None]
    assert find_task("classification").output_units(LABELS, None) == LABELS
    assert find_task("sequence_classification").output_units(LABELS[:2], None) == ["b"]
    assert find_task("regression").output_units([], None) == []
