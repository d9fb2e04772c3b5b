# SPDX-License-Identifier: Apache-2.0
"""All lines that a user names: of a folder, tables, pages and corrections; of each picture one text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from rnnlib_py._core import DataError, IoError
from rnnlib_py.prepare.alto_lines import alto_items
from rnnlib_py.prepare.corrections import correction_items
from rnnlib_py.prepare.groups import without_doubles
from rnnlib_py.prepare.line_folder import folder_items, has_texts
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.line_options import LineOptions
from rnnlib_py.prepare.line_table import table_items
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import xml_files
from rnnlib_py.prepare.page_lines import page_items
from rnnlib_py.prepare.safe_xml import read_xml


def find_lines(options: LineOptions, notes: Notes) -> list[LineItem]:
    """The lines, those of the folder first. A correction takes the place of an older text of its picture.

    Beside tables and pages alone the folder only has the pictures. Raises as the readers of single sources do.
    """
    others = list(_other_lines(options, notes))
    folder: Iterable[LineItem] = ()
    if options.folder is not None and (
        not options.has_other_sources or (options.corrections and has_texts(options.folder))
    ):
        folder = folder_items(options.folder, notes, {item.image.resolve() for item in others})
    return without_doubles(_one_text_per_picture([*folder, *others], notes), notes, "line")


def _other_lines(options: LineOptions, notes: Notes) -> Iterator[LineItem]:
    for path in options.tsv:
        folder = path.parent if options.folder is None else options.folder
        yield from table_items(path, folder, notes, options.image_column, options.text_column)
    for path, name in xml_files(options.page).items():
        yield from _of_page(path, name, page_items, options.folder, notes)
    for path, name in xml_files(options.alto).items():
        yield from _of_page(path, name, alto_items, options.folder, notes)
    for path in options.corrections:
        yield from correction_items(path, options.folder, notes, options.with_unseen)


def _of_page(
    path: Path,
    name: str,
    read: Callable[[Element, Path, str, Path | None, Notes], Iterator[LineItem]],
    folder: Path | None,
    notes: Notes,
) -> Iterator[LineItem]:
    try:
        yield from read(read_xml(path), path, name, folder, notes)
    except (DataError, IoError) as error:
        notes.skip(str(path), str(error))


def _one_text_per_picture(items: Iterable[LineItem], notes: Notes) -> Iterator[LineItem]:
    """Lines of pages have their pictures in common, and stay as they are."""
    kept: dict[object, LineItem] = {}
    for item in items:
        key: object = item.image.resolve() if item.outline is None else (item.tag, len(kept))
        older = kept.setdefault(key, item)
        if older is item:
            continue
        same = older.text.split() == item.text.split()
        if item.corrected:
            if not same:
                notes.change(older.tag, ["its text was replaced by a correction"])
            kept[key] = replace(older, text=item.text, corrected=True)
        elif item.tag != older.tag:
            words = "with the same text" if same else "with another text"
            notes.skip(item.tag, f"the same picture as {older.tag}, {words}")
        else:
            kept[(item.tag, len(kept))] = item  # without_doubles says what becomes of it
    yield from kept.values()
