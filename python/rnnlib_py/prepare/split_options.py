# SPDX-License-Identifier: Apache-2.0
"""How prepared sequences are divided into files, and what all kinds of `prepare` can be asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tools.split import deal_groups
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.system.files import check_writable, make_folder, write_atomically

SET_NAMES = ("train", "val", "test")
REPORT_NAME = "report.txt"
USUAL_FRACTIONS = (0.8, 0.1, 0.1)


@dataclass(frozen=True)
class SplitOptions:
    """Arguments that all kinds of `prepare` have.

    Attributes
    ----------
    output : Path
        A folder for the data files, the config and the report.
    fractions : tuple of float
        Shares of the sequences that train.nc, val.nc and test.nc get.
    by_group : str or None
        Sequences of one group stay in one file (groups.groups_of).
    seed : int
        The same seed, the same split.
    strict : bool
        A file that would be left out is an error.
    force : bool
        Replaces data files that are there.
    names : tuple of str
        What the files are called.
    """

    output: Path
    fractions: tuple[float, ...] = USUAL_FRACTIONS
    by_group: str | None = None
    seed: int = 1
    strict: bool = False
    force: bool = False
    names: tuple[str, ...] = SET_NAMES

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        fractions = self.fractions
        if not 1 <= len(fractions) <= len(SET_NAMES) or any(not f > 0 or not math.isfinite(f) for f in fractions):
            raise ConfigError(
                f"fractions {_text(fractions)}: expected one to three positive numbers, for {', '.join(SET_NAMES)}"
            )
        if abs(sum(fractions) - 1) > 1e-6:
            raise ConfigError(f"fractions {_text(fractions)}: expected numbers that add up to 1")
        if self.seed < 0:
            raise ConfigError(f"seed {self.seed}: expected a number of at least 0")
        there = [path.name for path in self.files.values() if path.exists()]
        if there and not self.force:
            raise ConfigError(
                f"{self.output}: holds data files already ({', '.join(there)}): replace them with --force (force=True)"
            )

    @property
    def files(self) -> dict[str, Path]:
        """ "train", "val", "test" -> the data file, for those there will be."""
        return {name: self.output / f"{name}.nc" for name in self.names[: len(self.fractions)]}

    @property
    def config_files(self) -> dict[str, str]:
        """ "train", "val" -> the name of the data file, for those that a config beside them has."""
        return {name: path.name for name, path in self.files.items() if name != "test"}

    def all_for_test(self) -> SplitOptions:
        """The options when everything goes into test.nc, for a network that is there already."""
        return replace(self, fractions=(1.0,), by_group=None, names=("test",))

    def make_output(self) -> None:
        """The folder. IoError where nothing can be written there."""
        make_folder(self.output)
        check_writable(self.output)

    def write(self, name: str, text: str) -> Path:
        """A text file in the folder. Raises IoError."""
        write_atomically(self.output / name, text)
        return self.output / name

    def write_report(self, notes: Notes, lines: list[str]) -> None:
        """All notes, then these lines. Raises IoError."""
        self.write(REPORT_NAME, "".join(f"{line}\n" for line in [*notes.lines(None), *lines]))

    def deal(self, groups: _Seq[str], what: str) -> dict[str, list[int]]:
        """The numbers of the sequences in each file.

        Parameters
        ----------
        groups
            The group of each sequence.
        what
            The sequences in the plural, for messages.

        Raises
        ------
        DataError
            More files than groups.
        """
        found: dict[str, list[int]] = {}
        for i, group in enumerate(groups):
            found.setdefault(group, []).append(i)
        members = [np.array(numbers, np.int64) for numbers in found.values()]
        parts = deal_groups(members, self.fractions, self.seed, f"{self.output}: {what}, or groups of them")
        return {name: part.tolist() for name, part in zip(self.files, parts, strict=True)}


def _text(fractions: _Seq[float]) -> str:
    return ",".join(f"{fraction:g}" for fraction in fractions)
