# SPDX-License-Identifier: Apache-2.0
"""Which columns of a table are inputs, which are targets, and the task: chosen by rules that docs/time-series.md
describes where nobody says so."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.tasks import find_task, task_with
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_cells import Cells, holds_dates, numbers_of, texts_of
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_options import TableChoice
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_shapes import Shape
from rnnlib_py.prepare.table_ts import CLASS
from rnnlib_py.prepare.text_table import TEXT_NAMES

TARGET_NAMES = ("target", "class", "label", "y")
MOST_CATEGORIES = 100
_CLASSES = 20  # whole numbers of which there are no more are classes,
_OF_EACH = 10  # if there are so many of each


@dataclass
class _Found:
    """Inputs so far, one by one: their columns, and the categories of texts."""

    columns: list[str]
    categories: list[str]

    def add(self, column: str, categories: list[str]) -> None:
        self.columns += [column] * len(categories)
        self.categories += categories


def choose_roles(frame: Frame, shape: Shape, choice: TableChoice, group: str, notes: Notes) -> TableRecipe:
    """The recipe, as yet without means and standard deviations.

    Parameters
    ----------
    frame
        All sequences.
    shape
        How they lie in the tables.
    choice
        What was asked for.
    group
        The column by which sequences are grouped; "" for none. It is no input unless that is asked for.
    notes
        Takes columns that are not used.

    Raises
    ------
    ConfigError
        Columns that are not there or cannot be used so.
    DataError
        No column is left.
    """
    targets = _targets(frame, shape, choice)
    kept = () if choice.ahead else targets
    found = _inputs(frame, shape, choice, {*kept, shape.time, group}, notes)
    if not found.columns:
        raise DataError(f"{frame.source}: no column is left for the inputs{_dates_hint(notes)}")
    if not targets:  # of a forecast: all numbers
        targets = tuple(dict.fromkeys(c for c, text in zip(found.columns, found.categories, strict=True) if not text))
        targets = tuple(name for name in targets if name != shape.time)
    task = choice.task if choice.task != "auto" else _task(frame, shape, targets, choice.ahead)
    if find_task(task).has_labels and len(targets) != 1:
        raise ConfigError(f"task {task} needs one column of targets, found {', '.join(targets)}")
    if choice.ahead and not find_task(task).per_point:
        raise ConfigError(f"--ahead (ahead={choice.ahead}) is for targets in each row, the task is {task}")
    size = len(found.columns)
    made = TableRecipe(
        task,
        shape.form,
        shape.id,
        shape.time,
        shape.pattern,
        shape.decimal,
        choice.missing,
        tuple(found.columns),
        tuple(found.categories),
        ("linear",) * size,
        (0.0,) * size,
        (1.0,) * size,
        targets,
        ahead=choice.ahead,
        units=choice.units,
    )
    made.check()
    return made


def cells_by_row(frame: Frame, name: str) -> Cells:
    """A column's cell of each row; entries of a whole sequence stand in all its rows."""
    if name in frame.columns:
        return frame.columns[name]
    if name in frame.entries:
        return np.repeat(frame.entries[name], frame.lengths)
    names = [*frame.columns, *frame.entries]
    raise ConfigError(f"{frame.source}: has no column '{name}' (its columns are {', '.join(names[:30])})")


def _matching(frame: Frame, patterns: tuple[str, ...]) -> list[str]:
    """The columns that are named, or that match a pattern. ConfigError for a pattern without any."""
    names = [*frame.columns, *frame.entries]
    made: list[str] = []
    for pattern in patterns:
        found = [pattern] if pattern in names else [name for name in names if fnmatchcase(name, pattern)]
        if not found:
            raise ConfigError(f"{frame.source}: has no column '{pattern}' (its columns are {', '.join(names[:30])})")
        made += [name for name in found if name not in made]
    return made


