# SPDX-License-Identifier: Apache-2.0
"""Recordings: signals and texts become data files and a config to train with."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from pathlib import Path
from typing import TextIO

from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.prepare.audio_options import TASKS, AudioOptions, default_labels
from rnnlib_py.prepare.audio_preparation import AudioPreparation, PreparedAudio
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.audio_table import AudioColumns
from rnnlib_py.prepare.split_options import USUAL_FRACTIONS, SplitOptions
from rnnlib_py.prepare.stored_recipe import stored_recipe
from rnnlib_py.system.files import path_list

PathLike = str | os.PathLike[str]
_MFCC_BANDS, _MFCC_DELTAS = 26, 2  # of A. Graves' and others' experiments on TIMIT


def audio(
    folder: PathLike | None = None,
    output: PathLike = ".",
    *,
    tsv: PathLike | _Seq[PathLike] = (),
    task: str | None = None,
    labels: str | None = None,
    label_from: str = "folder",
    label_map: PathLike | None = None,
    like: PathLike | None = None,
    rate: int | None = None,
    features: str = AudioRecipe.features,
    window: float = AudioRecipe.window,
    shift: float = AudioRecipe.shift,
    bands: int | None = None,
    coefficients: int = AudioRecipe.coefficients,
    fmin: float = AudioRecipe.fmin,
    fmax: float = AudioRecipe.fmax,
    emphasis: float = AudioRecipe.emphasis,
    deltas: int | None = None,
    normalise: str | None = None,
    form: str = AudioRecipe.form,
    fractions: _Seq[float] = USUAL_FRACTIONS,
    by_group: str | None = None,
    seed: int = 1,
    columns: AudioColumns | None = None,
    strict: bool = False,
    force: bool = False,
    progress: TextIO | bool | None = None,
) -> PreparedAudio:
    """Makes data files of recordings, and a config to train with (docs/speech.md).

    One recording is in memory at a time.

    Parameters
    ----------
    folder
        Recordings with their texts beside them (`a.wav` and `a.txt`, `a.lab` or `a.phn`), also in folders below. With
        `tsv`: where the recordings are that it names. With task "sequence_classification": recordings alone.
    output
        A folder for train.nc, val.nc, test.nc, audio.config and report.txt.
    tsv
        Tables with a column for the recording and one for the text, and perhaps for the start and the end in seconds.
    task
        "transcription", "sequence_classification" (a class for each recording), "classification" (a label for each
        frame, of files that say when each is said). None: transcription, or what `like` was made for.
    labels
        What the texts are cut into: "characters", "words" or "phones". None: characters, in task classification phones.
    label_from
        In task sequence_classification, of a folder: "folder", or a regular expression that finds the class in a
        recording's name.
    label_map
        A file that says as which other labels some are counted when errors are counted; the recipe keeps it.
    like
        A save or a data file: recordings are treated as its own were, which decides about all options from `rate` to
        `form`, `labels` and `label_map`; they all go into test.nc.
    rate
        Samples per second that all recordings are brought to. None: the most frequent rate, at most 16000.
    features
        "logmel" or "mfcc".
    window, shift
        Seconds that a frame looks at, and from frame to frame.
    bands
        Mel bands. None: 40, of MFCC 26.
    coefficients
        Of MFCC, without the energy.
    fmin, fmax
        Hz where the bands begin and end; fmax 0: half the rate.
    emphasis
        How much of the sample before is taken off each one.
    deltas
        How many times slopes are added. None: 0, of MFCC 2.
    normalise
        To mean 0 and standard deviation 1: "file", "set" (as the training set), or "none". None: "file" with
        `by_group`, which is for speakers that the network never heard, else "set".
    form
        Unicode's normal form of the texts: "NFC", "NFD", "NFKC", "NFKD", or "none".
    fractions
        Shares of the recordings that train.nc, val.nc and test.nc get.
    by_group
        Recordings of one group stay in one file: "folder", "column:NAME" of a table, or a regular expression that finds
        the group in a recording's name.
    seed
        The same seed, the same split.
    columns
        The names of a table's columns.
    strict
        A file that would be left out is an error.
    force
        Replaces data files that are there.
    progress
        A stream for a progress bar; True is the standard error, or a bar in a notebook.

    Raises
    ------
    ConfigError
        Options that cannot be, or a package that is not installed.
    DataError
        No recording is left, or, with `strict`, one is left out. Nothing is written then, as after the errors below.
    IoError
        What cannot be read or written.
    """
    split = SplitOptions(Path(output), tuple(fractions), by_group, seed, strict, force)
    if like is not None:
        recipe = stored_recipe(like, AudioRecipe)
        task = task or ("sequence_classification" if recipe.labels == "class" else TASKS[0])
        split = split.all_for_test()
    else:
        task = task or TASKS[0]
        is_mfcc = features == "mfcc"
        recipe = AudioRecipe(
            AudioRecipe.rate if rate is None else rate,
            features,
            window,
            shift,
            (_MFCC_BANDS if is_mfcc else AudioRecipe.bands) if bands is None else bands,
            coefficients,
            fmin,
            fmax,
            emphasis,
            (_MFCC_DELTAS if is_mfcc else AudioRecipe.deltas) if deltas is None else deltas,
            normalise or ("set" if by_group is None else "file"),
            labels=default_labels(labels, task),
            form=form,
            fold=() if label_map is None else LabelMap.read(label_map).entries(),
        )
    options = AudioOptions(
        None if folder is None else Path(folder),
        path_list(tsv),
        columns or AudioColumns(),
        task,
        label_from,
        recipe,
        rate is not None or like is not None,
        split,
    )
    options.check()
    return AudioPreparation(options, progress).run()
