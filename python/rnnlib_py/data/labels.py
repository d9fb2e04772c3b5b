# SPDX-License-Identifier: Apache-2.0
"""Label names: defaults for empty ones, and what is wrong with a list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnnlib_py._core import DataError
from rnnlib_py.data.tasks import Task
from rnnlib_py.data.text import split_words

_SHOWN = 20
_LONGEST = 100  # a longer list is folded: its first _SHOWN, and how many more


class DataWarning(UserWarning):
    """Something in a data file was left out."""


def default_names(count: int) -> list[str]:
    """Names for labels without one: their indices, padded with zeros so that they sort."""
    width = len(str(count))
    return [str(i).zfill(width) for i in range(count)]


def fill_names(names: Sequence[str]) -> list[str]:
    """The names, with the default in place of each empty one."""
    return [name or default for name, default in zip(names, default_names(len(names)), strict=True)]


def check_names(names: Sequence[str], task: Task, where: str) -> None:
    """DataError when the names cannot be a task's labels. `where` begins the message: the file and the variable."""
    if not names:
        raise DataError(f"{where}: task {task.name} needs at least one label, found none")
    place: dict[str, int] = {}
    for i, name in enumerate(names):
        if not name:
            raise DataError(f"{where}: label {i} has no name")
        if split_words(name) != [name] or "\0" in name:
            raise DataError(f"{where}: label {i} is named {name!r}; a name holds no white space")
        if place.setdefault(name, i) != i:
            raise DataError(f"{where}: labels {place[name]} and {i} have the same name '{name}'")
    if task.has_blank and "blank" in place:
        raise DataError(
            f"{where}: label {place['blank']} is named 'blank', the name of transcription's own additional label"
        )


def fold_list(items: Sequence[str]) -> list[str]:
    """The items; of more than 100 the first 20, and how many more there are."""
    if len(items) <= _LONGEST:
        return list(items)
    return [*items[:_SHOWN], f"… {len(items) - _SHOWN:,} more"]


def fold(items: Sequence[str], separator: str) -> str:
    """The same as a line."""
    return separator.join(fold_list(items))


def unknown_message(unknown: Mapping[str, int]) -> str:
    """'x' 10 times, 'y' 2 times, …; the most frequent first."""
    ordered = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
    text = ", ".join(f"'{name}' {count} time{'s' if count > 1 else ''}" for name, count in ordered[:_SHOWN])
    return text + (f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else "")
