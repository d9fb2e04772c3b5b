# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py normalise: mean 0 and standard deviation 1, in place."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.data.tools.normalise import normalise
from rnnlib_py.model.tables import table

_SHOWN = 20


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("files", metavar="FILE.nc", nargs="+", help="changed in place; the first one sets the scale")
    parser.add_argument("--variable", metavar="V", default="inputs", help="default: inputs")
    parser.add_argument("--like", metavar="FILE", help="take the means and stds stored in this data file or save")
    parser.add_argument("--range", metavar="LOW,HIGH", help="bring least and largest to these instead (0/1 to -1,1)")


def _run(options: Namespace, _: Overrides) -> int:
    found = normalise(options.files, options.variable, options.like, _range(options.range))
    if options.quiet:
        return 0
    print(f"{options.variable}: (value - mean) / std with those of {found.source}")
    columns = list(zip(found.scale.means.tolist(), found.scale.stds.tolist(), strict=True))
    rows = [[str(i), f"{mean:.6g}", f"{std:.6g}"] for i, (mean, std) in enumerate(columns[:_SHOWN])]
    print("\n".join(table(["column", "mean", "std"], rows)))
    if len(columns) > _SHOWN:
        print(f"and {len(columns) - _SHOWN} more columns")
    if found.constant:
        print(f"columns without variance, now 0: {', '.join(str(i) for i in found.constant)}")
    for path in found.unchanged:
        print(f"{path}: was normalised so already")
    for path in found.changed:
        print(f"{path}: normalised")
    return 0


def _range(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(word) for word in text.split(","))
    except ValueError:
        raise ConfigError(f"--range {text}: expected two numbers, like 0,1 (or --range=-1,1)") from None
    return low, high


COMMAND = Command(
    "normalise",
    "bring a variable of data files to mean 0, standard deviation 1, in place",
    "[--variable V] [--like FILE] [--range=LOW,HIGH] FILE.nc ...",
    _add_options,
    _run,
    takes_keys=False,
)
