# SPDX-License-Identifier: Apache-2.0
"""Reads a data set with a network and scores what was read."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.decoding import AnyDecoder, BoundDecoder, bound
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.text.bootstrap import Bootstrap
from rnnlib_py.text.classes import ClassScore, fold_classes, score_classes
from rnnlib_py.text.score import TextScore, score_tokens
from rnnlib_py.text.spelling import Spelling
from rnnlib_py.text.tokens import TextOptions, text_tokens

_AT_ONCE = 64  # sequences whose outputs are in memory


def evaluate(
    network: Network,
    data: Dataset,
    options: TextOptions | None = None,
    bootstrap: Bootstrap | None = None,
    space: str = SPACE,
    decoder: AnyDecoder | None = None,
    label_map: LabelMap | None = None,
) -> TextScore | ClassScore:
    """Scores what a network makes of a data set.

    Parameters
    ----------
    network
        Of a task with labels.
    data
        With targets, for the network's task.
    options
        How texts are made comparable and cut; None: NFC and grapheme clusters.
    bootstrap
        How intervals are found; None: from 1000 samples.
    space
        The label that separates words.
    decoder
        As Network.predict; its best reading is scored. None: best path.
    label_map
        What labels are counted as, in targets and readings, before they are compared.

    Returns
    -------
    TextScore or ClassScore
        Of transcription a TextScore with the units "labels", "characters" where each label is one, "words" where the
        network has the label `space`, and "sequences". Of classification a ClassScore.

    Raises
    ------
    ConfigError
        A network without labels (regression), a decoder for another task than transcription, or a map of other labels.
    DataError
        Data that do not fit the network.
    """
    options, bootstrap = options or TextOptions(), bootstrap or Bootstrap()
    task = find_task(network.task)
    if not task.has_labels:
        raise ConfigError(f"task {task.name} has no labels to score; Network.evaluate gives its errors")
    names = list(network.header.labels)
    if label_map is not None:
        label_map.check(names)
    pairs = [
        (target, found.tag, found.indices.reshape(-1))
        for target, found in read_pairs(network, data, bound(decoder, names))
    ]
    tags = [tag for _, tag, _ in pairs]
    if not task.transcribes:
        targets, choices = [target for target, _, _ in pairs], [choice for _, _, choice in pairs]
        if label_map is not None:
            targets, choices, names = fold_classes(targets, choices, names, label_map)
        return score_classes(targets, choices, names, tags, bootstrap)
    cutter = LabelCutter(names, space, options, label_map)
    references = [cutter.tokens(target) for target, _, _ in pairs]
    readings = [cutter.tokens(found) for _, _, found in pairs]
    return score_tokens(references, readings, tags, bootstrap)


def read_pairs(
    network: Network, data: Dataset, decoder: BoundDecoder | None = None
) -> Iterator[tuple[NDArray[np.int64], Prediction]]:
    """Of each sequence its target, as label indices [n], and what the network reads, with the sequence's tag."""
    normalised = network.normalised(data)
    for start in range(0, len(data), _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, len(data)))
        sequences = normalised.read_many(numbers)
        read = network.predict(sequences, raw=False, decoder=decoder)
        for number, sequence, found in zip(numbers, sequences, read, strict=True):
            target = _target(sequence, found, data.name(number))
            yield target, replace(found, tag=sequence.tag or f"#{number}")


def _target(sequence: Sequence, found: Prediction, name: str) -> NDArray[np.int64]:
    """The label indices [n]; DataError where those of points are not in the outputs' shape."""
    classes = sequence.target_classes
    if classes is None:
        raise DataError(f"{name} has no target, expected labels")
    if not find_task(found.task).transcribes and classes.size != found.indices.size:
        raise DataError(f"{name} has targets for {classes.size} points, the network's output has {found.indices.size}")
    return classes.astype(np.int64)


class LabelCutter:
    """Cuts sequences of a network's labels into labels, characters and words."""

    def __init__(self, names: _Seq[str], space: str, options: TextOptions, label_map: LabelMap | None = None) -> None:
        self._names = names
        self._options = options
        self._map = label_map or LabelMap({})
        self._spelling = Spelling(self._map.apply(names), space)

    def tokens(self, indices: NDArray[np.int64]) -> dict[str, list[str]]:
        """What labels with these indices [n] are, in each unit."""
        labels = self._map.apply([self._names[i] for i in indices.tolist()])
        found = {"labels": labels}
        if self._spelling.spells:
            cut = text_tokens(self._spelling.text(labels), self._options)
            found["characters"] = cut["characters"]
            if self._spelling.has_space:
                found["words"] = cut["words"]
        elif self._spelling.has_space:
            words = self._spelling.words(labels)
            found["words"] = [self._spelling.text(labels[part.start : part.stop]) for part in words]
        return found
