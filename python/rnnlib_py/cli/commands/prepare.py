# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare: data files of a user's files; each kind of them has a module in cli/preparing."""

from __future__ import annotations

import argparse
from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.preparing import KINDS


def _add_options(parser: CommandParser) -> None:
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, parser_class=CommandParser)
    for kind in KINDS.values():
        sub = kinds.add_parser(
            kind.name,
            help=kind.help,
            description=f"Data files and a config to train with, of {kind.help}.",
            allow_abbrev=False,
            usage=f"rnnlib-py prepare {kind.name} {kind.usage}",
        )
        sub.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks of errors")
        sub.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="show only results")
        kind.add_options(sub)
        parser.own_options |= sub.own_options


def _run(options: Namespace, overrides: Overrides) -> int:
    return KINDS[options.kind].run(options, overrides)


COMMAND = Command(
    "prepare",
    "make data files and a config of your own files",
    f"{'|'.join(KINDS)} ... (rnnlib-py prepare KIND --help)",
    _add_options,
    _run,
    takes_keys=False,
)
