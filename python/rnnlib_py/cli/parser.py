# SPDX-License-Identifier: Apache-2.0
"""The parser of rnnlib-py, made of the commands' own options; config keys never reach it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence as _Seq
from difflib import get_close_matches

from rnnlib_py import _core
from rnnlib_py.cli.command import Command, CommandParser, UsageError
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.overrides import option_hint
from rnnlib_py.config.content import SAFETENSORS

DEMO = "demo"  # has a parser of its own
_SHOWN = 3  # of surplus arguments
_LONGEST = 100  # letters of one


def make_parser() -> tuple[argparse.ArgumentParser, dict[str, set[str]]]:
    """The parser, and for each command the options that are its own."""
    common = CommandParser(add_help=False)
    # SUPPRESS: an option before the command is not undone by the command's own default.
    common.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks of errors")
    common.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="show only results")
    parser = CommandParser(
        prog="rnnlib-py",
        description="Train and run recurrent networks from RNNLIB's configs and netCDF files.",
        epilog="exit status: 0 good, 1 the run failed, 2 bad usage or config, 128 + n ended by signal n",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"rnnlib-py {_core.__version__}",
        help="show the version and exit; with --verbose also how it was built and what it runs on",
    )
    parser.add_argument(
        "--print-completion",
        metavar="SHELL",
        help="print a script by which bash, zsh or fish completes this command, and exit",
    )
    everywhere = parser.own_options | common.own_options
    own_options = {"": everywhere}
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, command in COMMANDS.items():
        own_options[name] = everywhere | _add_command(commands, command, common)
    commands.add_parser(DEMO, help="learn to read lines of handwritten digits", add_help=False)
    return parser, own_options


def _add_command(
    commands: argparse._SubParsersAction[CommandParser], command: Command, common: CommandParser
) -> set[str]:
    keys = "[--name=value ...] " if command.takes_keys else ""
    parser = commands.add_parser(
        command.name,
        help=command.help,
        description=command.help[0].upper() + command.help[1:] + ".",
        epilog=command.epilog() if command.epilog is not None else None,
        parents=[common],
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage=f"rnnlib-py {command.name} {keys}{command.usage}",
    )
    command.add_options(parser)
    return parser.own_options


def find_command(arguments: _Seq[str]) -> tuple[str, list[str]]:
    """The command on a command line, which is its first word without a dash, and the line. "" when there is none.

    RNNLIB's own way is understood too: `rnnlib x.config` is `rnnlib train x.config`. UsageError for another word.
    """
    place = next((i for i, argument in enumerate(arguments) if not argument.startswith("-")), None)
    if place is None:
        return "", list(arguments)
    word = arguments[place]
    if word in COMMANDS or word == DEMO:
        return word, list(arguments)
    if word.endswith((".config", ".save", SAFETENSORS)) or os.path.lexists(word):
        return "train", [*arguments[:place], "train", *arguments[place:]]
    nearest = get_close_matches(word, [*COMMANDS, DEMO], n=1, cutoff=0.7)
    hint = f"; did you mean '{nearest[0]}'?" if nearest else f"; there are {', '.join([*COMMANDS, DEMO])}"
    raise UsageError(f"'{shortened(word)}' is no command and no file{hint}")


def refuse_surplus(name: str, surplus: _Seq[str], own_options: _Seq[str] | set[str]) -> None:
    """UsageError for arguments that a command does not take."""
    if not surplus:
        return
    option = next((argument for argument in surplus if argument.startswith("-")), None)
    if option is not None:
        hint = option_hint(option.partition("=")[0], own_options)
        raise UsageError(f"{name} has no option {shortened(option)}{hint}")
    shown = ", ".join(f"'{shortened(argument)}'" for argument in surplus[:_SHOWN])
    more = f" and {len(surplus) - _SHOWN} more" if len(surplus) > _SHOWN else ""
    count = "one argument is" if len(surplus) == 1 else f"{len(surplus)} arguments are"
    raise UsageError(f"{name} takes {COMMANDS[name].usage}; {count} too many: {shown}{more}")


def shortened(word: str) -> str:
    """A word for a message, cut where it is long."""
    return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}..."
