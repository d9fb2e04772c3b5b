# SPDX-License-Identifier: Apache-2.0
"""The recipe of a data file: how it was made of a user's files. rnnlib_py.prepare makes this text and reads it."""

from __future__ import annotations

import json
from pathlib import Path

from rnnlib_py.data.netcdf.file import NetcdfFile

RECIPE = "recipe"  # the global attribute


def read_recipe(file: NetcdfFile) -> str:
    """What a file holds; "" for a file without any."""
    value = file.attribute(RECIPE)
    return " ".join(value.split()) if isinstance(value, str) else ""


def recipe_of_file(path: Path) -> str:
    """What the data file of this name holds; "" for one without any. Raises IoError, FormatError."""
    file = NetcdfFile(path)
    try:
        return read_recipe(file)
    finally:
        file.close()


def recipe_difference(found: str, expected: str) -> str:
    """What differs between two recipes, in words; "" when nothing does."""
    if found == expected:
        return ""
    a, b = _settings(found), _settings(expected)
    names = [name for name in dict.fromkeys([*a, *b]) if a.get(name) != b.get(name)]
    if not a or not b or not names:
        return f"recipe {found or 'none'}, not {expected or 'none'}"
    return ", ".join(f"{name} {_text(a, name)}, not {_text(b, name)}" for name in names)


def recipe_kind(recipe: str) -> str:
    """ "lines", "audio", ...; "" for none, and for text of somebody's own."""
    kind = _settings(recipe).get("kind")
    return kind if isinstance(kind, str) else ""


def _settings(recipe: str) -> dict[str, object]:
    try:
        found = json.loads(recipe or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(settings: dict[str, object], name: str) -> str:
    return json.dumps(settings[name], ensure_ascii=False) if name in settings else "none"
