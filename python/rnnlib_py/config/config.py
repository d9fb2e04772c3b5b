# SPDX-License-Identifier: Apache-2.0
"""RNNLIB configurations: `name value` files and saves, with typed values."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py.config.content import read_content
from rnnlib_py.system.file_objects import PathOrFile
from rnnlib_py.system.files import existing_path
from rnnlib_py.system.html_tables import html_table

_GETTERS: dict[str, Callable[[_core.Config, str], Any]] = {
    "string": _core.Config.get_string,
    "bool": _core.Config.get_bool,
    "int": _core.Config.get_int,
    "real": _core.Config.get_real,
    "string list": _core.Config.get_string_list,
    "bool list": _core.Config.get_bool_list,
    "int list": _core.Config.get_int_list,
    "int lists": _core.Config.get_int_lists,
}
_LONGEST_VALUE = 200  # characters of a value in a repr
_KEYS = {key.name: key for key in _core.key_table()}


def is_key(name: str) -> bool:
    """True for the names in the key table."""
    return name in _KEYS


def unavailable_choices(name: str) -> list[str]:
    """Those of a key's words that RNNLIB has but this version cannot do."""
    return _KEYS[name].unavailable_choices


def format_value(value: object) -> str:
    """A value as configs write it: true, 1e-3, 2,10,50; a list of lists becomes 3,4;2,4."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        nested = any(isinstance(item, (list, tuple)) for item in value)
        return (";" if nested else ",").join(format_value(item) for item in value)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return str(value)


def _shown(value: str) -> str:
    """A value in a repr; long lists of labels are cut."""
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…'"


def _cut(value: str) -> str:
    """The same in a table, without quotation marks."""
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"


class Config:
    """Keys and their values, checked by the engine's key table (docs/config.md).

    `config["learnRate"]` is the value given, else the default, in the key's type; ConfigError when there is neither.
    Setting a value to None removes the key. Iteration, len() and `in` see the keys that were given.
    """

    def __init__(self, values: Mapping[str, object] | None = None, **overrides: object) -> None:
        """Keys from a mapping, and from keyword arguments, which come later.

        Parameters
        ----------
        values
            Key -> value; a list for a list, a list of lists for a list of lists, None for a key that is not given.
        overrides
            The same.

        Raises
        ------
        ConfigError
            An unknown key, or a value that is not of its type.
        """
        self.core = _core.Config()
        self.path: Path | None = None  # the file it was read from
        self.save: _core.Save | None = None  # when that file is a save
        self.overridden: set[str] = set()  # keys changed after reading
        self._ignored: dict[str, str] = {}  # key -> what its line held after the value
        self._set_all({**(values or {}), **overrides})

    @classmethod
    def read(cls, path: PathOrFile, **overrides: object) -> Config:
        """A config file or a save, ours, RNNLIB's or a safetensors file: known by what is in it.

        Parameters
        ----------
        path
            The file, or a file object (a safetensors file's in binary mode).
        overrides
            Keys that are set over what it says.

        Raises
        ------
        ConfigError
            An unknown key, or a value that is not of its type; the message has the line.
        FormatError
            A save that is damaged.
        IoError
            What cannot be read.
        """
        config = cls()
        if isinstance(path, (str, os.PathLike)):
            config.path = Path(path)
        source, content = read_content(path)
        if isinstance(content, bytes):
            config.save = _core.Save.parse(content, source)
        elif Path(source).suffix == ".save" or _core.looks_like_save(content):
            config.save = _core.Save.parse(content, source)
            config._ignored = _core.ignored_words(content, source)
        else:
            config.core = _core.Config.parse(content, source)
            config._ignored = _core.ignored_words(content, source)
        if config.save is not None:
            config.core = config.save.config.copy()
        config._set_all(overrides)
        return config

    def _set_all(self, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            self.set(name, value)

    def set(self, name: str, value: object, where: str = "") -> None:
        """Gives a key a value, or removes it (None); `where` is named in the error."""
        if value is None:
            self.core.remove(name)
        else:
            self.core.set(name, format_value(value), where)
        self.overridden.add(name)

    def copy(self) -> Config:
        """An independent copy."""
        other = Config()
        other.core = self.core.copy()
        other.path, other.save, other.overridden = self.path, self.save, set(self.overridden)
        other._ignored = dict(self._ignored)
        return other

    def __getitem__(self, name: str) -> Any:
        key = _KEYS.get(name)
        if key is None:
            return self.core.get_string(name)  # raises the engine's error, which names the nearest key
        return _GETTERS[key.type](self.core, name)

    def get(self, name: str, default: Any = None) -> Any:
        """Like config[name], but for a key that was not given and has no default of its own.

        Parameters
        ----------
        name
            A key.
        default
            What such a key gives.
        """
        key = _KEYS.get(name)
        return default if key is not None and not key.default_value and name not in self else self[name]

    def __setitem__(self, name: str, value: object) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        self.set(name, None)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.core.has(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.core.items())

    def __len__(self) -> int:
        return len(self.core.items())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self.core.items() == other.core.items()

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy. A save is part of it, with every digit."""
        save = None if self.save is None else (self.save.text("float64"), self.save.metadata)
        state = {"values": self.core.items(), "path": self.path, "overridden": set(self.overridden), "save": save}
        return {**self.__dict__, **state, "core": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        values = state.pop("values")
        self.__dict__.update(state)
        self.core = _core.Config()
        for name, value in values.items():
            self.core.set(name, value)
        if state["save"] is not None:
            text, metadata = state["save"]
            self.save = _core.Save.parse(text, str(self.path or "a copied save"))
            self.save.metadata = metadata

    def __repr__(self) -> str:
        return f"Config({{{', '.join(f'{name!r}: {_shown(value)}' for name, value in self.core.items().items())}}})"

    def _repr_html_(self) -> str:
        rows = [(name, _cut(value)) for name, value in self.core.items().items()]
        return html_table(f"config {self.path or ''}".strip(), (), rows)

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """The config as a file: `name value` lines."""
        return self.core.text()

    @property
    def precision(self) -> str:
        """ "float32" or "float64", as NumPy names them."""
        return "float64" if self["precision"] == "double" else "float32"

    @property
    def folder(self) -> Path:
        """Where the config lies, and its saves: the file's folder, or the current one."""
        return self.path.parent if self.path else Path()

    def files(self, name: str) -> list[Path]:
        """The paths of a list of files.

        Parameters
        ----------
        name
            A key: trainFile, valFile or testFile. Each file is in the current folder, else in the config's own folder.

        Raises
        ------
        IoError
            One is in neither.
        """
        return [existing_path(file, self.folder, name) for file in self.get(name, [])]

    def warnings(self) -> list[str]:
        """Sentences about words after a value that were ignored ("hiddenSize 10 20"), and about given keys that nothing
        will use; the latter of a save only for those that were set over it."""
        unused = self.core.unused_warnings()
        if self.save is not None:
            unused = [text for text in unused if self.overridden.intersection(re.findall(r"\w+", text))]
        ignored = [text for name, text in self._ignored.items() if name not in self.overridden]
        return ignored + unused
