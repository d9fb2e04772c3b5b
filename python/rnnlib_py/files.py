# SPDX-License-Identifier: Apache-2.0
"""Files: where they are, reading them, and writing them so that a failure leaves the old one as it was."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rnnlib_py._core import FormatError, IoError


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


def write_atomically(path: Path, text: str) -> None:
    """Writes to a temporary file beside `path`, syncs and renames it; IoError, and the old file stays."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise IoError(f"{path}: cannot be written: {error.strerror}") from error


def is_netcdf(path: Path) -> bool:
    """True when a file begins as netCDF files do; IoError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF")
    except FileNotFoundError:
        raise IoError(f"{path}: no such file") from None
    except OSError as error:
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error
