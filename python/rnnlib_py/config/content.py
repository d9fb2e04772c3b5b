# SPDX-License-Identifier: Apache-2.0
"""What is in a config or a save, as text, or as bytes where it is a safetensors file."""

from __future__ import annotations

import os
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py.system.file_objects import PathOrFile, decode_file_object, file_name, read_file_object
from rnnlib_py.system.files import decode_text

SAFETENSORS = ".safetensors"  # how names of such files end


def read_content(path: PathOrFile) -> tuple[str, str | bytes]:
    """The file's name for messages, and its content: bytes of a safetensors file, else text. IoError, FormatError."""
    if isinstance(path, (str, os.PathLike)):
        source, content = str(path), _core.read_file(path)
        return source, content if _is_safetensors(content, source) else decode_text(content, Path(path))
    source, read = file_name(path), read_file_object(path)
    if isinstance(read, bytes) and not _is_safetensors(read, source):
        return source, decode_file_object(read, source)
    return source, read


def _is_safetensors(content: bytes, source: str) -> bool:
    """One that is damaged is known by its name."""
    return _core.looks_like_safetensors(content) or source.endswith(SAFETENSORS)
