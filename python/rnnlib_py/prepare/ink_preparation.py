# SPDX-License-Identifier: Apache-2.0
"""How ink is prepared: strokes and texts are read, inputs are made of them, and data files are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

import numpy as np

from rnnlib_py._core import DataError, IoError
from rnnlib_py.data.netcdf.writer import FileForm
from rnnlib_py.data.options import DataOptions
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.target_use import label_steps
from rnnlib_py.prepare.characters import CharacterReport, report_characters
from rnnlib_py.prepare.groups import groups_of
from rnnlib_py.prepare.ink_clean import clean_ink
from rnnlib_py.prepare.ink_config import InkStatistics, ink_config
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_files import find_files, read_ink_file
from rnnlib_py.prepare.ink_items import Ink, InkItem, InkText
from rnnlib_py.prepare.ink_options import InkOptions
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.ink_texts import InkTexts, labels_of, text_of
from rnnlib_py.prepare.line_texts import clean_text
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.write_sets import collected, write_sets

CONFIG_NAME = "ink.config"
_SHOWN = 20  # labels


@dataclass(frozen=True)
class PreparedInk(Prepared):
    """What ink() made.

    Attributes
    ----------
    recipe : InkRecipe
        How ink and texts were treated.
    labels : dict
        Label -> occurrences in all sets.
    characters : CharacterReport or None
        Which there are, and which are rare; None where labels are words or classes.
    """

    recipe: InkRecipe
    labels: dict[str, int]
    characters: CharacterReport | None

    def label_lines(self) -> list[str]:
        """Sentences about the labels."""
        if self.characters is not None:
            return self.characters.lines()
        what = "classes" if self.recipe.labels == "class" else "words"
        most = sorted(self.labels.items(), key=lambda entry: -entry[1])
        shown = ", ".join(f"{label} {count:,}" for label, count in most[:_SHOWN])
        rest = f", ... and {len(most) - _SHOWN:,} more" if len(most) > _SHOWN else ""
        return [f"{len(most):,} {what}: {shown}{rest}"]


class InkPreparation:
    """A run of ink(): first all strokes and texts, which decide about the recipe, then all inputs. What does not fit
    into some memory waits in files."""

    def __init__(self, options: InkOptions, progress: TextIO | bool | None) -> None:
        self._options = options
        self._progress = progress
        self._notes = Notes(options.split.strict)
        self._items: list[InkText] = []
        self._recipe = options.choice.recipe([])  # until all texts are known

    def run(self) -> PreparedInk:
        output = self._options.split.output
        with collected(self._raw(), output) as strokes:
            if not strokes:
                raise DataError(self._notes.nothing_left("ink"))
            self._recipe = self._options.choice.recipe([item.text for item in self._items])
            self._options.split.make_output()
            with collected(self._inputs(strokes), output) as sequences:
                if not sequences:
                    raise DataError(self._notes.nothing_left("ink"))
                return self._write(sequences)

    def _raw(self) -> Iterator[Sequence]:
        """Clean ink with a text: x, y, time and stroke of each point."""
        tags: set[str] = set()
        for item in self._find():
            if item.tag in tags:
                self._notes.skip(item.tag, "a second ink of this name")
                continue
            tags.add(item.tag)
            text = None if item.text is None else clean_text(item.text, self._recipe.form)
            if text is None or not text.text:
                self._notes.skip(item.tag, "has no text" if text is None else "its text is empty")
                continue
            try:
                cleaned = clean_ink(item.ink)
            except DataError as error:
                self._notes.skip(item.tag, str(error))
                continue
            self._notes.change(item.tag, [*text.changes, *cleaned.changes])
            self._items.append(InkText(item.tag, text.text, item.columns))
            inputs = np.column_stack([cleaned.ink.points, cleaned.ink.strokes]).astype(np.float32)
            yield Sequence(inputs, None, item.tag)

    def _find(self) -> Iterator[InkItem]:
        options, notes = self._options, self._notes
        texts = InkTexts(options.tsv, notes)
        files = find_files(options.files or texts.files)
        folders = [path for path in options.files if path.is_dir()]
        for path, name in with_progress(list(files.items()), self._progress, "files"):
            try:
                root = next((folder for folder in folders if path.is_relative_to(folder)), None)
                yield from texts.give(read_ink_file(path, name, self._recipe, notes, root), name)
            except (DataError, IoError) as error:
                notes.skip(str(path), str(error))
        texts.note_unused()

    def _inputs(self, strokes: list[Sequence]) -> Iterator[Sequence]:
        """What the network takes. Ink that it cannot take is left out."""
        kept = []
        pairs = list(zip(self._items, strokes, strict=True))
        for item, raw in with_progress(pairs, self._progress, "inks"):
            points = np.asarray(raw.inputs, np.float64)
            labels = labels_of(item.text, self._recipe)
            try:
                found = features_of(Ink(points[:, :3], points[:, 3].astype(np.int64)), self._recipe)
                self._check_length(len(found.inputs), labels)
            except DataError as error:
                self._notes.skip(item.tag, str(error))
                continue
            kept.append(item)
            yield Sequence(found.inputs, _target(labels, self._recipe), item.tag)
        self._items = kept

    def _check_length(self, points: int, labels: list[str]) -> None:
        steps = label_steps(labels)
        if steps > points:
            raise DataError(f"has {points:,} points, but its text needs {steps:,}")

    def _write(self, sequences: list[Sequence]) -> PreparedInk:
        split, recipe = self._options.split, self._recipe
        targets = [labels_of(item.text, recipe) for item in self._items]
        parts = split.deal(groups_of(self._items, self._group_rule()), "inks")
        counts = {name: Counter(label for i in part for label in targets[i]) for name, part in parts.items()}
        everywhere = sum(counts.values(), Counter[str]())
        options = DataOptions(dims=2 if recipe.picture else 1)
        form = FileForm(recipe.task, options, compression=recipe.picture > 0, recipe=recipe.to_json())
        write_sets(sequences, parts, split.files, sorted(everywhere), form)
        config = None
        if "train" in parts:
            points = np.array([np.prod(np.shape(sequences[i].inputs)[:-1]) for i in parts["train"]], np.int64)
            found = InkStatistics(recipe, points, len(everywhere), counts["train"].total())
            config = split.write(CONFIG_NAME, ink_config(found, split.config_files))
        made = PreparedInk(
            split.files,
            {name: len(part) for name, part in parts.items()},
            config,
            self._notes.found,
            self._notes.lines(),
            recipe,
            dict(sorted(everywhere.items())),
            _characters(counts.get("train"), everywhere, recipe),
        )
        split.write_report(self._notes, made.label_lines())
        return made

    def _group_rule(self) -> str | None:
        """Writers stay apart where it is known who wrote what."""
        rule = self._options.split.by_group
        writers = {item.columns.get("writer", "") for item in self._items}
        if rule is not None or "" in writers:
            return rule
        if len(writers) < len(self._options.split.fractions):
            found = "all inks are of one writer" if len(writers) == 1 else f"there are only {len(writers)} writers"
            self._notes.change(str(self._options.split.output), [f"{found}: inks were dealt out one by one"])
            return None
        return "column:writer"


def _target(labels: list[str], recipe: InkRecipe) -> Any:
    """Names of labels: a data file takes them in place of numbers."""
    return labels[0] if recipe.labels == "class" else labels


def _characters(training: Counter[str] | None, everywhere: Counter[str], recipe: InkRecipe) -> CharacterReport | None:
    """Those of the texts; without a training set none of them is rare."""
    if recipe.labels != "characters":
        return None
    counts = [everywhere if training is None else training, everywhere]
    return report_characters(*(Counter({text_of([label], recipe) or " ": n for label, n in c.items()}) for c in counts))
