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


def read_file_object(file: IO[Any]) -> str | bytes:
    """All that is left in it, as it gives it. IoError; FormatError for a text file that holds no text; TypeError for
    what cannot be read."""
    if not hasattr(file, "read"):
        raise TypeError(f"expected a path or a file object, found {type(file).__name__}")
    try:
        content = file.read()
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{file_name(file)}: is not text ({error}), expected a config or a save; open it in binary mode for a "
            "safetensors file"
        ) from None
    except OSError as error:
        raise IoError(f"{file_name(file)}: cannot be read: {error.strerror or error}") from error
    return content if isinstance(content, str) else bytes(content)


def decode_file_object(content: bytes, source: str) -> str:
    """The text of what was read; FormatError for what is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        kind = kind_of(content[:HEAD])
        if kind == "text":
            kind = f"not UTF-8 text (see byte {error.start})"
        raise FormatError(f"{source}: is {kind}, expected a config or a save") from None


def write_file_object(file: IO[Any], content: str | bytes) -> None:
    """Writes all of it: text as it is to a text file, as UTF-8 to a binary one. IoError; ConfigError for a text file
    that cannot hold it; TypeError for what cannot be written."""
    if not hasattr(file, "write"):
        raise TypeError(f"expected a path or a file object, found {type(file).__name__}")
    is_text = hasattr(file, "encoding")
    if is_text and isinstance(content, bytes):
        raise ConfigError(f"{file_name(file)}: is a text file; open it in binary mode")
    try:
        if is_text:
            file.write(content)
            return
        rest = memoryview(content.encode("utf-8") if isinstance(content, str) else content)
        while rest:
            written = file.write(rest)
            rest = rest[len(rest) if written is None else written :]
    except UnicodeEncodeError as error:
        raise ConfigError(f"{file_name(file)}: cannot hold the label names ({error}); open it in binary mode") from None
    except OSError as error:
        raise IoError(f"{file_name(file)}: cannot be written: {error.strerror or error}") from error
