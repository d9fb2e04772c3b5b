# SPDX-License-Identifier: Apache-2.0
"""Reads files of texts: a text per line, TSV with a tag in front of each text, or JSON lines."""

from __future__ import annotations

import codecs
import json
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rnnlib_py._core import ConfigError, DataError, FormatError
from rnnlib_py.data.labels import unknown_message
from rnnlib_py.system.files import open_to_read
from rnnlib_py.system.units import count_text
from rnnlib_py.text.sequences import numbered_tags

TextForm = Literal["auto", "lines", "tsv", "jsonl"]
_Entry = tuple[str | None, str]  # tag and text


_BY_ENDING = {".tsv": "tsv", ".jsonl": "jsonl", ".json": "jsonl"}
_WIDE = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


@dataclass(frozen=True)
class Texts:
    """The texts of a file.

    Attributes
    ----------
    path : str
    texts : list of str
    tags : list of str or None
        None where the file has none.
    """

    path: str
    texts: list[str]
    tags: list[str] | None = None


def read_texts(path: str | os.PathLike[str], form: TextForm = "auto") -> Texts:
    """Reads a file of texts in UTF-8, with or without a byte order mark, whichever line ends it has.

    Parameters
    ----------
    path
        The file.
    form
        "lines": a text per line. "tsv": a tag, a tab and the text; further columns are left out. "jsonl": an object per
        line with "text" or "labels", and perhaps "tag". rnnlib-py predict writes all of them. "auto": by the name's
        ending (.tsv, .jsonl, .json), else lines.

    Raises
    ------
    IoError
        A file that cannot be read.
    FormatError
        A line that is not UTF-8, or not of that form; file and line are named.
    DataError
        No lines, or the same tag twice.
    ConfigError
        Another form.
    """
    if form not in get_args(TextForm):
        raise ConfigError(f"form is {form!r}, expected one of {', '.join(get_args(TextForm))}")
    name = os.fspath(path)
    kind = _BY_ENDING.get(Path(path).suffix.lower(), "lines") if form == "auto" else form
    entries = list(_ENTRIES[kind](name))
    if not entries:
        raise DataError(f"{name}: has no lines, expected one per sequence")
    tags = [tag for tag, _ in entries if tag is not None]
    if tags and len(tags) < len(entries):
        missing = next(i for i, (tag, _) in enumerate(entries) if tag is None)
        raise DataError(f"{name}: text {missing + 1} has no tag, others have one")
    twice = next((tag for tag, count in Counter(tags).items() if count > 1), None)
    if twice is not None:
        raise DataError(f"{name}: the tag '{twice}' occurs {tags.count(twice)} times, expected once")
    return Texts(name, [text for _, text in entries], tags or None)


def paired_texts(reference: Texts, reading: Texts) -> tuple[list[str], list[str]]:
    """The reading's texts in the reference's order, and the tags.

    Parameters
    ----------
    reference
        What should have been read.
    reading
        What was read. Where both have tags these tell which belong together, else their order does.

    Returns
    -------
    texts, tags : list of str

    Raises
    ------
    DataError
        Different numbers of texts, tags that only one of them has, or tags in only one of the files.
    """
    if (reference.tags is None) != (reading.tags is None):
        with_tags, without = (reference, reading) if reading.tags is None else (reading, reference)
        raise DataError(
            f"{with_tags.path} has tags and {without.path} has none; expected them in both, or in neither of them"
        )
    if reference.tags is None or reading.tags is None:
        if len(reference.texts) != len(reading.texts):
            raise DataError(
                f"{reading.path}: has {count_text(len(reading.texts), 'line')}, expected {len(reference.texts)}, "
                f"as many as {reference.path} has"
            )
        return list(reading.texts), numbered_tags(len(reference.texts))
    texts = dict(zip(reading.tags, reading.texts, strict=True))
    for missing, holder, other in (
        ([tag for tag in reading.tags if tag not in set(reference.tags)], reading, reference),
        ([tag for tag in reference.tags if tag not in texts], reference, reading),
    ):
        if missing:
            raise DataError(f"{other.path}: lacks tags of {holder.path}: {unknown_message(dict.fromkeys(missing, 1))}")
    return [texts[tag] for tag in reference.tags], list(reference.tags)


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line; what follows the last line end is a line only if it is not empty."""
    with open_to_read(Path(path)) as file:
        content = file.read()
    for mark, encoding in _WIDE.items():
        if content.startswith(mark):
            raise FormatError(f"{path}: line 1: is {encoding}, expected UTF-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    parts = content.split(b"\n")
    if not parts[-1]:
        parts.pop()
    for number, part in enumerate(parts, 1):
        try:
            yield number, part.removesuffix(b"\r").decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{path}: line {number}: is not UTF-8 (byte {error.start + 1} of the line is 0x{part[error.start]:02x})"
            ) from None


def _plain(path: str) -> Iterator[_Entry]:
    for _, line in _lines(path):
        yield None, line


def _tagged(path: str) -> Iterator[_Entry]:
    for number, line in _lines(path):
        tag, tab, rest = line.partition("\t")
        if not tab or not tag:
            raise FormatError(f"{path}: line {number}: expected a tag, a tab and a text, found {line[:60]!r}")
        yield tag, rest.partition("\t")[0]


def _json(path: str) -> Iterator[_Entry]:
    """Labels that are characters make a text as they are, others are its words; the whole file tells which they are."""
    records = list(_records(path))
    single = all(
        len(unicodedata.normalize("NFC", label)) == 1
        for _, text in records
        if not isinstance(text, str)
        for label in text
    )
    for tag, text in records:
        yield tag, text if isinstance(text, str) else ("" if single else " ").join(text)


def _records(path: str) -> Iterator[tuple[str | None, str | list[str]]]:
    """Tag, and text or labels, of each line."""
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{path}: line {number}: is not JSON: {error}") from None
        if not isinstance(record, dict):
            raise FormatError(f"{path}: line {number}: expected an object, found {type(record).__name__}")
        tag: Any = record.get("tag")
        text: Any = record.get("text", record.get("labels"))
        is_text = isinstance(text, str) or (isinstance(text, list) and all(isinstance(label, str) for label in text))
        if not is_text or not (tag is None or isinstance(tag, str)):
            raise FormatError(
                f'{path}: line {number}: expected "text" (or a list "labels") and perhaps "tag", of strings'
            )
        yield tag, text


_ENTRIES: dict[str, Callable[[str], Iterator[_Entry]]] = {"lines": _plain, "tsv": _tagged, "jsonl": _json}
