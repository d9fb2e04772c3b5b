# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py average: the mean of several networks."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.model.average import average


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("paths", metavar="SAVE", nargs="+")
    parser.add_argument("-o", "--output", metavar="OUT.save", required=True)


def _run(options: Namespace, _: Overrides) -> int:
    average(options.paths).save(options.output)
    if not options.quiet:
        print(f"{options.output}: the mean of {len(options.paths)} networks")
    return 0


COMMAND = Command(
    "average",
    "write a save whose weights are the mean of several saves'",
    "SAVE SAVE ... -o OUT.save",
    _add_options,
    _run,
    takes_keys=False,
)
