# SPDX-License-Identifier: Apache-2.0
"""docs/config.md and the keys of `train --help`, from the engine's key table.

`python -m rnnlib_py.config.key_docs > docs/config.md` renews the page.
"""

from __future__ import annotations

import sys

from rnnlib_py import _core

_INTRODUCTION = """\
# Config keys

This page is made from the key table in `cpp/src/config/key_table.cpp` by `python -m rnnlib_py.config.key_docs`.

A config is plain text, one `name value` per line; `name = value`, `[section]` lines, and full-line comments with `#` or
`;` are allowed too. Lists are joined by commas, lists of lists by semicolons; in a list `3*4` stands for `3,3,3,3`. A
list of one entry, where one per level or dimension is needed, applies to all. Per-dimension lists are in the network's
order: x first, then y.

On the command line `--name=value` overrides the config's value, and `--name=` removes the key; the last mention wins. A
key that does not exist is an error; one that has no effect in this config is a warning.

Data files are looked for in the current folder, then in the config's own folder. With `autosave true` a run writes
beside its config `<config name>@<time>.log`, `.last.save` after every epoch, and `.best_<error>.save` whenever that
error was the best so far. `rnnlib-py train` does so unless the config says `autosave false`.
"""


def keys_by_group() -> dict[str, list[_core.KeyInfo]]:
    """The key table by group, both in the table's order."""
    groups: dict[str, list[_core.KeyInfo]] = {}
    for key in _core.key_table():
        groups.setdefault(key.group, []).append(key)
    return groups


def values_text(key: _core.KeyInfo) -> str:
    """Type, and the values or range allowed: `string: float, double`, `int >= 1`."""
    if key.choices:
        return f"{key.type}: {', '.join(key.choices)}"
    return f"{key.type} {key.range}".strip()


def default_text(key: _core.KeyInfo) -> str:
    return f"default {key.default_value}" if key.default_value else "no default"


def _row(key: _core.KeyInfo) -> str:
    cells = (f"`{key.name}`", values_text(key), f"`{key.default_value}`" if key.default_value else "", key.meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def markdown() -> str:
    """The page docs/config.md."""
    parts = [_INTRODUCTION]
    for group, keys in keys_by_group().items():
        rows = "\n".join(_row(key) for key in keys)
        parts.append(f"## {group}\n\n| key | values | default | meaning |\n|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(markdown())
