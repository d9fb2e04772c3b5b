# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py split: a data file into parts, at random."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.data.tools.split import split


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("file", metavar="FILE.nc", help="or a text file, which is split by lines")
    parser.add_argument("--fractions", metavar="F,...", required=True, help="as 0.8,0.1,0.1")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the random choice (default 1)")
    parser.add_argument(
        "--by-tag-prefix",
        metavar="N|REGEX",
        help="keep sequences together whose tags begin alike: N characters, or what the expression matches ('[^-]+')",
    )
    parser.add_argument("-o", "--output", metavar="OUT,...", help="default: FILE_train.nc, FILE_val.nc, FILE_test.nc")


def _run(options: Namespace, _: Overrides) -> int:
    try:
        fractions = [float(word) for word in options.fractions.split(",")]
    except ValueError:
        raise ConfigError(f"--fractions {options.fractions}: expected numbers separated by commas") from None
    if options.seed < 0:
        raise ConfigError(f"--seed {options.seed}: expected a number of at least 0")
    prefix = options.by_tag_prefix
    if prefix is not None and prefix.isdecimal():
        prefix = int(prefix)
    outputs = options.output.split(",") if options.output else None
    for part in split(options.file, fractions, outputs, options.seed, prefix):
        if not options.quiet:
            print(f"{part.path}: {len(part.sequences)}")
    return 0


COMMAND = Command(
    "split",
    "split a data file by sequences at random",
    "FILE.nc --fractions F,... [--by-tag-prefix N|REGEX] [--seed N] [-o OUT,...]",
    _add_options,
    _run,
    takes_keys=False,
)
