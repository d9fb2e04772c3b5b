# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py plot-errors: error curves of runs."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("logs", metavar="LOG", nargs="+")
    parser.add_argument("--error", metavar="NAME", action="append", help="which error; may be given several times")
    parser.add_argument("--sets", metavar="SET,...", help="train, validation, test (default: all there are)")
    parser.add_argument("--log-scale", action="store_true", help="a logarithmic axis for the errors")
    add_picture_option(parser, "errors.png")


def add_picture_option(parser: CommandParser, default: str) -> None:
    parser.add_argument(
        "-o", "--output", metavar="PICTURE", default=default, help="png, pdf or svg (default %(default)s)"
    )
    add_dpi_option(parser)


def add_dpi_option(parser: CommandParser) -> None:
    parser.add_argument("--dpi", type=int, metavar="N", default=110, help="pixels per inch (default %(default)s)")


def _run(options: Namespace, _: Overrides) -> int:
    from rnnlib_py.plot import plot_errors, save_figure

    sets = options.sets.split(",") if options.sets else None
    save_figure(plot_errors(options.logs, options.error, sets, options.log_scale), options.output, options.dpi)
    report_picture(options)
    return 0


def report_picture(options: Namespace) -> None:
    if not options.quiet:
        print(options.output)


COMMAND = Command(
    "plot-errors",
    "draw error curves of one or several logs",
    "LOG ... [--error NAME] [--sets SET,...] [--log-scale] [-o PICTURE] [--dpi N]",
    _add_options,
    _run,
    takes_keys=False,
)
