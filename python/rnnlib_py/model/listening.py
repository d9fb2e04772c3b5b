# SPDX-License-Identifier: Apache-2.0
"""Listening to recordings: the network's recipe makes inputs of them, and its labels make the text, with times."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.decoding import AnyDecoder
from rnnlib_py.model.html_tables import text_html
from rnnlib_py.model.new_files import Loaded, load_all, name_of, predict_all, recipe_for
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.prepare.audio_labels import text_of
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.sound_features import features_of, normalised
from rnnlib_py.prepare.sounds import RATES, Sound, mixed, read_sound, sound_of

if TYPE_CHECKING:
    from rnnlib_py.model.network import Network

PathLike = str | os.PathLike[str]
AnySound = PathLike | tuple[NDArray[Any], int]


@dataclass(frozen=True, eq=False)
class HeardText:
    """What a network heard in a recording.

    Attributes
    ----------
    text : str
        Of task sequence_classification the class; of classification "", since each frame has a label.
    name : str
        The recording's file; "" for an array.
    prediction : Prediction
        Labels and how sure they are; input_positions are frames.
    times : ndarray
        float64 (labels, 2). Where each label begins and ends, in seconds; of classification each frame.
    frames : int
        Of the recording.
    seconds : float
        From frame to frame.
    changes : list of str
        What was done to the recording, and what is odd about it.
    """

    text: str
    name: str
    prediction: Prediction
    times: NDArray[np.float64]
    frames: int
    seconds: float
    changes: list[str] = field(default_factory=list)

    def _repr_html_(self) -> str:
        return text_html(self.text, self.name, self.prediction, self.changes)


def audio_recipe_of(network: Network) -> AudioRecipe:
    """How the network wants recordings. ConfigError for one that does not say so, or has no labels."""
    if not find_task(network.task).has_labels:
        raise ConfigError(f"{name_of(network)}: its task is {network.task}; expected transcription or classification")
    return recipe_for(network, AudioRecipe, "recordings")


def listen_to_one(
    network: Network, sound: AnySound, threads: int | None = None, decoder: AnyDecoder | None = None
) -> HeardText:
    """What Network.listen does."""
    recipe = audio_recipe_of(network)
    loaded = _load(sound, recipe)
    return _heard(*next(predict_all(network, [loaded], threads, decoder)), recipe)


def listen_to_files(
    network: Network,
    names: Iterable[str],
    notes: Notes,
    threads: int | None = None,
    decoder: AnyDecoder | None = None,
) -> Iterator[HeardText]:
    """What is said in many recordings, a few of which are in memory at a time.

    Parameters
    ----------
    network
        Listens to them.
    names
        The files.
    notes
        Takes those that cannot be read, which are left out, and those that were changed.
    threads, decoder
        As Network.predict.
    """
    recipe = audio_recipe_of(network)
    loaded = load_all(names, lambda name: _load(name, recipe), notes)
    for prediction, recording in predict_all(network, loaded, threads, decoder):
        yield _heard(prediction, recording, recipe)


def _load(sound: AnySound, recipe: AudioRecipe) -> Loaded:
    if isinstance(sound, tuple):
        read, name = _sound_of_array(*sound), ""
    else:
        read, name = read_sound(sound), os.fspath(sound)
    inputs = normalised(features_of(read.samples, read.rate, recipe), recipe)
    changes = [*read.changes, *([f"{read.cut_off}: used as far as it goes"] if read.cut_off else [])]
    return Loaded(name, inputs, changes)


def _sound_of_array(samples: NDArray[Any], rate: int) -> Sound:
    found = np.asarray(samples)
    if found.dtype.kind != "f" or found.ndim not in (1, 2) or 0 in found.shape:
        raise DataError(
            f"a recording is an array of the shape {list(found.shape)} and type {found.dtype}; expected real numbers "
            "from -1 to 1: (samples,) or (samples, channels)"
        )
    if rate not in RATES:
        raise DataError(f"a recording has {rate} samples per second, expected {RATES[0]:,} to {RATES[-1]:,}")
    channels = found.reshape(len(found), -1)
    return sound_of(mixed(channels), channels.shape[1], rate, "a recording")


def _heard(prediction: Prediction, loaded: Loaded, recipe: AudioRecipe) -> HeardText:
    task = find_task(prediction.task)
    frames = len(loaded.inputs)
    if task.transcribes:
        text, places = text_of(prediction.labels, recipe), prediction.input_positions
    elif task.per_point:
        steps = np.arange(len(prediction.labels))
        text, places = "", np.stack([steps, steps], axis=1)
    else:
        text, places = prediction.labels[0], np.array([[0, frames - 1]])
    times = (places + np.array([0, 1])) * recipe.seconds
    return HeardText(text, loaded.name, prediction, times, frames, recipe.seconds, loaded.changes)
