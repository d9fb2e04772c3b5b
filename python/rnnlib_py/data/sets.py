# SPDX-License-Identifier: Apache-2.0
"""The data sets of a config: opened, checked against each other and the network, and read one file at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from rnnlib_py._core import ConfigError, DataHeader, Random
from rnnlib_py.config import Config
from rnnlib_py.data import DatasetFiles, DataWarning, Sequence
from rnnlib_py.data.batching import Batch, dataset_batches
from rnnlib_py.data.diagnosis import diagnose_set
from rnnlib_py.data.fingerprint import fingerprint
from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.own_normalisation import apply_to, read_from_save
from rnnlib_py.system.caller import warn_caller

KEYS = {"train": "trainFile", "validation": "valFile", "test": "testFile"}
DATASET_NAMES = {"train": "train", "val": "validation", "test": "test"}  # values of the key `dataset`


class DataSets:
    """`sets`: "train", "validation", "test" -> DatasetFiles, those that the config names."""

    def __init__(self, config: Config, header: DataHeader | None = None, header_source: str = "") -> None:
        """Opens every file's header. Raises IoError, FormatError, DataError (files that do not match each other or
        `header`, which `header_source` names)."""
        self.sets: dict[str, DatasetFiles] = {}
        self._saved = read_from_save(config.save, str(config.path)) if config.save is not None else {}
        prepare = partial(apply_to, normalisation=self._saved, owner=str(config.path)) if self._saved else None
        for name, key in KEYS.items():
            paths = config.files(key)
            if not paths:
                continue
            self.sets[name] = DatasetFiles(
                paths,
                config["task"],
                data_fraction=config["dataFraction"],
                header=header,
                header_source=header_source,
                prepare=prepare,
            )
            if header is None:
                header, header_source = self.sets[name].header, str(paths[0])
        self._header = header
        self._warn_of_different_normalisations()

    @property
    def header(self) -> DataHeader:
        if self._header is None:
            raise ConfigError(f"no data: none of {', '.join(KEYS.values())} is given")
        return self._header

    def _all_normalisations(self) -> Iterator[tuple[str, Normalisation]]:
        """Files, and what their values will have gone through."""
        for files in self.sets.values():
            for path, own in zip(files.paths, files.normalisations, strict=True):
                yield path, {**self._saved, **own}

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

    def __contains__(self, name: str) -> bool:
        return name in self.sets

    def __getitem__(self, name: str) -> DatasetFiles:
        if name not in self.sets:
            raise ConfigError(f"no {name} data: {KEYS[name]} is not given")
        return self.sets[name]

    def advice(self) -> list[str]:
        """What in the first training file hardly is meant, seen from a sample; `check` looks at everything."""
        files = self["train"]
        return [f"{files.paths[0]}: {text}" for text in diagnose_set(files.dataset(0))]

    def batches(self, name: str, shuffle: Random | None = None, multiple_of: int = 1, skip: int = 0) -> Iterator[Batch]:
        """All sequences of a set; with `shuffle` the files in random order, and the sequences within each. The first
        `skip` are left out: what is left is what would have come after them."""
        files = self[name]
        order = None if shuffle is None else shuffle.permutation(len(files.paths))
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
    if not 0 <= number < len(files.paths):
        raise ConfigError(f"dataFileNum is {number}, expected 0 to {len(files.paths) - 1}")
    data = files.dataset(number)
    if not 0 <= index < len(data):
        raise ConfigError(f"sequence is {index}, expected 0 to {len(data) - 1}: {files.paths[number]} has {len(data)}")
    return data[index]
