# SPDX-License-Identifier: Apache-2.0
"""Files of ink: which there are, in which format, and the inks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from dataclasses import replace
from pathlib import Path

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_csv import csv_items
from rnnlib_py.prepare.ink_iam import iam_items
from rnnlib_py.prepare.ink_inkml import inkml_items
from rnnlib_py.prepare.ink_items import InkItem
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.ink_unipen import unipen_items
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.named_files import named_files
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.safe_xml import read_xml
from rnnlib_py.system.files import open_to_read

ENDINGS = (".inkml", ".xml", ".unipen", ".upn", ".unp", ".dat", ".csv", ".tsv")
_TEXT_ENDINGS = (".txt", ".gt.txt")
_HEAD = 4096  # bytes that show a file's format
_UNIPEN = re.compile(rb"\.[A-Z_]")


def find_files(paths: _Seq[Path]) -> dict[Path, str]:
    """Files of ink and what their sequences are called by (named_files.named_files)."""
    return named_files(paths, ENDINGS, "files of ink")


def read_ink_file(path: Path, name: str, recipe: InkRecipe, notes: Notes, root: Path | None = None) -> list[InkItem]:
    """The inks of a file, with the texts that stand in it or in a .txt file beside it.

    Parameters
    ----------
    path
        The file; its content shows its format.
    name
        What its inks are called by.
    recipe
        Where y grows to, which parts are inks, and what columns are called.
    notes
        Takes inks that cannot be read.
    root
        The folder in which files must lie that UNIPEN files include; None: that of the file.

    Raises
    ------
    IoError, DataError
        A file that cannot be read.
    ConfigError
        Columns that are not there.
    """
    items = list(_of_format(path, name, recipe, notes, root))
    if not items:
        raise DataError(f"{path}: holds no ink")
    if all(item.text is None for item in items):
        return _with_text_beside(path, items, notes)
    return items


def _of_format(path: Path, name: str, recipe: InkRecipe, notes: Notes, root: Path | None) -> Iterator[InkItem]:
    """Its first characters show what a file is: its ending may be anything."""
    with open_to_read(path, "a file of ink") as file:
        head = file.read(_HEAD)
    shown = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not shown:
        raise DataError(f"{path}: the file is empty, expected ink")
    if shown.startswith(b"<"):
        yield from _of_xml(path, name, recipe, notes)
    elif _UNIPEN.match(shown):
        yield from unipen_items(path, name, notes, recipe.level, recipe.y_axis == "down", root)
    else:
        yield from csv_items(path, name, notes, recipe.names, recipe.y_axis != "up")


def _of_xml(path: Path, name: str, recipe: InkRecipe, notes: Notes) -> Iterator[InkItem]:
    root = read_xml(path)
    if root.tag == "ink":
        return inkml_items(root, path, name, notes, recipe.level, recipe.y_axis)
    if root.tag == "WhiteboardCaptureSession":
        return iam_items(root, path, name, notes, recipe.y_axis != "up")
    expected = "ink (InkML) or WhiteboardCaptureSession (IAM-OnDB)"
    raise DataError(f"{path}: its root element is {root.tag[:40]}, expected {expected}")


def _with_text_beside(path: Path, items: list[InkItem], notes: Notes) -> list[InkItem]:
    """Of one ink the whole text; of several a line for each."""
    beside = next((path.with_suffix(end) for end in _TEXT_ENDINGS if path.with_suffix(end).is_file()), None)
    if beside is None or beside == path:
        return items
    read = read_text_file(beside)
    notes.change(str(beside), read.changes)
    if len(items) == 1:
        return [replace(items[0], text=read.text)]
    lines = [line for line in read.text.splitlines() if line.strip()]
    if len(lines) != len(items):
        raise DataError(f"{path}: has {len(items):,} inks, but {beside.name} beside it has {len(lines):,} lines")
    return [replace(item, text=line) for item, line in zip(items, lines, strict=True)]
