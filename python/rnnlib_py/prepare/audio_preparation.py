# SPDX-License-Identifier: Apache-2.0
"""A run of `prepare audio`: first all texts, which are small, then one recording at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, IoError
from rnnlib_py.data.column_statistics import ColumnSums
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.data.netcdf.writer import FileForm
from rnnlib_py.data.options import DataOptions
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.target_use import label_steps
from rnnlib_py.prepare.audio_config import audio_config, audio_statistics
from rnnlib_py.prepare.audio_folder import class_items, text_items
from rnnlib_py.prepare.audio_items import AudioItem
from rnnlib_py.prepare.audio_labels import clean_label_text, labels_of
from rnnlib_py.prepare.audio_options import AudioOptions
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.audio_report import AudioReport, report_audio
from rnnlib_py.prepare.audio_table import table_items
from rnnlib_py.prepare.groups import groups_of, without_doubles
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.sound_features import features_of, normalised
from rnnlib_py.prepare.sounds import Sound, read_rate, read_sound
from rnnlib_py.prepare.timed_labels import frame_labels
from rnnlib_py.prepare.write_sets import collected, write_sets

CONFIG_NAME = "audio.config"
_HIGHEST = 16000  # samples per second: what is above 8 kHz hardly tells sounds of speech apart


@dataclass(frozen=True)
class PreparedAudio(Prepared):
    """What audio() made.

    Attributes
    ----------
    recipe : AudioRecipe
        How recordings and texts were treated.
    report : AudioReport
        What there is in them.
    """

    recipe: AudioRecipe
    report: AudioReport


@dataclass
class _Kept:
    """What is known of the recordings that can be used, in their order."""

    groups: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    rates: Counter[int] = field(default_factory=Counter)
    names: dict[str, int] = field(default_factory=dict)  # labels of frames, numbered as they come


class AudioPreparation:
    """A run. Errors as audio()."""

    def __init__(self, options: AudioOptions, progress: TextIO | bool | None) -> None:
        self._options = options
        self._progress = progress
        self._notes = Notes(options.split.strict)
        self._recipe = options.recipe
        self._kept = _Kept()

    def run(self) -> PreparedAudio:
        """Writes all files."""
        items = self._clean(without_doubles(self._find(), self._notes, "recording"))
        if not items:
            raise DataError(self._notes.nothing_left("recording"))
        groups = groups_of(items, self._options.split.by_group)
        self._choose_rate(items)
        output = self._options.split.output
        self._options.split.make_output()
        with collected(self._sequences(items, groups), output) as sequences:
            if not sequences:
                raise DataError(self._notes.nothing_left("recording"))
            return self._write(sequences)

    def _find(self) -> Iterator[AudioItem]:
        options = self._options
        for path in options.tables:
            folder = path.parent if options.folder is None else options.folder
            yield from table_items(path, folder, self._notes, options.columns)
        if options.tables or options.folder is None:
            return
        if options.task == "sequence_classification":
            yield from class_items(options.folder, options.label_from, self._notes)
        else:
            yield from text_items(options.folder, self._recipe.labels, self._notes)

    def _clean(self, items: list[AudioItem]) -> list[AudioItem]:
        kept = []
        for item in items:
            cleaned = clean_label_text(item.text, self._recipe)
            self._notes.change(item.tag, cleaned.changes)
            if not cleaned.text:
                self._notes.skip(item.tag, "its text is empty")
            elif self._options.task == "classification" and not item.timed:
                self._notes.skip(item.tag, "its text does not say when each label begins and ends")
            else:
                kept.append(replace(item, text=cleaned.text))
        return kept

    def _choose_rate(self, items: list[AudioItem]) -> None:
        """The most frequent one; of two the lower."""
        if not self._options.has_rate:
            rates = {sound: read_rate(sound) for sound in dict.fromkeys(item.sound for item in items)}
            counts = Counter(rate for item in items if (rate := rates[item.sound]) is not None)
            if counts:
                most = min(counts, key=lambda rate: (-counts[rate], rate))
                self._recipe = replace(self._recipe, rate=min(most, _HIGHEST))
            self._recipe.check()

    def _sequences(self, items: list[AudioItem], groups: list[str]) -> Iterator[Sequence]:
        pairs = list(zip(items, groups, strict=True))
        for item, group in with_progress(pairs, self._progress, "recordings"):
            try:
                sound = read_sound(item.sound, item.start, item.end)
                sequence = self._sequence(item, sound)
            except (DataError, IoError) as error:
                self._notes.skip(_name(item), str(error))
                continue
            self._notes.change(_name(item), sound.changes)
            self._kept.groups.append(group)
            self._kept.seconds.append(sound.seconds)
            self._kept.rates[sound.rate] += 1
            yield sequence

    def _sequence(self, item: AudioItem, sound: Sound) -> Sequence:
        """DataError where what is said cannot be learned from the recording."""
        if sound.cut_off:
            raise DataError(sound.cut_off)
        if not sound.samples.any():
            raise DataError("is silent: all its samples are 0")
        task = self._options.task
        inputs = features_of(sound.samples, sound.rate, self._recipe)
        if task == "classification":
            return Sequence(inputs, self._frame_targets(item, sound, len(inputs)), item.tag)
        labels = labels_of(item.text, self._recipe)
        if task == "sequence_classification":
            return Sequence(inputs, labels[0], item.tag)  # type: ignore[arg-type]
        steps = label_steps(labels)
        if steps > len(inputs):
            raise DataError(f"its {len(labels)} labels need {steps} frames, it has {len(inputs)}")
        return Sequence(inputs, labels, item.tag)  # type: ignore[arg-type]

    def _frame_targets(self, item: AudioItem, sound: Sound, frames: int) -> NDArray[np.int32]:
        names, indices, trouble = frame_labels(item.timed, sound.rate, frames, self._recipe.seconds)
        if trouble:
            self._notes.change(_name(item), [f"{trouble}: they end with it"])
        if (indices < 0).all():
            raise DataError("no label is said in it")
        numbers = np.array(
            [self._kept.names.setdefault(name, len(self._kept.names)) for name in names] + [-1], np.int32
        )
        return numbers[indices]

    def _write(self, sequences: list[Sequence]) -> PreparedAudio:
        split, task = self._options.split, self._options.task
        parts = split.deal(self._kept.groups, "recordings")
        self._number_frames(sequences)
        counts = {name: self._count([sequences[i] for i in part]) for name, part in parts.items()}
        everywhere = sum(counts.values(), Counter[str]())
        train = [sequences[i] for i in parts.get("train", [])]
        if train:
            self._check_labels(everywhere)
        if train and self._recipe.normalise == "set":
            self._recipe = _with_statistics(self._recipe, [sequence.inputs for sequence in train])
        options = DataOptions("words" if task == "transcription" else None, 1)
        form = FileForm(task, options, recipe=self._recipe.to_json())
        write_sets(
            sequences, parts, split.files, sorted(everywhere), form, lambda inputs: normalised(inputs, self._recipe)
        )
        config = self._write_config(train, len(everywhere)) if train else None
        training = counts.get("train", everywhere)
        report = report_audio(np.array(self._kept.seconds), self._kept.rates, training, everywhere)
        split.write_report(self._notes, report.lines())
        return PreparedAudio(
            split.files,
            {name: len(part) for name, part in parts.items()},
            config,
            self._notes.found,
            self._notes.lines(),
            self._recipe,
            report,
        )

    def _write_config(self, train: list[Sequence], num_labels: int) -> Path:
        split = self._options.split
        found = audio_statistics(train, self._recipe, num_labels)
        return split.write(CONFIG_NAME, audio_config(found, self._options.task, split.config_files))

    def _number_frames(self, sequences: list[Sequence]) -> None:
        """The labels of frames are numbered in their alphabetical order."""
        order = sorted(self._kept.names)
        places = np.array([order.index(name) for name in self._kept.names] + [-1], np.int32)
        for sequence in sequences if self._options.task == "classification" else []:
            assert isinstance(sequence.target, np.ndarray)
            sequence.target = places[sequence.target]

    def _count(self, sequences: list[Sequence]) -> Counter[str]:
        """Labels in sequences."""
        counts: Counter[str] = Counter()
        order = sorted(self._kept.names)
        for sequence in sequences:
            target = sequence.target
            if isinstance(target, np.ndarray):
                numbers = np.bincount(target[target >= 0], minlength=len(order)).tolist()
                counts.update({name: number for name, number in zip(order, numbers, strict=True) if number})
            else:
                counts.update([target] if isinstance(target, str) else target)  # type: ignore[arg-type]
        return counts

    def _check_labels(self, counts: Counter[str]) -> None:
        if self._options.task != "transcription" and len(counts) < 2:
            raise DataError(f"all recordings have the class '{next(iter(counts))}': expected at least two classes")
        if self._recipe.fold:
            LabelMap.from_entries(self._recipe.fold).check(sorted(counts))


def _name(item: AudioItem) -> str:
    """What messages about a recording call it."""
    return str(item.sound) if item.start == 0 and item.end is None else item.tag


def _with_statistics(recipe: AudioRecipe, inputs: list[NDArray[np.float32]]) -> AudioRecipe:
    """The recipe with means and deviations over the frames of all these inputs."""
    sums = ColumnSums(recipe.size)
    for one in inputs:
        sums.add(one)
    found = sums.result()
    deviations = np.where(found.std == 0, 1.0, found.std)
    means, scales = ([float(np.float32(value)) for value in column] for column in (found.mean, deviations))
    return replace(recipe, means=tuple(means), deviations=tuple(scales))
