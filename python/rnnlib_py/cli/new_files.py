# SPDX-License-Identifier: Apache-2.0
"""What the commands read and listen share: which files are meant, what is said of them, where their texts go."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence as _Seq
from pathlib import Path

from rnnlib_py._core import DataError, IoError
from rnnlib_py.cli.command import Overrides
from rnnlib_py.cli.decoding import decoding_overrides
from rnnlib_py.cli.documents import print_document, write_folder
from rnnlib_py.cli.reading import read_save, say_warnings
from rnnlib_py.config import Config
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.system.files import check_writable, make_folder
from rnnlib_py.text.outputs import Document


def read_network_config(options: Namespace, overrides: Overrides, command: str) -> Config:
    """The config of the save, with the keys and decoding options of the command line."""
    config = read_save(options.path, [*overrides, *decoding_overrides(options)], command)
    if not options.quiet:
        say_warnings(config)
    return config


def find_files(paths: list[str], endings: _Seq[str], what: str) -> dict[str, str]:
    """Files, and what the files with their texts are called by: their names without ending, those of a folder with the
    place below it.

    Parameters
    ----------
    paths
        Files, or folders: all in and below them that end as `endings` say.
    what
        The files in the plural, for messages.

    Raises
    ------
    IoError
        A path that is not there.
    DataError
        A folder without such files.
    """
    found: dict[str, str] = {}
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise IoError(f"{name}: no such file")
        if not path.is_dir():
            found[name] = path.stem
            continue
        inside = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in endings and file.is_file()]
        if not inside:
            raise DataError(f"{name}: holds no {what}")
        found.update({str(file): file.relative_to(path).with_suffix("").as_posix() for file in inside})
    return found


def prepare_output(options: Namespace) -> None:
    """The folder that was asked for. IoError where nothing can be written there."""
    if options.output:
        make_folder(Path(options.output))
        check_writable(Path(options.output))


def say_notes(notes: Notes, used: int, total: int, what: str) -> None:
    """The notes on standard error. DataError when no file was used."""
    for line in notes.lines():
        print(f"rnnlib-py: {line}", file=sys.stderr)
    if not used:
        raise DataError(f"none of {total:,} {what} could be read")


def write_texts(options: Namespace, document: Document, form: str, names: list[str]) -> None:
    """Into the folder, a file for each under these names, or to the standard output."""
    if options.output:
        write_folder(Path(options.output), document, form, names)
    else:
        print_document(document, form)
