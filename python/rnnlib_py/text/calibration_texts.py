# SPDX-License-Identifier: Apache-2.0
"""Criterion and reliability of transcriptions at any temperature, from outputs that were computed once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py.text.alignment import align
from rnnlib_py.text.read_outputs import ReadSequence, in_threads
from rnnlib_py.text.reliability import Reliability, joined

_IMPOSSIBLE = -1e99  # the log probabilities of targets that do not fit are below

_Posteriors = tuple[NDArray[np.float64], NDArray[np.float64], float]  # of labels, words and the line


class TextOutputs:
    """The outputs of a data set, with what best path decoding reads there.

    Attributes
    ----------
    count : int
        Sequences that the criterion counts.
    skipped : int
        Sequences whose targets need more points than the output has.
    """

    def __init__(self, sequences: list[ReadSequence], separator: int, threads: int) -> None:
        """`separator`: the label between words; -1: there is none."""
        self._separator = separator
        self._threads = threads
        self._outputs = [sequence.prediction.outputs for sequence in sequences]
        self._readings: list[list[int]] = [sequence.prediction.indices.tolist() for sequence in sequences]
        self._targets: list[list[int]] = [sequence.target.tolist() for sequence in sequences]
        pairs = list(zip(self._targets, self._readings, strict=True))
        self._right_labels = [_matches(_tokens(target), _tokens(reading)) for target, reading in pairs]
        self._right_words = [_matches(self._words(target), self._words(reading)) for target, reading in pairs]
        self._right_lines = [[target == reading] for target, reading in pairs]
        values = self._log_probabilities(list(range(len(sequences))), 1.0)
        self._fitting = [i for i, value in enumerate(values) if value > _IMPOSSIBLE]
        self.count = len(self._fitting)
        self.skipped = len(sequences) - self.count

    def criterion(self, temperature: float) -> float:
        """ctcError: the mean of -log p(target)."""
        return -float(np.mean(self._log_probabilities(self._fitting, temperature)))

    def units(self, temperature: float) -> dict[str, Reliability]:
        """Of labels (confidences and posteriors), words and lines."""
        decoder = _core.BestPathDecoder(temperature)
        confidences = in_threads(lambda outputs: decoder.decode(outputs).confidences, self._outputs, self._threads)
        found = in_threads(lambda i: self._posteriors(i, temperature), range(len(self._outputs)), self._threads)
        units = {
            "labels": joined(confidences, self._right_labels),
            "label posteriors": joined([labels for labels, _, _ in found], self._right_labels),
        }
        if self._separator >= 0:
            units["words"] = joined([words for _, words, _ in found], self._right_words)
        units["lines"] = joined([[line] for _, _, line in found], self._right_lines)
        return units

    def _log_probabilities(self, numbers: list[int], temperature: float) -> list[float]:
        def one(i: int) -> float:
            return _core.labelling_log_probability(self._targets[i], self._outputs[i], temperature)

        return in_threads(one, numbers, self._threads)

    def _posteriors(self, i: int, temperature: float) -> _Posteriors:
        return _core.lattice_posteriors(self._readings[i], self._outputs[i], temperature, self._separator)

    def _words(self, labels: list[int]) -> list[str]:
        """What stands between separators, as the engine cuts it."""
        words: list[list[int]] = [[]]
        for label in labels:
            if label == self._separator:
                words.append([])
            else:
                words[-1].append(label)
        return [" ".join(_tokens(word)) for word in words if word]


def _tokens(labels: list[int]) -> list[str]:
    return [str(label) for label in labels]


def _matches(target: list[str], reading: list[str]) -> list[bool]:
    """Whether each token that was read stands beside an equal one of the target when the two are aligned."""
    return [wanted == read for wanted, read in align(target, reading) if read is not None]
