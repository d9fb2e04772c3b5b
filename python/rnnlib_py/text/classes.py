# SPDX-License-Identifier: Apache-2.0
"""Scores classes that a network chose: accuracy, F1, who was taken for whom."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.text.alignment import Aligned
from rnnlib_py.text.bootstrap import Bootstrap, interval, ratio
from rnnlib_py.text.score import Confusion
from rnnlib_py.text.sequences import numbered_tags, sequence_record, worst_sequences

Classes = NDArray[np.int64]
NOTHING = "(nothing)"  # what a choice is that counts as no label


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval.

    Attributes
    ----------
    value : float
    low : float
        Where the interval begins.
    high : float
        Where it ends.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ClassRow:
    """One class.

    Attributes
    ----------
    label : str
    count : int
        Targets of this class.
    precision : float
        The part of what was taken for it that is it.
    recall : float
        The part of it that was found.
    f1 : float
        Their harmonic mean; all three are 0 where nothing was found.
    """

    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, repr=False)
class ClassSequence:
    """One sequence.

    Attributes
    ----------
    tag : str
    number : int
        Its place, from 0.
    aligned : list of pairs
        (target's label, chosen label) of each point that has a target.
    """

    tag: str
    number: int
    aligned: Aligned

    @property
    def errors(self) -> int:
        """Points with another label than the target's."""
        return sum(target != chosen for target, chosen in self.aligned)

    @property
    def length(self) -> int:
        """Points that have a target."""
        return len(self.aligned)


@dataclass(frozen=True, repr=False)
class ClassScore:
    """Scores of a set of sequences.

    Attributes
    ----------
    accuracy : Estimate
        The part of the points with a target (or of the sequences) whose class is right.
    macro_f1 : Estimate
        The mean of F1 over the classes that occur among targets or choices.
    labels : list of str
    matrix : ndarray
        int64 [labels, labels]: how often the class of the row was taken for that of the column.
    sequences : list of ClassSequence
    """

    accuracy: Estimate
    macro_f1: Estimate
    labels: list[str]
    matrix: NDArray[np.int64]
    sequences: list[ClassSequence]

    @property
    def classes(self) -> list[ClassRow]:
        """A row per label."""
        counts = self.matrix.astype(np.float64)
        right, chosen, wanted = counts.diagonal(), counts.sum(axis=0), counts.sum(axis=1)
        figures = [ratio(right, chosen), ratio(right, wanted), ratio(2 * right, chosen + wanted)]
        rows = zip(self.labels, wanted.tolist(), *(figure.tolist() for figure in figures), strict=True)
        return [ClassRow(label, int(count), *row) for label, count, *row in rows]

    @property
    def confusions(self) -> list[Confusion]:
        """Pairs of classes that were confused, the most frequent first."""
        rows, columns = np.nonzero(self.matrix - np.diag(self.matrix.diagonal()))
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        found = [Confusion(self.labels[i], self.labels[j], int(self.matrix[i, j])) for i, j in pairs]
        return sorted(found, key=lambda confusion: -confusion.count)

    def worst(self, count: int = 20) -> list[ClassSequence]:
        """The sequences with most errors; right ones are left out."""
        return worst_sequences(self.sequences, count)

    def record(self, worst: int = 20) -> dict[str, Any]:
        """All of it for JSON, with so many of the worst sequences."""
        return {
            "count": len(self.sequences),
            "points": int(self.matrix.sum()),
            "accuracy": asdict(self.accuracy),
            "macro_f1": asdict(self.macro_f1),
            "classes": [asdict(row) for row in self.classes],
            "labels": self.labels,
            "matrix": self.matrix.tolist(),
            "confusions": [asdict(confusion) for confusion in self.confusions],
            "worst": [sequence_record(sequence) for sequence in self.worst(worst)],
        }


def score_classes(
    targets: _Seq[Classes],
    choices: _Seq[Classes],
    labels: _Seq[str],
    tags: _Seq[str] | None = None,
    bootstrap: Bootstrap | None = None,
) -> ClassScore:
    """Scores chosen classes against targets.

    Parameters
    ----------
    targets
        Of each sequence the label indices of its points [points]; -1: no target, the point does not count.
    choices
        The indices chosen there, in the same shapes.
    labels
        Their names.
    tags
        Names of the sequences; None: "#1", "#2", ....
    bootstrap
        How intervals are found; None: from 1000 samples of the sequences.

    Raises
    ------
    DataError
        Different numbers of sequences or points, or no target anywhere.
    """
    tags = numbered_tags(len(targets)) if tags is None else tags
    if not len(targets) == len(choices) == len(tags):
        raise DataError(f"found {len(targets)} targets, {len(choices)} choices and {len(tags)} tags, expected as many")
    size = len(labels)
    matrix = np.zeros((size, size), dtype=np.int64)
    kinds = []  # of each sequence the places in [right, chosen, wanted][labels] that its points count at
    sequences = []
    for number, (tag, target, choice) in enumerate(zip(tags, targets, choices, strict=True)):
        if target.shape != choice.shape:
            raise DataError(f"sequence '{tag}': targets have the shape {target.shape}, choices {choice.shape}")
        wanted, chosen = target[target >= 0], choice[target >= 0]
        np.add.at(matrix, (wanted, chosen), 1)
        kinds.append(np.concatenate([wanted[wanted == chosen], size + chosen, 2 * size + wanted]))
        pairs = zip(wanted.tolist(), chosen.tolist(), strict=True)
        sequences.append(ClassSequence(tag, number, [(labels[i], labels[j]) for i, j in pairs]))
    if not matrix.sum():
        raise DataError("no sequence has a target: there is nothing to compare the choices with")
    counts = _drawn_counts(kinds, size, bootstrap or Bootstrap())
    whole = np.bincount(np.concatenate(kinds), minlength=3 * size).reshape(1, 3, size).astype(np.float64)
    estimates = [Estimate(float(figure(whole)[0]), *interval(figure(counts))) for figure in (_accuracies, _macro_f1)]
    return ClassScore(estimates[0], estimates[1], list(labels), matrix, sequences)


def fold_classes(
    targets: _Seq[Classes], choices: _Seq[Classes], labels: _Seq[str], label_map: LabelMap
) -> tuple[list[Classes], list[Classes], list[str]]:
    """Targets, choices and label names as a map counts them: what score_classes() takes.

    Points whose target counts as nothing have no target; a choice that counts as nothing becomes the label "(nothing)".
    """
    counted = [label_map.folded.get(label, label) for label in labels]
    names = list(dict.fromkeys(name for name in counted if name is not None))
    table = np.array([-1 if name is None else names.index(name) for name in counted], dtype=np.int64)
    if None in counted:
        names.append(NOTHING)
    new_targets = [np.where(target < 0, -1, table[target]) for target in targets]
    new_choices = [table[choice] for choice in choices]
    return new_targets, [np.where(choice < 0, len(names) - 1, choice) for choice in new_choices], names


def _drawn_counts(kinds: list[Classes], size: int, bootstrap: Bootstrap) -> NDArray[np.float64]:
    """Counts [samples, 3, labels] in the drawn sets, without a table of all sequences by all labels."""
    unique = [np.unique(places, return_counts=True) for places in kinds]
    owners = np.repeat(np.arange(len(kinds)), [len(places) for places, _ in unique])
    places, often = (np.concatenate(parts) for parts in zip(*unique, strict=True))
    return np.array(
        [
            np.bincount(places, times[owners] * often, minlength=3 * size).reshape(3, size)
            for block in bootstrap.draws(len(kinds))
            for times in block
        ]
    )


def _accuracies(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """[samples] of counts [samples, 3, labels]; 0 where a sample has no targets."""
    right, _, wanted = counts.sum(axis=2).T
    return ratio(right, wanted)


def _macro_f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    right, chosen, wanted = counts[:, 0], counts[:, 1], counts[:, 2]
    return ratio(ratio(2 * right, chosen + wanted).sum(axis=1), (chosen + wanted > 0).sum(axis=1).astype(np.float64))
