# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py info: what is in a data file or a save."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.inspect.info import info


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="FILE.nc|SAVE")


def _run(options: Namespace, _: Overrides) -> int:
    try:
        print("\n".join(info(options.path)))
    except IoError as error:
        raise ConfigError(str(error)) from error
    return 0


COMMAND = Command("info", "what is in it", "FILE.nc|SAVE", _add_options, _run, takes_keys=False)
