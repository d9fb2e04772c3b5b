# SPDX-License-Identifier: Apache-2.0
"""--name=value on the command line: config keys, which are not the command's own options."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from rnnlib_py._core import ConfigError, unknown_key_hint
from rnnlib_py.config import Config, is_key

_OPTION = re.compile(r"--([^=]+)(?:=(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Override:
    """A key's new value; "" removes the key. `argument` is what was typed."""

    name: str
    value: str
    argument: str


def split_overrides(arguments: list[str], own_options: Collection[str]) -> tuple[list[Override], list[str]]:
    """The overrides, and the arguments that are left: those of `own_options` ("--output") too.

    ConfigError for an unknown key or one without `=`.
    """
    overrides: list[Override] = []
    rest: list[str] = []
    for i, argument in enumerate(arguments):
        if argument == "--":
            return overrides, rest + arguments[i:]
        match = _OPTION.fullmatch(argument)
        if match is None or f"--{match[1]}" in own_options:
            rest.append(argument)
            continue
        name, value = match[1], match[2]
        if not is_key(name):
            raise ConfigError(f"{argument}: unknown key '{name}'{_hint(name, own_options)}")
        if value is None:
            raise ConfigError(f"{argument}: a value is missing: write --{name}=value (or --{name}= to remove it)")
        overrides.append(Override(name, "" if value == '""' else value, argument))
    return overrides, rest


def _hint(name: str, own_options: Collection[str]) -> str:
    """How to go on after a key or option that does not exist."""
    return unknown_key_hint(name) or option_hint(f"--{name}", own_options)


def option_hint(name: str, own_options: Collection[str]) -> str:
    """ "; did you mean --output?" for an option that is spelt much like `name`, or nothing."""
    nearest = get_close_matches(name, own_options, n=1, cutoff=0.75)
    return f"; did you mean {nearest[0]}?" if nearest else ""


def refuse_keys(arguments: list[str], own_options: Collection[str], command: str) -> None:
    """ConfigError when a command that takes no config keys is given one."""
    for argument in arguments:
        match = _OPTION.fullmatch(argument)
        if match is not None and f"--{match[1]}" not in own_options and is_key(match[1]):
            raise ConfigError(f"{argument}: {command} takes no config keys")


def apply_overrides(config: Config, overrides: list[Override]) -> None:
    """Lays them over a config; the last mention wins."""
    for override in overrides:
        config.set(override.name, override.value or None, override.argument)
