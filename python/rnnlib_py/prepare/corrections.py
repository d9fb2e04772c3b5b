# SPDX-License-Identifier: Apache-2.0
"""Files of corrections, which the pages of `rnnlib-py read --format html` save: pictures with their texts, and whether
somebody has looked at them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from rnnlib_py._core import FormatError
from rnnlib_py.prepare.checksum import file_checksum
from rnnlib_py.prepare.correction_format import FORMAT, STATES, VERSION
from rnnlib_py.prepare.line_items import LineItem
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.system.units import count_text


@dataclass(frozen=True)
class Correction:
    """A line of the file.

    Attributes
    ----------
    image : str
        The picture as it was given to `read`.
    text : str
    state : str
        "unseen", "confirmed" or "changed".
    sha256 : str
        Of the picture; "" where it is not known.
    """

    image: str
    text: str
    state: str
    sha256: str = ""


def correction_items(path: Path, folder: Path | None, notes: Notes, with_unseen: bool = False) -> Iterator[LineItem]:
    """The lines of a file of corrections.

    Parameters
    ----------
    path
        The file.
    folder
        Where pictures are looked for first; then beside the file, and in the current folder.
    notes
        Takes lines whose picture is missing or another one.
    with_unseen
        Takes lines that nobody has looked at, too.

    Raises
    ------
    IoError, DataError
        A file that cannot be read.
    FormatError
        One that is no file of corrections, or is damaged.
    """
    found = read_corrections(path)
    chosen = [line for line in found if with_unseen or line.state != "unseen"]
    if len(chosen) < len(found):
        unseen = count_text(len(found) - len(chosen), "line")
        notes.change(str(path), [f"{unseen} not looked at: not used (--with-unseen, with_unseen=True)"])
    for line in chosen:
        image = _find_image(line, [path.parent, Path()] if folder is None else [folder, path.parent, Path()], notes)
        if image is not None:
            yield LineItem(PurePath(line.image).as_posix(), line.text, image, corrected=True)


def read_corrections(path: Path) -> list[Correction]:
    """All lines of a file of corrections. Raises as correction_items."""
    text = read_text_file(path).text
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: is no file of corrections, or damaged: {error}") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise FormatError(f"{path}: is no file of corrections, as a page of `rnnlib-py read --format html` saves it")
    if record.get("version") != VERSION:
        raise FormatError(
            f"{path}: expected version {VERSION}, found {record.get('version')!r}: written by a newer version?"
        )
    lines = record.get("lines")
    if not isinstance(lines, list):
        raise FormatError(f"{path}: damaged: expected a list of lines")
    return [_correction(line, f"{path}: line {number}") for number, line in enumerate(lines, 1)]


def _correction(record: Any, where: str) -> Correction:
    if not isinstance(record, dict):
        raise FormatError(f"{where}: damaged: expected a JSON object")
    record = {"sha256": "", **record}
    for name in ("image", "text", "state", "sha256"):
        if not isinstance(record.get(name), str):
            raise FormatError(f"{where}: {name}: expected a text, found {json.dumps(record.get(name))}")
    found = Correction(record["image"], record["text"], record["state"], record["sha256"])
    if not found.image or "\0" in found.image:
        raise FormatError(f"{where}: image: expected the name of a picture, found {json.dumps(found.image)}")
    if found.state not in STATES:
        raise FormatError(f"{where}: state: expected one of {', '.join(STATES)}, found {json.dumps(found.state)}")
    return found


def _find_image(line: Correction, folders: list[Path], notes: Notes) -> Path | None:
    """The first picture of that name with the right checksum. In a folder of its own it may lie without the folders of
    its name."""
    names = [PurePath(line.image), PurePath(PurePath(line.image).name)]
    candidates = [folder / name for folder in folders for name in names]
    there = [path for path in dict.fromkeys(candidates) if path.is_file()]
    for path in there:
        if not line.sha256 or file_checksum(path) == line.sha256:
            return path
    if there:
        notes.skip(line.image, f"{there[0]} is not the picture that was corrected (it has another checksum)")
    else:
        places = ", ".join(dict.fromkeys(str(folder) for folder in folders))
        notes.skip(line.image, f"no such picture in {places}")
    return None
