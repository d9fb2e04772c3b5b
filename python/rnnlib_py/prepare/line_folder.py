# SPDX-License-Identifier: Apache-2.0
"""A folder of line images with their texts: `0001.png` and `0001.gt.txt`, as kraken and OCR-D have them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Set as _Set
from pathlib import Path

from rnnlib_py._core import DataError, IoError
from rnnlib_py.prepare.images import ENDINGS
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.named_files import check_folder
from rnnlib_py.prepare.notes import Notes

TEXT_ENDING = ".gt.txt"
_KINDS = ("", ".nrm", ".bin", ".raw", ".dew")  # `0001.nrm.png`: OCR-D's names for what was done to an image


def has_texts(folder: Path) -> bool:
    """Whether there are texts in the folder or below it. Raises IoError."""
    check_folder(folder)
    return next(folder.rglob(f"*{TEXT_ENDING}"), None) is not None


def folder_items(folder: Path, notes: Notes, elsewhere: _Set[Path] = frozenset()) -> Iterator[LineItem]:
    """The lines of a folder and those below it, in the order of their names.

    Images without a text and texts without an image are noted.

    Parameters
    ----------
    folder
        Images and texts.
    notes
        Takes what is not complete.
    elsewhere
        Images, by their resolved paths, whose texts come from somewhere else.

    Raises
    ------
    IoError
        No such folder.
    DataError
        There is no text at all.
    """
    check_folder(folder)
    images, texts = _find_files(folder)
    if not texts:
        raise DataError(f"{folder}: holds no texts (*{TEXT_ENDING}) beside {len(images):,} images")
    used: set[Path] = set()
    for name, path in texts.items():
        candidates = [image for kind in _KINDS for image in images.get(name + kind, [])]
        used.update(candidates)
        if not candidates:
            notes.skip(str(path), "a text without an image")
            continue
        if len(candidates) > 1:
            others = ", ".join(image.name for image in candidates[1:])
            notes.change(str(path), [f"has several images: {candidates[0].name} is used, not {others}"])
        try:
            read = read_text_file(path)
        except (DataError, IoError) as error:
            notes.skip(str(path), str(error))
            continue
        notes.change(str(path), read.changes)
        yield LineItem(name, read.text, candidates[0])
    rest = (image for found in images.values() for image in found if image not in used)
    for image in sorted(image for image in rest if image.resolve() not in elsewhere):
        notes.skip(str(image), f"an image without a text ({TEXT_ENDING})")


def _find_files(folder: Path) -> tuple[dict[str, list[Path]], dict[str, Path]]:
    """Images and texts by their names relative to the folder, without their endings."""
    images: dict[str, list[Path]] = {}
    texts: dict[str, Path] = {}
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            path = Path(parent, file)
            name = path.relative_to(folder).as_posix()
            if file.endswith(TEXT_ENDING):
                texts[name[: -len(TEXT_ENDING)]] = path
            elif path.suffix.lower() in ENDINGS:
                images.setdefault(name[: -len(path.suffix)], []).append(path)
    return images, dict(sorted(texts.items()))
