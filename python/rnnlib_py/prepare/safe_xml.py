# SPDX-License-Identifier: Apache-2.0
"""XML from strangers: no entities, which can blow up or read other files, and no more than a size and a depth."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from rnnlib_py._core import DataError
from rnnlib_py.system.files import read_small_file

_MOST_BYTES = 2**26
_DEEPEST = 200


def read_xml(path: str | os.PathLike[str]) -> Element:
    """The root element of an XML file; the names in the tree are without their namespaces.

    Raises
    ------
    IoError
        A file that cannot be read.
    DataError
        No XML, more than 64 MiB, elements within each other more than 200 deep, or entities of its own.
    """
    content = read_small_file(Path(path), _MOST_BYTES, "an XML file")
    reader = _Reader(str(path))
    try:
        return reader.read(content)
    except DataError:
        raise
    except expat.ExpatError as error:
        raise DataError(f"{path}: is no XML, or damaged: {error}") from None
    except (ValueError, LookupError) as error:  # an unknown encoding
        raise DataError(f"{path}: is no XML that can be read: {error}") from None


class _Reader:
    def __init__(self, path: str) -> None:
        self._path = path
        self._builder = TreeBuilder()
        self._depth = 0
        parser = self._parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.EntityDeclHandler = self._refuse_entities

    def read(self, content: bytes) -> Element:
        self._parser.Parse(content, True)
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DataError(f"{self._path}: its elements stand within each other more than {_DEEPEST} deep")
        self._builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_local(name))

    def _refuse_entities(self, name: str, *_: Any) -> None:
        raise DataError(f"{self._path}: defines an entity ('{name}'), which is not read: it could fill the memory")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
