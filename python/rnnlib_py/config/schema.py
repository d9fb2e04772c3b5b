# SPDX-License-Identifier: Apache-2.0
"""docs/config.schema.json: a JSON schema of configs that are written as JSON, from the engine's key table.

`python -m rnnlib_py.config.schema > docs/config.schema.json` renews it. How editors use it:
docs/shells-and-editors.md.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from rnnlib_py import _core

_BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}
_BOUND = re.compile(r"(>=|>|<=|<) (\S+?)(?:,|$)")
# Lists may also be written as in a config: "2,10,50", "3*4" for 3,3,3,3, "2,2;1,2".
_LIST_TEXT = {
    "bool": r"^\s*(true|false)(\s*,\s*(true|false))*\s*$",
    "int": r"^\s*-?\d+(\s*\*\s*-?\d+)?(\s*[,;]\s*-?\d+(\s*\*\s*-?\d+)?)*\s*$",
}


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of an object with a config's keys, as `Config(values)` takes it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rnnlib-py config",
        "description": "A config of rnnlib-py as JSON: rnnlib_py.Config(json.load(file)).",
        "type": "object",
        "properties": {key.name: _key_schema(key) for key in _core.key_table()},
        "additionalProperties": False,
    }


def schema_text() -> str:
    """The file docs/config.schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _key_schema(key: _core.KeyInfo) -> dict[str, Any]:
    kind, _, plural = key.type.partition(" ")
    item = _item_schema(kind, key)
    schema: dict[str, Any] = {"description": f"{key.meaning} ({key.group})"}
    if plural:
        lists = [item, {"type": "array", "items": item, "minItems": 1}]
        if plural == "lists":
            lists.append({"type": "array", "items": lists[1], "minItems": 1})
        if kind in _LIST_TEXT:
            lists.append({"type": "string", "pattern": _LIST_TEXT[kind]})
        elif key.choices:
            word = "|".join(key.choices)
            lists.append({"type": "string", "pattern": rf"^({word})(\s*,\s*({word}))+$"})
        schema["anyOf"] = lists
    else:
        schema.update(item)
    if key.default_value:
        schema["default"] = _default(kind, plural, key.default_value)
    if not key.available:
        schema["deprecated"] = True  # editors strike it through: RNNLIB has it, this version does not
    return schema


def _item_schema(kind: str, key: _core.KeyInfo) -> dict[str, Any]:
    if kind == "bool":
        return {"type": "boolean"}
    if kind == "string":
        return {"enum": list(key.choices)} if key.choices else {"type": "string"}
    bounds = {_BOUNDS[sign]: json.loads(number) for sign, number in _BOUND.findall(key.range)}
    return {"type": "integer" if kind == "int" else "number", **bounds}


def _default(kind: str, plural: str, text: str) -> Any:
    """As JSON has it where that is one value; lists stay texts."""
    if kind == "string" or (plural and ("," in text or ";" in text)):
        return text
    return json.loads(text)


if __name__ == "__main__":
    sys.stdout.write(schema_text())
