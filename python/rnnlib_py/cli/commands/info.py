# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py info: what is in a data file or a save."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.models import file_or_model
from rnnlib_py.inspect.graph_text import graph_dot, graph_json
from rnnlib_py.inspect.info import info, saved_network


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="FILE.nc|SAVE", type=file_or_model, help="or the name of a trained network")
    parser.add_argument(
        "--format",
        choices=("text", "json", "dot"),
        default="text",
        help="json, dot: a save's layers and connections, for programs or for Graphviz",
    )


def _run(options: Namespace, _: Overrides) -> int:
    try:
        if options.format == "text":
            print("\n".join(info(options.path)))
        else:
            network = saved_network(options.path)
            print(graph_json(network) if options.format == "json" else graph_dot(network))
    except IoError as error:
        raise ConfigError(str(error)) from error
    return 0


COMMAND = Command(
    "info", "what is in it", "[--format text|json|dot] FILE.nc|SAVE", _add_options, _run, takes_keys=False
)
