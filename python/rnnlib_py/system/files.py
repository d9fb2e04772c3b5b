# SPDX-License-Identifier: Apache-2.0
"""Files: where they are, reading them, and writing them so that a failure leaves the old one as it was."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, TextIO

from rnnlib_py import _core
from rnnlib_py._core import Error, FormatError, IoError
from rnnlib_py.system.file_kind import HEAD, kind_of

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NETCDF = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF")
# All bytes but control characters, which no config or save has.
_TEXT = bytes(byte for byte in range(256) if (byte >= 0x20 and byte != 0x7F) or byte in b"\t\n\v\f\r")


def read_text(path: Path) -> str:
    """A config's or save's content; IoError or FormatError naming it."""
    return decode_text(_core.read_file(path), path)


def decode_text(content: bytes, path: Path) -> str:
    """The same for a file's bytes.

    Bytes that are not UTF-8 come as os.fsdecode gives them: file names may hold any.
    """
    first = next(iter(content.translate(None, _TEXT)), None)
    if first is not None:
        kind = kind_of(content[:HEAD])
        if kind in ("text", "a save"):
            kind = f"not text (byte {content.index(first)} is {first})"
        raise FormatError(f"{path}: is {kind}, expected a config or a save")
    return content.decode("utf-8", "surrogateescape")


def path_list(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """One path, which is no list of its letters, or several."""
    return [Path(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]


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

    The temporary path is that of an empty file, which is to be written and not replaced. Only a regular file takes a
    new content, or a name that is free; IoError for a device, a FIFO or a folder. A link stays, and what it points to
    is replaced; permissions stay. After any exception the old file is as it was. Errors of the system become IoError.
    """
    replacement = _core.Replacement(path)
    try:
        yield Path(os.fsdecode(replacement.temporary))
        replacement.commit()
    except Error:
        raise
    except (OSError, RuntimeError) as error:  # RuntimeError: of the netCDF library
        raise IoError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        replacement.discard()


def write_atomically(path: Path, content: str | bytes) -> None:
    """Writes to a temporary file beside `path`, syncs and renames it (see replacing). Raises IoError."""
    _core.replace_file(path, content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)


def open_growing(path: Path, append: bool = False) -> TextIO:
    """A text file that grows while a program runs, such as a log; IoError unless it is a regular file or a new one.

    What UTF-8 cannot hold (bytes of a file name) is written as \\udcXX.
    """
    flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    try:
        file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
        _check_regular(path, file)
    except OSError as error:
        if isinstance(error, IoError):
            raise
        raise IoError(f"{path}: cannot be written: {error.strerror}") from error
    return os.fdopen(file, "a" if append else "w", encoding="utf-8", errors="backslashreplace")


def read_small_file(path: Path, most: int, expected: str = "a file") -> bytes:
    """The bytes of a file that should be small; IoError, or DataError where it has more than so many bytes."""
    with open_to_read(path, expected) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _core.DataError(f"{path}: has more than {most:,} bytes")
    return content


def open_to_read(path: Path, expected: str = "a file") -> BinaryIO:
    """A regular file; IoError for what is missing or none: a FIFO or a device could block for ever."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        _check_regular(path, file, expected)
    except FileNotFoundError:
        raise IoError(f"{path}: no such file") from None
    except OSError as error:
        if isinstance(error, IoError):
            raise
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error
    return os.fdopen(file, "rb")


def _check_regular(path: Path, file: int, expected: str = "a file") -> None:
    """Closes the file and raises IoError unless it is a regular one."""
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return
    os.close(file)
    kind = "a folder" if stat.S_ISDIR(mode) else "a FIFO" if stat.S_ISFIFO(mode) else "a device"
    raise IoError(f"{path}: is {kind}, expected {expected}")


def lock(file: IO[Any]) -> bool:
    """Locks an open file for this process alone, until it is closed. False while another process has it locked; True
    where the system or the file system has no locks, too."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def make_folder(folder: Path) -> None:
    """The folder and those above it; IoError when that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IoError(f"{folder}: cannot be made: {error.strerror}") from error


def is_netcdf(path: Path) -> bool:
    """True when a file begins as netCDF files do; IoError when it cannot be read."""
    with open_to_read(path) as file:
        try:
            return file.read(4) in _NETCDF
        except OSError as error:
            raise IoError(f"{path}: cannot be read: {error.strerror}") from error
