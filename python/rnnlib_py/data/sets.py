# SPDX-License-Identifier: Apache-2.0
"""The data sets of a run, from a config's files, one of which is in memory at a time, or from data that are given.

They are checked against each other and the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from rnnlib_py._core import ConfigError, DataHeader, Random
from rnnlib_py.config import Config
from rnnlib_py.data import DatasetFiles, DataWarning, Sequence
from rnnlib_py.data.batching import Batch, dataset_batches
from rnnlib_py.data.dataset import Prepare
from rnnlib_py.data.diagnosis import diagnose_set
from rnnlib_py.data.fingerprint import fingerprint
from rnnlib_py.data.forms import Data
from rnnlib_py.data.given import GivenSet
from rnnlib_py.data.netcdf.recipe import recipe_difference
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.own_normalisation import apply_to, read_from_save
from rnnlib_py.system.caller import warn_caller

KEYS = {"train": "trainFile", "validation": "valFile", "test": "testFile"}
DATASET_NAMES = {"train": "train", "val": "validation", "test": "test"}  # values of the key `dataset`


class DataSets:
    """`sets`: "train", "validation", "test" -> those that are given, or that the config names."""

    def __init__(
        self,
        config: Config,
        header: DataHeader | None = None,
        header_source: str = "",
        given: Mapping[str, Data] | None = None,
    ) -> None:
        """Opens every file's header. `given`: data in place of a set's files. Raises IoError, FormatError, DataError
        (sets that do not match each other or `header`, which `header_source` names), ConfigError (another task)."""
        self._config = config
        self._given = given or {}
        self._owner = str(config.path or "the save")
        self._saved = read_from_save(config.save, self._owner) if config.save is not None else {}
        self._header, self._header_source = header, header_source
        self.sets: dict[str, DatasetFiles | GivenSet] = {}
        for name, key in KEYS.items():
            if name in self._given:
                self._add(name, self._given_set(name))
            elif paths := config.files(key):
                self._add(name, self._files(paths))
        self._warn_of_different_normalisations()
        self._warn_of_different_recipes()

    def _add(self, name: str, found: DatasetFiles | GivenSet) -> None:
        self.sets[name] = found
        if self._header is None:
            self._header, self._header_source = found.header, found.paths[0] if found.paths else f"the {name} data"

    @property
    def _prepare(self) -> Prepare | None:
        """What all data go through: the normalisation of the save that a run goes on from."""
        return partial(apply_to, normalisation=self._saved, owner=self._owner) if self._saved else None

    def _files(self, paths: list[Path]) -> DatasetFiles:
        return DatasetFiles(
            paths,
            self._config["task"],
            data_fraction=self._config["dataFraction"],
            header=self._header,
            header_source=self._header_source,
            prepare=self._prepare,
        )

    def _given_set(self, name: str) -> GivenSet:
        task, data = self._config["task"], self._given[name]
        found = GivenSet(name, data, task, self._header, self._header_source, self._prepare)
        if self._saved and any(not own for _, own in found.named_normalisations) and not found.paths:
            warn_caller(
                f"the data of {self._owner} were normalised, and the {name} data, which come from no file, are taken "
                "as they are: Network.normalised(Dataset, raw=True) brings raw numbers to the same",
                DataWarning,
            )
        if self._config["dataFraction"] < 1:
            warn_caller(f"dataFraction is for files: all sequences of the {name} data are used", DataWarning)
        return found

    @property
    def header(self) -> DataHeader:
        if self._header is None:
            raise ConfigError(f"no data: none of {', '.join(KEYS.values())} is given")
        return self._header

    def _all_normalisations(self) -> Iterator[tuple[str, Normalisation]]:
        """Files, and what their values will have gone through."""
        for files in self.sets.values():
            for name, own in files.named_normalisations:
                yield name, {**self._saved, **own}

    def _warn_of_different_normalisations(self) -> None:
        found = list(self._all_normalisations())
        for path, normalisation in found[1:]:
            if normalisation != found[0][1]:
                warn_caller(
                    f"{path} is not normalised like {found[0][0]}; `rnnlib-py normalise --like` makes them alike",
                    DataWarning,
                )

    @property
    def normalisation(self) -> Normalisation:
        """That of the first file, the first training file where there are any."""
        return next((normalisation for _, normalisation in self._all_normalisations()), {})

    def _warn_of_different_recipes(self) -> None:
        found = [entry for files in self.sets.values() for entry in files.named_recipes]
        for path, recipe in found[1:]:
            if difference := recipe_difference(recipe, found[0][1]):
                warn_caller(f"{path} was prepared otherwise than {found[0][0]}: {difference}", DataWarning)

    @property
    def recipe(self) -> str:
        """By which the first file was made, the first training file where there are any; "": it does not say."""
        return next((recipe for files in self.sets.values() for _, recipe in files.named_recipes), "")

    def __contains__(self, name: str) -> bool:
        return name in self.sets

    def __getitem__(self, name: str) -> DatasetFiles | GivenSet:
        if name not in self.sets:
            raise ConfigError(f"no {name} data: {KEYS[name]} is not given")
        return self.sets[name]

    def advice(self) -> list[str]:
        """What in the first training file hardly is meant, seen from a sample; `check` looks at everything. Arrays were
        looked at when a Dataset was made of them."""
        files = self["train"]
        if not files.paths:
            return []
        return [f"{files.paths[0]}: {text}" for text in diagnose_set(files.dataset(0))]

    def batches(self, name: str, shuffle: Random | None = None, multiple_of: int = 1, skip: int = 0) -> Iterator[Batch]:
        """All sequences of a set; with `shuffle` the files in random order, and the sequences within each. The first
        `skip` are left out: what is left is what would have come after them."""
        files = self[name]
        order = None if shuffle is None else shuffle.permutation(files.num_parts)
        for data in files.datasets(None if order is None else order.tolist()):
            sequences = None if shuffle is None else shuffle.permutation(len(data))
            yield from dataset_batches(data, sequences, multiple_of, skip=skip)
            skip = max(0, skip - len(data))

    @property
    def fingerprint(self) -> str:
        """Of the training data, in the order of their files; reads a sample of each."""
        return fingerprint(self["train"].datasets())

    def close(self) -> None:
        for files in self.sets.values():
            files.close()


def selected_sequence(config: Config, sets: DataSets) -> Sequence:
    """The one sequence that dataset, dataFileNum and sequence name."""
    files = sets[DATASET_NAMES[config["dataset"]]]
    number, index = config["dataFileNum"], config["sequence"]
    if not 0 <= number < files.num_parts:
        raise ConfigError(f"dataFileNum is {number}, expected 0 to {files.num_parts - 1}")
    data = files.dataset(number)
    if not 0 <= index < len(data):
        raise ConfigError(f"sequence is {index}, expected 0 to {len(data) - 1}: {files.paths[number]} has {len(data)}")
    return data[index]
