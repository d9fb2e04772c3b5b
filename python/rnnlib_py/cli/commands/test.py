# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py test: errors of a save's network."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.decoding import add_decoding_options, decoding_overrides
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.reading import read_save, say_warnings
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.model.error_test import errors_of_files, errors_of_sets
from rnnlib_py.model.tables import errors_table
from rnnlib_py.text.configured import decoder_of, decoder_text


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument("files", metavar="FILE.nc", nargs="*")
    add_decoding_options(parser)


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, [*overrides, *decoding_overrides(options)], "test")
    return print_errors(config, options.files, options.quiet)


def print_errors(config: Config, files: list[str], quiet: bool) -> int:
    """Prints the errors on the files, or without any on the config's sets."""
    check_available(config)
    if not quiet:
        say_warnings(config)
    decoder = decoder_of(config)
    errors = errors_of_files(config, files, decoder) if files else errors_of_sets(config, decoder)
    if decoder is not None:
        print(f"decoder: {decoder_text(config)}")
    print("\n".join(errors_table(errors)))
    return 0


COMMAND = Command(
    "test",
    "errors on the config's sets or on the files given",
    "SAVE [FILE.nc ...] [--decoder NAME] [--lexicon FILE] [--lm FILE]",
    _add_options,
    _run,
)
