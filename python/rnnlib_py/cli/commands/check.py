# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py check: what would go wrong in training."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_config
from rnnlib_py.inspect.check import check


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|SAVE")


def _run(options: Namespace, overrides: Overrides) -> int:
    report = check(read_config(options.path, overrides))
    if options.quiet:
        report.lines = []
    print(str(report).strip())
    return 1 if report.errors else 0


COMMAND = Command("check", "what would go wrong in training, without training", "CONFIG|SAVE", _add_options, _run)
