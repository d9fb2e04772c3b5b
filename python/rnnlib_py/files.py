# SPDX-License-Identifier: Apache-2.0
"""Files: where they are, reading them, and writing them so that a failure leaves the old one as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rnnlib_py._core import Error, FormatError, IoError


def read_text(path: Path) -> str:
    """A config's or save's content; IoError or FormatError naming it."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        kind = "a netCDF file" if is_netcdf(path) else f"not text (byte {error.start} is not UTF-8)"
        raise FormatError(f"{path}: is {kind}, expected a config or a save") from None
    except FileNotFoundError:
        raise IoError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise IoError(f"{path}: is a folder, expected a file") from None
    except OSError as error:
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error


def existing_path(name: str, folder: Path, what: str) -> Path:
    """`name` as seen from the current folder, else from `folder`; IoError when neither holds it."""
    path = Path(name)
    if path.exists():
        return path
    if (folder / path).exists():
        return folder / path
    places = "" if path.is_absolute() else f" in the current folder or in {folder.resolve()}"
    raise IoError(f"{what}: no file {name}{places}")


def check_writable(folder: Path) -> None:
    """IoError when no file can be made in the folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise IoError(f"{folder}: cannot write files in this folder: {error.strerror}") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a temporary path beside `path`; what was written there is synced and takes the place of `path` at the end.

    A link stays, and what it points to is replaced; permissions stay. After any exception the old file is as it was.
    Errors of the system become IoError.
    """
    target = path.resolve()
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except Error:
        raise
    except (OSError, RuntimeError) as error:  # RuntimeError: of the netCDF library
        if not target.parent.is_dir():
            reason: object = "no such folder"
        else:
            reason = getattr(error, "strerror", None) or error
        raise IoError(f"{path}: cannot be written: {reason}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Writes to a temporary file beside `path`, syncs and renames it; IoError, and the old file stays."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(text)


def make_folder(folder: Path) -> None:
    """The folder and those above it; IoError when that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IoError(f"{folder}: cannot be made: {error.strerror}") from error


def is_netcdf(path: Path) -> bool:
    """True when a file begins as netCDF files do; IoError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF")
    except FileNotFoundError:
        raise IoError(f"{path}: no such file") from None
    except OSError as error:
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error
