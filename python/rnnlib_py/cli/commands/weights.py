# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py weights: statistics of a save's connections, and files of their weights."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.dump import say_files
from rnnlib_py.cli.commands.plot_weights import add_connection_option
from rnnlib_py.cli.reading import read_save
from rnnlib_py.inspect.weights import FORMATS, select_weights, weight_statistics, write_weights
from rnnlib_py.model.network import Network
from rnnlib_py.model.tables import shape_text, table


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    add_connection_option(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="write the weights: a folder (text, csv) or a file (npz)")
    parser.add_argument("--format", choices=FORMATS, help="of the files (default text)")


def _run(options: Namespace, overrides: Overrides) -> int:
    if options.format and not options.output:
        raise ConfigError(f"--format {options.format} needs -o: where to write")
    network = Network.from_config(read_save(options.path, overrides, "weights"))
    if options.output:
        paths = write_weights(network, options.output, options.format or "text", options.connection)
        say_files(paths, options.output, options.quiet)
        return 0
    names = select_weights(network, options.connection)
    rows = [
        [name, shape_text(s.shape), *(f"{x:.4g}" for x in (s.mean, s.std, s.min, s.max))]
        for name, s in weight_statistics(network).items()
        if name in names
    ]
    print("\n".join(table(["connection", "shape", "mean", "std", "min", "max"], rows)))
    return 0


COMMAND = Command(
    "weights",
    "show statistics of a save's weights, or write them as text, CSV or npz",
    "SAVE [--connection NAME] [-o OUT] [--format text|csv|npz]",
    _add_options,
    _run,
)
