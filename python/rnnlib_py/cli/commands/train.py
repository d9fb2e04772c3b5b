# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py train: also RNNLIB's other modes, which are config keys."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.check_gradient import check_gradient
from rnnlib_py.cli.commands.test import print_errors
from rnnlib_py.cli.reading import read_config
from rnnlib_py.key_docs import default_text, keys_by_group, values_text
from rnnlib_py.report import best_lines
from rnnlib_py.training import train


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|SAVE")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_config(options.path, overrides)
    if config["errorTest"]:
        return print_errors(config, [], options.quiet)
    if config["gradCheck"]:
        return check_gradient(config, options.quiet)
    run = train(
        config,
        output=None if options.quiet else sys.stdout,
        error_output=sys.stderr,
        progress=None if options.quiet else sys.stderr,
        hard_interrupt=True,
    )
    if options.quiet:
        print("\n".join(best_lines(run.best)))
    return 0


def _key_help() -> str:
    lines = ["config keys, each also as --name=value (--name= removes it):"]
    for group, keys in keys_by_group().items():
        lines += ["", f"{group}:"]
        for key in keys:
            lines.append(f"  {key.name}  <{values_text(key)}>  [{default_text(key)}]")
            lines += textwrap.wrap(key.meaning, 100, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)


COMMAND = Command("train", "train, or go on from a save", "CONFIG|SAVE", _add_options, _run, epilog=_key_help)
