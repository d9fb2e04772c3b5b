# SPDX-License-Identifier: Apache-2.0
"""Recipes: how data files were made of a user's files, so that new files can be treated in the same way.

A recipe is a small JSON object with a kind, a version and the settings of its kind. Data files hold it as the global
attribute `recipe`, networks that were trained on them and their saves as `Network.recipe`.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypeVar

from rnnlib_py._core import ConfigError, FormatError

AnyRecipe = TypeVar("AnyRecipe", bound="Recipe")


@dataclass(frozen=True)
class Recipe:
    """What the kinds of recipes have in common. A kind is a subclass: its fields, with defaults, are the settings."""

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def check(self) -> None:
        """ConfigError for settings that cannot be."""

    def to_json(self) -> str:
        """The recipe in one line."""
        return json.dumps({"kind": self.kind, "version": self.version, **asdict(self)}, ensure_ascii=False)

    @classmethod
    def from_json(cls: type[AnyRecipe], text: str, source: str) -> AnyRecipe:
        """The recipe of a text that to_json() made.

        Parameters
        ----------
        text
            A JSON object.
        source
            The file it comes from, for messages.

        Raises
        ------
        FormatError
            Text that is no recipe of this kind, or of a newer version.
        """
        where = f"{source}: recipe"
        record = _parse(text, where)
        kind, version = record.pop("kind", None), record.pop("version", None)
        if kind != cls.kind:
            raise FormatError(f"{where}: expected one of kind '{cls.kind}', found kind {kind!r}")
        if version != cls.version:
            raise FormatError(
                f"{where}: expected version {cls.version}, found {version!r}: written by a newer version?"
            )
        known: dict[str, Any] = {field.name: field.default for field in fields(cls)}
        unknown = sorted(record.keys() - known.keys())
        if unknown:
            raise FormatError(f"{where}: unknown setting '{unknown[0]}': written by a newer version?")
        for name, value in record.items():
            _check_type(value, known[name], f"{where}: {name}")
        made = cls(**{name: type(known[name])(value) for name, value in record.items()})
        try:
            made.check()
        except ConfigError as error:
            raise FormatError(f"{where}: {error}") from None
        return made


def kind_of_recipe(text: str, source: str) -> str:
    """What kind a recipe is of: "lines", "audio", .... `source`: the file it comes from. FormatError for other text."""
    kind = _parse(text, f"{source}: recipe").get("kind")
    if not isinstance(kind, str):
        raise FormatError(f"{source}: recipe: damaged: expected a kind, found {kind!r}")
    return kind


def own_recipe(text: str, source: str, kind: type[AnyRecipe]) -> AnyRecipe | None:
    """The recipe of a network or a file, if it is of this kind; None for another kind, for none, and for text of
    somebody's own. FormatError for one of this kind that is damaged. `source`: the file it comes from."""
    try:
        found = kind_of_recipe(text, source)
    except FormatError:
        return None
    return kind.from_json(text, source) if found == kind.kind else None


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{where}: damaged: {error}") from None
    if not isinstance(record, dict):
        raise FormatError(f"{where}: damaged: expected a JSON object")
    return record


def _check_type(value: Any, default: Any, where: str) -> None:
    """Numbers may be whole where real ones are expected, and tuples come as lists, of numbers or of texts; nothing else
    changes its type."""
    if isinstance(default, tuple):
        fits = isinstance(value, list) and (all(map(_is_number, value)) or all(isinstance(part, str) for part in value))
    else:
        fits = _is_number(value) if isinstance(default, float) else type(value) is type(default)
    if not fits:
        raise FormatError(f"{where}: expected a value like {json.dumps(default)}, found {json.dumps(value)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
