# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py check-gradient."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_config
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.data.sets import selected_sequence
from rnnlib_py.model.opening import open_network


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|SAVE")


def _run(options: Namespace, overrides: Overrides) -> int:
    return check_gradient(read_config(options.path, overrides), options.quiet)


def check_gradient(config: Config, quiet: bool) -> int:
    """Prints the comparison; status 1 when the numbers differ."""
    check_available(config)
    network, sets = open_network(config, precision="float64")
    report = network.check_gradient(selected_sequence(config, sets), raw=False)
    print(str(report).splitlines()[-1] if quiet else report)
    return 0 if report.passed else 1


COMMAND = Command(
    "check-gradient",
    "compare the gradient of one sequence with numeric differences",
    "CONFIG|SAVE",
    _add_options,
    _run,
)
