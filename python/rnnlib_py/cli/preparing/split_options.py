# SPDX-License-Identifier: Apache-2.0
"""Options of the command line that all kinds of `rnnlib-py prepare` have, and what is printed after any of them."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from rnnlib_py.cli.command import CommandParser
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.split_options import REPORT_NAME, USUAL_FRACTIONS


def add_split_options(parser: CommandParser, items: str, config_name: str) -> None:
    """Adds them. `items`: the sequences in the plural."""
    add = parser.add_argument
    files = f"train.nc, val.nc, test.nc, {config_name}"
    add("-o", "--output", metavar="OUT", required=True, help=f"a folder for {files}")
    add(
        "--fractions",
        type=_fractions,
        default=USUAL_FRACTIONS,
        metavar="F,...",
        help="shares of train.nc, val.nc and test.nc (default 0.8,0.1,0.1)",
    )
    add(
        "--by-group",
        metavar="RULE",
        help=f"{items} of a group stay in one file: folder, page, column:NAME of a table, or a regular expression that "
        "finds the group in a name",
    )
    add("--seed", type=int, default=1, metavar="N", help="of the split (default %(default)s)")
    add("--strict", action="store_true", help="a file that would be left out is an error")
    add("--force", action="store_true", help="replace data files that are in OUT")


def _fractions(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"expected numbers with commas between them, found {text!r}") from None


def split_arguments(options: Namespace) -> dict[str, Any]:
    """The options as keyword arguments of the Python functions."""
    return {
        "fractions": options.fractions,
        "by_group": options.by_group,
        "seed": options.seed,
        "strict": options.strict,
        "force": options.force,
        "progress": None if options.quiet else sys.stderr,
    }


def print_prepared(made: Prepared, options: Namespace, items: str, lines: list[str], save: str = "best.save") -> None:
    """Notes on standard error; the files' sizes, then `lines`, then what to do next, with the network in `save`, on
    standard output."""
    for line in made.note_lines:
        print(f"rnnlib-py: {line}", file=sys.stderr)
    if options.quiet:
        return
    output = Path(options.output)
    for name, count in made.counts.items():
        print(f"{made.files[name]}: {count:,} {items}")
    for line in lines:
        print(line)
    if made.notes:
        skipped = sum(note.skipped for note in made.notes)
        print(f"left out: {skipped:,}, changed: {len(made.notes) - skipped:,}; all are in {output / REPORT_NAME}")
    if made.config is None:
        return
    print(f"to train: rnnlib-py train {made.config} -o {output / 'run'}")
    if "test" in made.files:
        print(f"to test then: rnnlib-py evaluate {output / 'run' / save} {made.files['test']}")
