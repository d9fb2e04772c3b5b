# SPDX-License-Identifier: Apache-2.0
"""A folder of recordings, with texts beside them (`a.wav`, `a.txt`) or classes in the names of files or folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.prepare.audio_items import AudioItem
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.named_files import check_folder
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.sounds import ENDINGS
from rnnlib_py.prepare.timed_labels import parse_timed

_LIST = ".trans.txt"  # LibriSpeech's texts of all recordings of a folder
_TIMIT = re.compile(r"\s*0\s+\d+\s+(?=\S)", re.ASCII)
# What texts end in, the first that is there is used.
TEXT_ENDINGS = {
    "words": (".wrd", ".txt", ".lab"),
    "characters": (".txt", ".lab"),
    "phones": (".phn", ".lab", ".txt"),
}


def text_items(folder: Path, labels: str, notes: Notes) -> Iterator[AudioItem]:
    """The recordings of a folder and those below it that have a text, in the order of their names.

    Parameters
    ----------
    folder
        Where they are.
    labels
        "words", "characters" or "phones": which texts are looked for.
    notes
        Takes recordings without a text and texts without a recording.

    Raises
    ------
    IoError
        No folder.
    DataError
        There is no text at all.
    """
    endings = TEXT_ENDINGS[labels]
    files = _files_of(folder)
    sounds = _sounds(files, folder)
    texts: dict[str, list[Path]] = {}
    for path in files:
        if path.suffix.lower() in endings and not _is_list(path):
            texts.setdefault(_name(path, folder), []).append(path)
    listed = _listed([path for path in files if _is_list(path)], folder, notes) if labels != "phones" else {}
    if not texts and not listed:
        raise DataError(f"{folder}: holds no texts (*{', *'.join(endings)}) beside {len(sounds):,} recordings")
    for name, found in sorted(texts.items()):
        if name not in sounds:
            notes.skip(str(found[0]), "a text without a recording")
            continue
        text = min(found, key=lambda path: endings.index(path.suffix.lower()))
        sound = _one_of(sounds[name], notes)
        try:
            read = read_text_file(text)
        except (DataError, IoError) as error:
            notes.skip(str(text), str(error))
            continue
        notes.change(str(text), read.changes)
        timed = parse_timed(read.text, text.suffix)
        words = " ".join(label.label for label in timed) if timed else _sentence(read.text, text)
        yield AudioItem(name, words, sound, timed=timed)
    for name, (text, words) in sorted(listed.items()):
        if name in texts:
            continue
        if name in sounds:
            yield AudioItem(name, words, _one_of(sounds[name], notes))
        else:
            notes.skip(f"{text}: {name}", "a text without a recording")
    for name in sorted(sounds.keys() - texts.keys() - listed.keys()):
        notes.skip(str(sounds[name][0]), f"a recording without a text ({', '.join(endings)})")


def _is_list(path: Path) -> bool:
    return path.name.lower().endswith(_LIST)


def _listed(lists: list[Path], folder: Path, notes: Notes) -> dict[str, tuple[Path, str]]:
    """Name -> file and text, of files with a line for each recording beside them: its name, and what is said."""
    found: dict[str, tuple[Path, str]] = {}
    for path in lists:
        try:
            read = read_text_file(path)
        except (DataError, IoError) as error:
            notes.skip(str(path), str(error))
            continue
        notes.change(str(path), read.changes)
        place = path.parent.relative_to(folder).as_posix()
        for line in read.text.splitlines():
            name, _, words = line.strip().partition(" ")
            if name:
                found[name if place == "." else f"{place}/{name}"] = (path, words)
    return found


def _sentence(text: str, path: Path) -> str:
    """The text of a file. Of TIMIT's, which have a file of phones beside them, without the numbers of the first and the
    last sample at the beginning."""
    if not any(path.with_suffix(ending).exists() for ending in (".phn", ".PHN")):
        return text
    found = _TIMIT.match(text)
    return text if found is None else text[found.end() :]


def class_items(folder: Path, rule: str, notes: Notes) -> Iterator[AudioItem]:
    """The recordings of a folder and those below it with the classes that their names say.

    Parameters
    ----------
    folder
        Where they are.
    rule
        "folder": the folder that a recording is in; else a regular expression whose match in the name (its first group,
        where it has one) is the class.
    notes
        Takes recordings without a class.

    Raises
    ------
    IoError
        No folder.
    DataError
        No recordings.
    ConfigError
        No regular expression.
    """
    try:
        pattern = re.compile(rule)
    except re.error as error:
        raise ConfigError(f"--label-from {rule!r} is no regular expression: {error}") from None
    sounds = _sounds(_files_of(folder), folder)
    if not sounds:
        raise DataError(f"{folder}: holds no recordings (*{', *'.join(ENDINGS)})")
    for name, found in sorted(sounds.items()):
        sound = _one_of(found, notes)
        if rule == "folder":
            label = name.rpartition("/")[0].rpartition("/")[2]
            wanted = "is in no folder of a class"
        else:
            match = pattern.search(name)
            label = "" if match is None else (match[1] if pattern.groups else match[0]) or ""
            wanted = f"its name does not match --label-from {rule!r}"
        if label:
            yield AudioItem(name, label, sound)
        else:
            notes.skip(str(sound), wanted)


def _files_of(folder: Path) -> list[Path]:
    check_folder(folder)
    return sorted(Path(parent, file) for parent, _, files in os.walk(folder) for file in files)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _sounds(files: list[Path], folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in files:
        if path.suffix.lower() in ENDINGS:
            found.setdefault(_name(path, folder), []).append(path)
    return found


def _one_of(sounds: list[Path], notes: Notes) -> Path:
    if len(sounds) > 1:
        others = ", ".join(path.name for path in sounds[1:])
        notes.change(str(sounds[0]), [f"there are several recordings of this name: this one is used, not {others}"])
    return sounds[0]
