# SPDX-License-Identifier: Apache-2.0
"""Saves in file objects: what open(), io.BytesIO, io.StringIO, zip files and the like give."""

from __future__ import annotations

import os
from typing import IO, Any, TypeAlias

from rnnlib_py._core import ConfigError, FormatError, IoError
from rnnlib_py.system.file_kind import HEAD, kind_of

PathOrFile: TypeAlias = "str | os.PathLike[str] | IO[bytes] | IO[str]"


def file_name(file: IO[Any]) -> str:
    """What messages call it."""
    name = getattr(file, "name", None)
    return name if isinstance(name, str) and name else "the file object"


def read_file_object(file: IO[Any]) -> str:
    """All that is left in it, as text. IoError, FormatError; TypeError for what cannot be read."""
    if not hasattr(file, "read"):
        raise TypeError(f"expected a path or a file object, found {type(file).__name__}")
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        raise FormatError(f"{file_name(file)}: is not text ({error}), expected a config or a save") from None
    except OSError as error:
        raise IoError(f"{file_name(file)}: cannot be read: {error.strerror or error}") from error
    if isinstance(content, str):
        return content
    try:
        return bytes(content).decode("utf-8")
    except UnicodeDecodeError as error:
        kind = kind_of(error.object[:HEAD])
        if kind == "text":
            kind = f"not UTF-8 text (see byte {error.start})"
        raise FormatError(f"{file_name(file)}: is {kind}, expected a config or a save") from None


def write_file_object(file: IO[Any], text: str) -> None:
    """Writes all of it: as it is to a text file, as UTF-8 to a binary one. IoError; ConfigError for a text file whose
    encoding lacks a character; TypeError for what cannot be written."""
    if not hasattr(file, "write"):
        raise TypeError(f"expected a path or a file object, found {type(file).__name__}")
    try:
        if hasattr(file, "encoding"):
            file.write(text)
            return
        rest = memoryview(text.encode("utf-8"))
        while rest:
            written = file.write(rest)
            rest = rest[len(rest) if written is None else written :]
    except UnicodeEncodeError as error:
        raise ConfigError(f"{file_name(file)}: cannot hold the label names ({error}); open it in binary mode") from None
    except OSError as error:
        raise IoError(f"{file_name(file)}: cannot be written: {error.strerror or error}") from error