def _targets(frame: Frame, shape: Shape, choice: TableChoice) -> tuple[str, ...]:
    """Empty for a forecast of all numbers."""
    if choice.targets:
        return tuple(_matching(frame, choice.targets))
    if choice.ahead:
        return ()
    usual = (*TEXT_NAMES, *TARGET_NAMES) if choice.task == "transcription" else TARGET_NAMES
    by_lower = {name.lower(): name for name in reversed([*frame.columns, *frame.entries]) if name != shape.time}
    found = next((by_lower[name] for name in usual if name in by_lower), None)
    if found is None:
        names = ", ".join([*frame.columns, *frame.entries][:30])
        raise ConfigError(
            f"{frame.source}: which column has the targets? Expected one called {', '.join(usual)}, or --targets NAME; "
            f"--ahead N forecasts (its columns are {names})"
        )
    return (found,)


def _inputs(frame: Frame, shape: Shape, choice: TableChoice, taken: set[str], notes: Notes) -> _Found:
    found = _Found([], [])
    if choice.elapsed:
        found.add(shape.time, [""])
    names = _matching(frame, choice.inputs) if choice.inputs else [name for name in frame.columns if name not in taken]
    for name in names:
        if name == shape.time:
            if not choice.elapsed:
                raise ConfigError(f"column '{name}' is that of time: --elapsed makes it an input")
            continue
        trouble = _add_input(frame, shape, name, found)
        if trouble and choice.inputs:
            raise ConfigError(f"{frame.source}: column '{name}' {trouble}")
        if trouble:
            notes.change(frame.source, [f"column '{name}' {trouble}: it is not used"])
    return found


def _add_input(frame: Frame, shape: Shape, name: str, found: _Found) -> str:
    """What is wrong with the column; "" for nothing."""
    cells = cells_by_row(frame, name)
    if not any(texts_of(cells)):
        return "has nothing in it"
    if holds_dates(cells):
        return "holds dates (--time NAME sorts by them, and --elapsed makes an input of them)"
    if numbers_of(cells, shape.decimal, f"column '{name}'") is not None:
        found.add(name, [""])
        return ""
    categories = sorted(set(texts_of(cells)) - {""})
    if len(categories) > MOST_CATEGORIES:
        return f"holds {len(categories):,} different texts, expected at most {MOST_CATEGORIES} categories"
    found.add(name, categories)
    return ""


def _dates_hint(notes: Notes) -> str:
    shown = [note.what for note in notes.found if note.what.startswith("column ")]
    return f" ({'; '.join(shown[:3])})" if shown else ""


def _task(frame: Frame, shape: Shape, targets: tuple[str, ...], ahead: int) -> str:
    """By what the targets are, and whether a sequence has one or each of its rows."""
    numbers = [_is_number(frame, shape, name) for name in targets]
    classes = not all(numbers) or (len(targets) == 1 and not ahead and _are_classes(frame, targets[0]))
    is_entry = not ahead and frame.lengths.max() > 1 and all(frame.is_constant(name) for name in targets)
    is_entry = is_entry or all(name in frame.entries for name in targets)
    return task_with("classes" if classes else "patterns", not is_entry)


def _is_number(frame: Frame, shape: Shape, name: str) -> bool:
    return numbers_of(cells_by_row(frame, name), shape.decimal, f"column '{name}'") is not None


def _are_classes(frame: Frame, name: str) -> bool:
    """Whether numbers stand for classes: whole ones, and few, or with a name that says so."""
    if name == CLASS and name in frame.entries:  # of a .ts file
        return True
    texts = texts_of(frame.entries[name]) if name in frame.entries else texts_of(frame.columns[name])
    known = [text for text in texts if text]
    different = set(known)
    if not all(text.lstrip("+-").isdecimal() or text.isalpha() for text in different):
        return False
    if name.lower() in ("class", "label"):
        return True
    entries = len(frame) if name in frame.entries or frame.is_constant(name) else len(known)
    return len(different) <= _CLASSES and entries >= _OF_EACH * len(different)
