# SPDX-License-Identifier: Apache-2.0
"""What all kinds of `prepare` give back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnnlib_py.prepare.notes import Note
from rnnlib_py.system.html_tables import html_table


@dataclass(frozen=True)
class Prepared:
    """What was made.

    Attributes
    ----------
    files : dict
        "train", "val", "test" -> the data file.
    counts : dict
        The same names -> sequences.
    config : Path or None
        A config that trains on them; None where there is no training set.
    notes : list of Note
        Files that were left out, or used otherwise than they were found.
    note_lines : list of str
        The notes in sentences, those about many files with the same trouble shortened.
    """

    files: dict[str, Path]
    counts: dict[str, int]
    config: Path | None
    notes: list[Note]
    note_lines: list[str]

    def _repr_html_(self) -> str:
        files = [(name, str(path), f"{self.counts[name]:,} sequences") for name, path in self.files.items()]
        config = [("config", str(self.config), "")] if self.config else []
        return html_table("prepared", (), [*files, *config, *(("note", line, "") for line in self.note_lines)])
