# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py merge: several data files into one."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.data.tools.merge import merge


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("output", metavar="OUT.nc")
    parser.add_argument("files", metavar="FILE.nc", nargs="+")


def _run(options: Namespace, _: Overrides) -> int:
    merged = merge(options.output, options.files)
    if not options.quiet:
        counts = " + ".join(str(count) for count in merged.counts)
        print(f"{merged.path}: {counts} sequences")
    return 0


COMMAND = Command(
    "merge",
    "write the sequences of several data files into one",
    "OUT.nc FILE.nc ...",
    _add_options,
    _run,
    takes_keys=False,
)
