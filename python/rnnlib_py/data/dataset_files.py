# SPDX-License-Identifier: Apache-2.0
"""A set that is spread over several files, of which one is in memory at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Seq
from typing import Any

from rnnlib_py._core import DataError, DataHeader
from rnnlib_py.data.dataset import DEFAULT_BUDGET, Dataset, Path, Prepare, paths_text
from rnnlib_py.data.header import check_headers
from rnnlib_py.data.html_tables import header_rows
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.file_identity import Identity, check_unchanged
from rnnlib_py.data.netcdf.recipe import read_recipe
from rnnlib_py.data.netcdf.source import count_sequences, read_header
from rnnlib_py.data.normalisation import Normalisation, read_normalisation
from rnnlib_py.data.tasks import find_task
from rnnlib_py.system.html_tables import first_rows, html_table
from rnnlib_py.system.units import count_text


class DatasetFiles:
    """A set in several files, of which one is in memory at a time; `len()` counts the sequences of all.

    Attributes
    ----------
    header : DataHeader
        Common to all files.
    counts : list of int
        Sequences per file, after data_fraction.
    """

    def __init__(
        self,
        paths: Seq[Path],
        task: str,
        *,
        data_fraction: float = 1.0,
        budget_bytes: int = DEFAULT_BUDGET,
        header: DataHeader | None = None,
        header_source: str = "the network",
        prepare: Prepare | None = None,
    ) -> None:
        """Opens every file once to check that they fit together; `datasets()` then reads them one by one.

        Parameters
        ----------
        paths, task, data_fraction, budget_bytes, header, header_source
            As for Dataset.read.
        prepare
            What every file's data go through before they are handed out.

        Raises
        ------
        DataError
            Two files do not match: names both and the difference.
        IoError, FormatError
            What cannot be read.
        """
        self.paths = [os.fspath(path) for path in paths]
        if not self.paths:
            raise DataError("no data files were given")
        self.task = task
        self.counts: list[int] = []
        self.normalisations: list[Normalisation] = []  # that each file holds
        self.recipes: list[str] = []  # by which each was made; "" where it does not say
        self._identities: list[Identity | None] = []
        self._data_fraction = data_fraction
        self._budget_bytes = budget_bytes
        found_task = find_task(task)
        for path in self.paths:
            file = NetcdfFile(path)
            try:
                found = read_header(file, found_task)
                self.counts.append(count_sequences(file, found_task, data_fraction))
                self.normalisations.append(read_normalisation(file))
                self.recipes.append(read_recipe(file))
                self._identities.append(file.identity)
            finally:
                file.close()
            if header is None:
                header, header_source = found, path
            check_headers(header, found, header_source, path)
        assert header is not None
        self.header: DataHeader = header
        self._header_source = header_source
        self._prepare = prepare
        self._open: tuple[int, Dataset] | None = None

    def __repr__(self) -> str:
        return f"<DatasetFiles: {self.task}, {count_text(len(self), 'sequence')} in {paths_text(self.paths)}>"

    def _repr_html_(self) -> str:
        files = [(path, f"{count:,} sequences") for path, count in zip(self.paths, self.counts, strict=True)]
        rows = [("task", self.task), ("sequences", f"{len(self):,}"), *header_rows(self.header)]
        return html_table("data set of several files", (), [*rows, *first_rows(files)])

    def __len__(self) -> int:
        return sum(self.counts)

    @property
    def num_parts(self) -> int:
        """Files, of which one is in memory at a time."""
        return len(self.paths)

    @property
    def named_normalisations(self) -> list[tuple[str, Normalisation]]:
        """Of each file its path and the normalisation that it holds."""
        return list(zip(self.paths, self.normalisations, strict=True))

    @property
    def named_recipes(self) -> list[tuple[str, str]]:
        """Of each file its path and its recipe, "" for none."""
        return list(zip(self.paths, self.recipes, strict=True))

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: no file is open in a copy."""
        return {**self.__dict__, "_open": None}

    def datasets(self, order: Iterable[int] | None = None) -> Iterator[Dataset]:
        """The files' data in the given order of file numbers (default: as listed).

        Each is closed before the next is opened; the last stays open, and is not read again when it comes first next
        time.
        """
        for i in range(len(self.paths)) if order is None else order:
            yield self.dataset(i)

    def dataset(self, i: int) -> Dataset:
        """One file's data; closes the one that was open before."""
        if self._open is None or self._open[0] != i:
            self.close()
            check_unchanged(self.paths[i], self._identities[i])
            data = Dataset.read(
                self.paths[i],
                self.task,
                data_fraction=self._data_fraction,
                budget_bytes=self._budget_bytes,
                header=self.header,
                header_source=self._header_source,
            )
            self._open = (i, data if self._prepare is None else self._prepare(data))
        return self._open[1]

    def close(self) -> None:
        """Lets go of the file that is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
