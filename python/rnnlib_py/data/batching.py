# SPDX-License-Identifier: Apache-2.0
"""Data as batches for the engine, in which every sequence has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, DataHeader, SequenceBatch
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.batches import cut
from rnnlib_py.data.forms import Data, Item, as_sequence, sequences_of
from rnnlib_py.data.header import check_headers

Convert: TypeAlias = "Callable[[Sequence, int], Sequence]"  # a lone sequence and its number -> as the engine takes it

# Points per batch: enough to fill the engine's waves. It does not depend on the machine, and so neither do results.
MAX_POINTS = 1 << 16


@dataclass(frozen=True)
class Batch:
    """Sequences for the engine, and as they were given; `tags`: their tags, or "#3" for the one at index 3 without
    any."""

    sequences: SequenceBatch
    given: list[Sequence]
    tags: list[str]
    num_points: int

    def __len__(self) -> int:
        return len(self.tags)


def _make_batch(numbered: Iterable[tuple[int, Sequence]]) -> Batch:
    batch, given, tags, points = SequenceBatch(), [], [], 0
    for i, sequence in numbered:
        given.append(sequence)
        tags.append(sequence.tag or f"#{i}")
        points += sequence.num_points
        replace(sequence, tag=tags[-1]).add_to(batch)
    return Batch(batch, given, tags, points)


def dataset_batches(
    data: Dataset,
    order: NDArray[np.int64] | None = None,
    multiple_of: int = 1,
    max_points: int = MAX_POINTS,
    skip: int = 0,
) -> Iterator[Batch]:
    """A set in the given order (default: as stored), in batches for the engine.

    A batch has at most `max_points` points, but always at least `multiple_of` sequences, and a whole multiple of them
    except for the last batch. The first `skip` sequences are left out; the others are in the batches they are in
    anyway.
    """
    wanted = np.arange(len(data)) if order is None else order
    for first, last in cut(data.num_points[wanted], max_points, multiple_of):
        numbers = wanted[max(first, skip) : last]
        if len(numbers) == 0:
            continue
        yield _make_batch(zip(numbers.tolist(), data.read_many(numbers), strict=True))


def batches(data: Data, convert: Convert) -> Iterator[Batch]:
    """Batches of at most MAX_POINTS points, or of one sequence that has more; `convert` is for Sequences that are in
    no Dataset."""
    if isinstance(data, Dataset):
        yield from dataset_batches(data)
        return
    group: list[tuple[int, Sequence]] = []
    points = 0
    for i, given in enumerate(sequences_of(data)):
        sequence = convert(given, i)
        if group and points + sequence.num_points > MAX_POINTS:
            yield _make_batch(group)
            group, points = [], 0
        group.append((i, sequence))
        points += sequence.num_points
    if group:
        yield _make_batch(group)


def check_fits(data: Data, header: DataHeader, targets: bool = True) -> None:
    """DataError when a data set's sizes, or with `targets` also its labels, are not those of the network. The engine
    compares the sizes of every array with the network's, too; of a set it is known before anything is read."""
    if isinstance(data, Dataset):
        found = data.header
        if not targets:
            found = DataHeader(found.num_dims, found.input_size, header.target_size, list(header.labels))
        check_headers(header, found, "the network", data.paths[0] if data.paths else "the data")


def single_sequence(data: Item, what: str, convert: Convert) -> SequenceBatch:
    """A batch of the one sequence; DataError for anything else."""
    if not isinstance(data, (Sequence, np.ndarray, tuple, Mapping)):
        raise DataError(f"{what} takes one Sequence, found {type(data).__name__}; use dataset[i]")
    return _make_batch([(0, convert(as_sequence(data), 0))]).sequences
