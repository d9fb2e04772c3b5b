# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare table: tables and time series."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.preparing.split_options import add_split_options, print_prepared, split_arguments
from rnnlib_py.prepare import table
from rnnlib_py.prepare.table_options import SCALE, TABLE_TASKS
from rnnlib_py.prepare.table_preparation import CONFIG_NAME
from rnnlib_py.prepare.table_recipe import MISSING, UNITS
from rnnlib_py.prepare.table_shapes import PATTERN


def _add_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", help="CSV, TSV, Parquet or .ts files, or folders of them")
    add("--like", metavar="FILE", help="a save or a data file: tables are treated as its own, and go into test.nc")
    add("--task", choices=["auto", *TABLE_TASKS], default="auto", help="default: by what the targets are")
    add("--inputs", type=_names, default=(), metavar="NAME,...", help="columns or patterns, 'sensor*' (default: all)")
    add("--targets", type=_names, default=(), metavar="NAME,...", help="columns (default: target, class, label or y)")
    add("--id", default="", metavar="NAME", help="the column that names a row's sequence (default: one per file)")
    add("--time", default="", metavar="NAME", help="the column of numbers or dates by which rows are sorted")
    add("--elapsed", action="store_true", help="the time since the first row is an input, of dates in seconds")
    add("--ahead", type=int, default=0, metavar="N", help="forecast: targets are those of N rows later")
    add(
        "--form",
        choices=["auto", "long", "wide"],
        default="auto",
        help="long: a row is a point in time; wide: a row is a series, its columns are t0, t1, ...",
    )
    add("--pattern", default=PATTERN, metavar="REGEX", help="of a series' columns: (?P<channel>...), (?P<step>...)")
    add("--delimiter", metavar="C", help="between columns of texts (default: , ; | or tab, by the first row)")
    add("--decimal", choices=[".", ","], default=".", help="what stands before a fraction (default %(default)s)")
    add(
        "--missing",
        choices=MISSING,
        default="skip",
        help="missing cells: skip the sequence, drop the row, or fill them (default %(default)s)",
    )
    add("--scale", choices=SCALE, default="auto", help="log: logarithms of numbers (default: of those with long tails)")
    add("--units", choices=UNITS, default=UNITS[0], help="labels of a text, for transcription (default %(default)s)")
    add("--window", type=int, metavar="N", help="cut sequences with a target in each row into parts of N rows, or 0")
    add("--by-time", action="store_true", default=None, help="divide each sequence, its first rows for training")
    add_split_options(parser, "sequences", CONFIG_NAME)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _run(options: Namespace, _: Overrides) -> int:
    made = table(
        options.files,
        options.output,
        like=options.like,
        task=options.task,
        inputs=options.inputs,
        targets=options.targets,
        id=options.id,
        time=options.time,
        elapsed=options.elapsed,
        ahead=options.ahead,
        form=options.form,
        pattern=options.pattern,
        delimiter=options.delimiter,
        decimal=options.decimal,
        missing=options.missing,
        scale=options.scale,
        units=options.units,
        window=options.window,
        by_time=options.by_time,
        **split_arguments(options),
    )
    print_prepared(made, options, "sequences", made.lines)
    return 0


KIND = Command(
    "table",
    "tables and time series",
    "FILE ... -o OUT [--id NAME] [--time NAME] [--inputs NAME,...] [--targets NAME,...] [--task TASK] [--ahead N]",
    _add_options,
    _run,
    takes_keys=False,
)
