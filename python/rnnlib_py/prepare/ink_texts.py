# SPDX-License-Identifier: Apache-2.0
"""The texts of ink: from tables, as labels, and back."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from dataclasses import replace
from pathlib import Path, PurePosixPath

from rnnlib_py._core import ConfigError
from rnnlib_py.prepare.ink_files import ENDINGS
from rnnlib_py.prepare.ink_items import InkItem
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.text_table import FILE_NAMES, TEXT_NAMES, TextTable


class InkTexts:
    """Tables with a row for each ink: the name of its file, or its own, and its text."""

    def __init__(self, paths: _Seq[Path], notes: Notes) -> None:
        """Raises IoError, DataError and ConfigError, as TextTable."""
        self._notes = notes
        self._rows: dict[str, tuple[str, dict[str, str]]] = {}
        self._used: set[str] = set()
        self.files: list[Path] = []  # that the tables name, and that are there
        for path in paths:
            table = TextTable(path, notes)
            name, text = table.find(None, ("id", *FILE_NAMES), "inks"), table.find(None, TEXT_NAMES, "texts")
            for number, row in table.rows():
                columns = dict(zip(table.names, row, strict=True))
                key = columns[name].strip().replace("\\", "/")
                if not key:
                    notes.skip(f"{path}, row {number}", "names no ink")
                elif _bare(key) in self._rows:
                    notes.skip(f"{path}, row {number}", f"a second row for {key}")
                else:
                    self._rows[_bare(key)] = (columns[text], columns)
                    self.files += _files(path.parent / key)

    def give(self, items: _Seq[InkItem], name: str) -> Iterator[InkItem]:
        """The inks of a file with their texts and what else their rows hold; an ink without a row stays as it is.

        Parameters
        ----------
        items
            All inks of the file.
        name
            The file's, without its ending. A row may name the file, where it has one ink, or an ink; folders, and the
            file before an ink's own name, may be left out.
        """
        for item in items:
            names = [*(_endings(name) if len(items) == 1 else []), *_endings(item.tag)]
            found = next((name for name in names if name in self._rows), None)
            if found is None:
                yield item
                continue
            self._used.add(found)
            text, columns = self._rows[found]
            yield replace(item, text=text, columns={**item.columns, **columns})

    def note_unused(self) -> None:
        """Notes rows that no ink was found for."""
        for name in self._rows:
            if name not in self._used:
                self._notes.skip(name, "a row of a table without ink")


def _files(path: Path) -> list[Path]:
    """The file of that name, or of that name with an ending of a file of ink, if there is one."""
    return [p for p in (path, *(path.with_name(path.name + ending) for ending in ENDINGS)) if p.is_file()][:1]


def _endings(name: str) -> list[str]:
    """A name, without the first of its parts, and so on."""
    parts = name.split("/")
    return ["/".join(parts[i:]) for i in range(len(parts))]


def _bare(name: str) -> str:
    """Without the ending of a file of ink."""
    path = PurePosixPath(name)
    return path.with_suffix("").as_posix() if path.suffix.lower() in ENDINGS else path.as_posix()


def labels_of(text: str, recipe: InkRecipe) -> list[str]:
    """The labels of a clean text, in the order of writing."""
    if recipe.labels == "class":
        return [text.replace(" ", recipe.space)]
    if recipe.labels == "words":
        return text.split()
    return [recipe.space if letter == " " else letter for letter in text]


def text_of(labels: _Seq[str], recipe: InkRecipe) -> str:
    """The text of labels that a network read."""
    text = (" " if recipe.labels == "words" else "").join(label.replace(recipe.space, " ") for label in labels)
    return " ".join(text.split())


def chosen_labels(texts: Iterator[str], wanted: str) -> str:
    """What a recipe's labels are; "auto": the class of the ink where each text is one character, else characters."""
    known = ("auto", "characters", "words", "class")
    if wanted not in known:
        raise ConfigError(f"labels {wanted!r}: expected one of {', '.join(known)}")
    if wanted != "auto":
        return wanted
    return "class" if all(len(text) == 1 for text in texts) else "characters"
