# SPDX-License-Identifier: Apache-2.0
"""Files that a user gives, by themselves or in folders, and what their sequences are called by."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from pathlib import Path

from rnnlib_py._core import IoError


def check_folder(folder: Path) -> None:
    """IoError where there is no such folder."""
    if not folder.is_dir():
        raise IoError(f"{folder}: {'is a file, expected a folder' if folder.exists() else 'no such folder'}")


def named_files(paths: _Seq[Path], endings: tuple[str, ...], what: str) -> dict[Path, str]:
    """Files themselves, and those of folders that have one of the endings; each with its name: its own without ending,
    after the folders that not all share.

    Parameters
    ----------
    paths
        Files and folders.
    endings
        Of the files that are taken from folders, in lower case.
    what
        Such files in the plural, for messages.

    Raises
    ------
    IoError
        What is not there, or a folder without such files.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in endings and file.is_file())
            if not inside:
                raise IoError(f"{path}: holds no {what} ({', '.join(endings)})")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise IoError(f"{path}: no such file")
    shared = Path(os.path.commonpath([path.absolute().parent for path in found])) if found else Path()
    return {path: path.absolute().relative_to(shared).with_suffix("").as_posix() for path in found}
