# SPDX-License-Identifier: Apache-2.0
"""Sets that are given as data, in place of the files that a config names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.data.dataset import Dataset, Prepare
from rnnlib_py.data.forms import Data, sequences_of, with_targets
from rnnlib_py.data.header import check_headers
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.tasks import find_task


class GivenSet:
    """A Dataset behind the same face as DatasetFiles: a set in one part.

    `paths`: the files that the Dataset reads; empty for one of arrays.
    """

    num_parts = 1

    def __init__(
        self,
        name: str,
        data: Data,
        task: str,
        header: DataHeader | None = None,
        header_source: str = "",
        prepare: Prepare | None = None,
    ) -> None:
        """`name`: "train", "validation" or "test". Other parameters as for DatasetFiles.

        Raises DataError for data that are none, have no targets, or do not match `header`; ConfigError for a Dataset of
        another task.
        """
        self.name = f"the {name} data"
        if not isinstance(data, Dataset):
            data = _dataset(self.name, data, task, header, header_source)
        elif data.task != task:
            raise ConfigError(f"{self.name} are for task {data.task}, the config's task is {task}")
        if header is not None:
            check_headers(header, data.header, header_source, self.name)
        self.header = data.header
        self.paths = data.paths
        self._own = data.named_normalisations(self.name)
        self._data = data if prepare is None else prepare(data)

    def __len__(self) -> int:
        return len(self._data)

    @property
    def named_normalisations(self) -> list[tuple[str, Normalisation]]:
        """What each file, or the arrays, hold of a normalisation, with its name."""
        return self._own

    @property
    def named_recipes(self) -> list[tuple[str, str]]:
        """Of each file its path and its recipe, "" for none."""
        return self._data.named_recipes

    def datasets(self, order: Iterable[int] | None = None) -> Iterator[Dataset]:  # noqa: ARG002
        """The one part."""
        yield self._data

    def dataset(self, i: int) -> Dataset:  # noqa: ARG002
        """The one part."""
        return self._data

    def close(self) -> None:
        """The Dataset is the caller's."""


def _dataset(name: str, data: Data, task: str, header: DataHeader | None, header_source: str) -> Dataset:
    """From sequences; their labels are those of `header`, where there is one."""
    labels = list(header.labels) if header is not None and find_task(task).has_labels else None
    try:
        sequences = list(sequences_of(with_targets(data)))
        if sequences and all(sequence.target is None for sequence in sequences):
            raise DataError("no sequence has a target; expected pairs (inputs, target)")
        return Dataset(sequences, task=task, labels=labels)
    except DataError as error:
        known = f" (the labels are those of {header_source})" if labels and "labels" in str(error) else ""
        raise DataError(f"{name}: {error}{known}") from None
