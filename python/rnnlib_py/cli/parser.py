# SPDX-License-Identifier: Apache-2.0
"""The parser of rnnlib-py, made of the commands' own options; config keys never reach it."""

from __future__ import annotations

import argparse

from rnnlib_py import _core
from rnnlib_py.cli.command import Command, CommandParser
from rnnlib_py.cli.commands import COMMANDS


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
    everywhere = parser.own_options | common.own_options
    own_options = {"": everywhere}
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, command in COMMANDS.items():
        own_options[name] = everywhere | _add_command(commands, command, common)
    commands.add_parser("demo", help="learn to read lines of handwritten digits", add_help=False)
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


def command_name(arguments: list[str]) -> str:
    """The command on a command line: the first word without a dash; "" when there is none of that name."""
    first = next((argument for argument in arguments if not argument.startswith("-")), "")
    return first if first in COMMANDS else ""
