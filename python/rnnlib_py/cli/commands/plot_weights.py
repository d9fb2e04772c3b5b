# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py plot-weights: a save's weight matrices as images."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.plot_errors import add_picture_option, report_picture
from rnnlib_py.cli.reading import read_save
from rnnlib_py.model.network import Network


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    add_connection_option(parser)
    add_picture_option(parser, "weights.png")


def add_connection_option(parser: CommandParser) -> None:
    parser.add_argument(
        "--connection", metavar="NAME", action="append", help='or a pattern: "input_to_*"; may be given several times'
    )


def _run(options: Namespace, overrides: Overrides) -> int:
    from rnnlib_py.plot import plot_weights, save_figure

    network = Network.from_config(read_save(options.path, overrides, "plot-weights"))
    save_figure(plot_weights(network, options.connection), options.output, options.dpi)
    report_picture(options)
    return 0


COMMAND = Command(
    "plot-weights",
    "draw the weight matrices of a save",
    "SAVE [--connection NAME] [-o PICTURE] [--dpi N]",
    _add_options,
    _run,
)
