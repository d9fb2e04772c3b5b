# SPDX-License-Identifier: Apache-2.0
"""What a command of rnnlib-py is: its name, its options and its function, side by side in a module of cli/commands."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from rnnlib_py.cli.overrides import Override

Overrides = list[Override]


class UsageError(Exception):
    """A command line that cannot be understood: status 2."""


class CommandParser(ArgumentParser):
    """A parser that knows which options were added to it: all else with two dashes is a config key.

    Its errors are UsageErrors: one sentence with the command's usage.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.own_options: set[str] = set()
        super().__init__(*args, **kwargs)

    def add_argument(self, *args: Any, **kwargs: Any) -> Any:
        action = super().add_argument(*args, **kwargs)
        self.own_options.update(action.option_strings)
        return action

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; {' '.join(self.format_usage().split())}")


@dataclass(frozen=True)
class Command:
    """`add_options` gives the parser its arguments (by add_argument); `run` does the work and returns the exit status.

    `usage`: what follows the name in the usage line; `epilog`: makes the end of the command's help.
    """

    name: str
    help: str
    usage: str
    add_options: Callable[[CommandParser], None]
    run: Callable[[Namespace, Overrides], int]
    takes_keys: bool = True  # config keys as --name=value
    epilog: Callable[[], str] | None = None
