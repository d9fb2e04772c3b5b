# SPDX-License-Identifier: Apache-2.0
"""Commands that run a network take a trained one by its name, too: in place of SAVE, or as --model NAME."""

from __future__ import annotations

import argparse

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import CommandParser, UsageError
from rnnlib_py.model.zoo import save_or_model

MODEL = "--model"


def add_network(parser: CommandParser) -> None:
    """The argument SAVE (options.path: a file), which may be named with --model instead."""
    parser.add_argument(
        "path", metavar="SAVE", type=file_or_model, help="or the name of a trained network (rnnlib-py models)"
    )
    parser.add_argument(MODEL, metavar="NAME", help="a trained network, in place of SAVE")


def model_first(arguments: list[str], command: str) -> list[str]:
    """The command line with the value of --model where SAVE stands. UsageError where --model has none."""
    place = next((i for i, word in enumerate(arguments) if word == MODEL or word.startswith(f"{MODEL}=")), None)
    if place is None:
        return arguments
    _, equals, name = arguments[place].partition("=")
    rest = arguments[:place] + arguments[place + 1 :]
    if not equals and place < len(rest):
        name = rest.pop(place)
    if not name:
        raise UsageError(f"{MODEL}: expected the name of a trained network (rnnlib-py models lists them)")
    after = rest.index(command) + 1
    return [*rest[:after], name, *rest[after:]]


def file_or_model(name: str) -> str:
    """The type of such an argument: a file's name stays, a trained network's becomes that of its file."""
    try:
        return save_or_model(name)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
