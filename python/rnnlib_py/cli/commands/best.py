# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py best, rnnlib-py last: an epoch of a log."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.runlog.reader import read_log


def _add_best_options(parser: CommandParser) -> None:
    parser.add_argument("log", metavar="LOG")
    parser.add_argument("--error", metavar="NAME", help="the least of this one (default: the training criterion)")


def _run_best(options: Namespace, _: Overrides) -> int:
    print("\n".join(read_log(options.log).best(options.error).lines))
    return 0


def _add_last_options(parser: CommandParser) -> None:
    parser.add_argument("log", metavar="LOG")


def _run_last(options: Namespace, _: Overrides) -> int:
    print("\n".join(read_log(options.log).last.lines))
    return 0


BEST = Command(
    "best",
    "the epoch of a log with the least error on the validation set",
    "LOG [--error NAME]",
    _add_best_options,
    _run_best,
    takes_keys=False,
)
LAST = Command("last", "the last epoch of a log", "LOG", _add_last_options, _run_last, takes_keys=False)
