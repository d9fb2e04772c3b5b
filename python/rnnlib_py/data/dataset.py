# SPDX-License-Identifier: Apache-2.0
"""A data set: sequences of one or more netCDF files, or of arrays in memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as Seq
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, DataHeader
from rnnlib_py.data.convert import convert_sequences
from rnnlib_py.data.diagnosis import diagnose_sequences
from rnnlib_py.data.header import check_headers
from rnnlib_py.data.html_tables import header_rows
from rnnlib_py.data.labels import DataWarning, unknown_message
from rnnlib_py.data.memory_source import MemorySource
from rnnlib_py.data.netcdf.library import enough_memory
from rnnlib_py.data.netcdf.source import NetcdfSource
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.normalised_source import NormalisedSource
from rnnlib_py.data.options import DataOptions, Units
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.source import Source
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.system.units import count_text

Path = str | os.PathLike[str]
Prepare = Callable[["Dataset"], "Dataset"]  # what data go through before they are handed out
DEFAULT_BUDGET = 2**30  # bytes of inputs and real-valued targets that are kept in memory


class Dataset:
    """Sequences of one task. `len()`, `[i]` and iteration give `Sequence` objects.

    Usable as a context manager, which closes its files.

    Attributes
    ----------
    task : str
        As the key `task` has it.
    header : DataHeader
        num_dims, input_size, target_size and labels.
    shapes : ndarray
        int64 [n, num_dims], in the network's order; known without reading any inputs.
    num_points : ndarray
        int64 [n], points of each sequence.
    """

    def __init__(
        self,
        sequences: Iterable[Any],
        *,
        task: str,
        labels: Iterable[Any] | None = None,
        units: Units | None = None,
        dims: int | None = None,
    ) -> None:
        """From arrays.

        Parameters
        ----------
        sequences
            Sequence objects, pairs (inputs, target) or dicts; write_netcdf says what targets may be, and what is warned
            about.
        task
            As the key `task` has it.
        labels, units, dims
            As for write_netcdf.

        Raises
        ------
        DataError
            A sequence does not fit; it is named by number and tag.
        ConfigError
            task, units or dims.
        """
        found, options = find_task(task), DataOptions(units, dims)
        options.check(found)
        converted, header = convert_sequences(sequences, found, labels, options)
        self._set_up(found, header, [MemorySource(converted)], 0)
        for text in diagnose_sequences(converted, header, found, options):
            warn_caller(text, DataWarning)

    @classmethod
    def read(
        cls,
        path: Path | Seq[Path],
        task: str,
        *,
        data_fraction: float = 1.0,
        budget_bytes: int = DEFAULT_BUDGET,
        header: DataHeader | None = None,
        header_source: str = "the network",
        targets: bool = True,
    ) -> Dataset:
        """Opens one netCDF file, or several as one set (docs/data-format.md).

        Labels that are in no label list are left out with a DataWarning.

        Parameters
        ----------
        path
            A file, or several.
        task
            As the key `task` has it.
        data_fraction
            Keeps the first clamp(int(f * numSeqs), 1, numSeqs) sequences of each file.
        budget_bytes
            When inputs and real-valued targets take more than this, they are read sequence by sequence whenever they
            are needed, else once, at the first use.
        header
            What the files must agree with: a network's or another set's.
        header_source
            Names it in messages.
        targets
            False reads no targets, so that files without any will do.

        Raises
        ------
        IoError
            A file that is missing, unreadable or locked.
        FormatError
            Not a whole netCDF file.
        DataError
            Contents that are wrong or do not fit.
        OutOfMemoryError
            The memory does not suffice.
        ConfigError
            task.
        """
        paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
        if not paths:
            raise DataError("no data files were given")
        found = find_task(task)
        sources = []
        for name in paths:
            with enough_memory(os.fspath(name)):
                source = NetcdfSource(name, found, data_fraction, targets)
            if targets or header is None:
                expected, expected_in = (header, header_source) if header is not None else (source.header, source.path)
                header, header_source = expected, expected_in
                check_headers(expected, source.header, expected_in, source.path)
            else:
                _check_input_sizes(header, source.header, header_source, source.path)
            sources.append(source)
        assert header is not None
        data = cls.__new__(cls)
        data._set_up(found, header, sources, budget_bytes)
        data._warn_unknown()
        return data

    def _set_up(self, task: Task, header: DataHeader, sources: Seq[Source], budget_bytes: int) -> None:
        self._task = task
        self._sources = list(sources)
        self._starts = np.cumsum([0] + [len(source.shapes) for source in sources])
        self._budget = budget_bytes
        self._load = sum(source.num_bytes for source in sources) <= budget_bytes
        self.task = task.name
        self.header = header
        self.shapes: NDArray[np.int64] = np.concatenate([source.shapes for source in sources])
        self.num_points: NDArray[np.int64] = self.shapes.prod(axis=1)

    def _warn_unknown(self) -> None:
        for source in self._sources:
            if source.unknown_labels:
                total = sum(source.unknown_labels.values())
                warn_caller(
                    f"{source.path}: {total} labels in 'targetStrings' are not in 'labels' and were left out: "
                    f"{unknown_message(source.unknown_labels)}",
                    DataWarning,
                )

    @property
    def paths(self) -> list[str]:
        """The files; empty for a set made from arrays."""
        return [source.path for source in self._sources if source.path]

    @property
    def unknown_labels(self) -> dict[str, int]:
        """Labels that were left out because no label list has them, with how often they occur."""
        counts: dict[str, int] = {}
        for source in self._sources:
            for label, count in source.unknown_labels.items():
                counts[label] = counts.get(label, 0) + count
        return counts

    @property
    def input_means(self) -> NDArray[np.float32] | None:
        """The first file's inputMeans [input_size], when it was normalised."""
        scale = self.normalisation.get("inputs")
        return None if scale is None else scale.means.astype(np.float32)

    @property
    def input_stds(self) -> NDArray[np.float32] | None:
        """The first file's inputStds [input_size], when it was normalised."""
        scale = self.normalisation.get("inputs")
        return None if scale is None else scale.stds.astype(np.float32)

    @property
    def normalisation(self) -> Normalisation:
        """What the first file's values have gone through: "inputs", "targetPatterns" -> Scale; empty when nothing."""
        return self._sources[0].normalisation

    @property
    def named_recipes(self) -> list[tuple[str, str]]:
        """Of each file its path and the recipe that it was made by, "" for none."""
        return [(source.path, source.recipe) for source in self._sources if source.path]

    def named_normalisations(self, of_arrays: str) -> list[tuple[str, Normalisation]]:
        """Of each file its path and what its values have gone through; sequences from arrays are called `of_arrays`."""
        return [(source.path or of_arrays, source.normalisation) for source in self._sources]

    def normalised(self, normalisation: Normalisation, arrays: bool = False) -> tuple[Dataset, list[str]]:
        """This set as seen through a normalisation, and the paths of the files that it changes.

        Parameters
        ----------
        normalisation
            "inputs", "targetPatterns" -> Scale. Files that have one already stay as they are.
        arrays
            Sequences made from arrays are not normalised yet. False: what they hold is not known, and they stay as they
            are.

        Returns
        -------
        data : Dataset
            The set itself when nothing changes.
        changed : list of str
        """
        sources: list[Source] = []
        changed = []
        for source in self._sources:
            wanted = {name: scale for name, scale in normalisation.items() if name not in source.normalisation}
            if wanted and (source.path or arrays):
                source = NormalisedSource(source, wanted)
                changed.append(source.path)
            sources.append(source)
        if not changed:
            return self, []
        data = Dataset.__new__(Dataset)
        data._set_up(self._task, self.header, sources, self._budget)
        return data, changed

    def normalised_otherwise(self, normalisation: Normalisation) -> list[str]:
        """The paths of the files that hold another normalisation of a variable than this one."""
        return [
            source.path
            for source in self._sources
            if any(normalisation.get(name, scale) != scale for name, scale in source.normalisation.items())
        ]

    def __repr__(self) -> str:
        header, files = self.header, f", {paths_text(self.paths)}" if self.paths else ""
        return (
            f"<Dataset: {self.task}, {count_text(len(self), 'sequence')}, {header.num_dims}-D, "
            f"{count_text(int(self.num_points.sum()), 'point')} of {count_text(header.input_size, 'input')}{files}>"
        )

    def _repr_html_(self) -> str:
        rows = [
            ("task", self.task),
            ("sequences", f"{len(self):,}"),
            ("points", f"{int(self.num_points.sum()):,}"),
            *header_rows(self.header),
            *([("files", paths_text(self.paths))] if self.paths else []),
        ]
        return html_table("data set", (), rows)

    def __len__(self) -> int:
        return len(self.shapes)

    def __getitem__(self, i: int) -> Sequence:
        return self.read_many([i])[0]

    def __iter__(self) -> Iterator[Sequence]:
        return (self[i] for i in range(len(self)))

    def _place(self, i: int) -> tuple[Source, int]:
        part = int(np.searchsorted(self._starts, i, side="right")) - 1
        return self._sources[part], i - int(self._starts[part])

    def tags(self) -> list[str]:
        """All sequences' tags, without reading inputs."""
        return [source.tag(i) for source in self._sources for i in range(len(source.shapes))]

    def tag(self, i: int) -> str:
        """A sequence's tag, without reading its inputs."""
        source, local = self._place(int(self._indices([i])[0]))
        return source.tag(local)

    def name(self, i: int) -> str:
        """A sequence as messages name it: "sequence 3 ('tag')", its number within its file."""
        source, local = self._place(int(self._indices([i])[0]))
        return source.name(local)

    def _indices(self, indices: Any) -> NDArray[np.int64]:
        wanted = np.asarray(indices)
        if wanted.size == 0:
            return np.zeros(0, dtype=np.int64)
        if wanted.ndim != 1 or wanted.dtype.kind not in "iu":
            raise TypeError("sequences are numbered by integers")
        result = wanted.astype(np.int64)
        result[result < 0] += len(self)
        outside = (result < 0) | (result >= len(self))
        if outside.any():
            raise IndexError(f"sequence {wanted[outside][0]} is out of range; the set has {len(self)} sequences")
        return result

    def read_many(self, indices: Any, check: bool = True) -> list[Sequence]:
        """Sequences in any order; neighbours in a file are read together.

        Parameters
        ----------
        indices
            Their numbers; negative ones count from the end.
        check
            NaN and infinite numbers are a DataError; False hands them out.

        Raises
        ------
        IndexError
            A number that is out of range.
        DataError, IoError, FormatError
            What cannot be read.
        """
        wanted = self._indices(indices)
        numbers, inverse = np.unique(wanted, return_inverse=True)
        file = np.searchsorted(self._starts, numbers, side="right")
        breaks = np.flatnonzero((np.diff(numbers) != 1) | (np.diff(file) != 0)) + 1
        found: list[Sequence] = []
        for run in np.split(numbers, breaks) if len(numbers) else []:
            source, first = self._place(int(run[0]))
            with enough_memory(source.path or "the data"):
                if self._load:
                    source.load()
                found += source.read(first, first + len(run), check)
        return [found[i] for i in inverse.tolist()]

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: of files their paths and how they are read, of arrays the arrays."""
        return {"task": self.task, "header": self.header, "sources": self._sources, "budget": self._budget}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set_up(find_task(state["task"]), state["header"], state["sources"], state["budget"])

    def close(self) -> None:
        """Closes the files and gives back what was read from them; a later use reads it again."""
        for source in self._sources:
            source.close()

    def __enter__(self) -> Dataset:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def paths_text(paths: Seq[str]) -> str:
    """a.nc, b.nc and 3 more."""
    return ", ".join(paths[:2]) + (f" and {len(paths) - 2} more" if len(paths) > 2 else "")


def _check_input_sizes(expected: DataHeader, found: DataHeader, expected_in: str, found_in: str) -> None:
    same_targets = DataHeader(found.num_dims, found.input_size, expected.target_size, list(expected.labels))
    check_headers(expected, same_targets, expected_in, found_in)
