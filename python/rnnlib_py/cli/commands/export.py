# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py export: a save for use elsewhere."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.model.export import export_weights


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the save to write")
    parser.add_argument(
        "--weights-only",
        action="store_true",
        required=True,
        help="network and weights, without the state of training (the only kind of export so far)",
    )


def _run(options: Namespace, _: Overrides) -> int:
    source, target = Path(options.path), Path(options.output)
    if not source.is_file():
        raise ConfigError(f"{source}: is a folder, expected a save" if source.is_dir() else f"{source}: no such file")
    export_weights(source, target)
    if not getattr(options, "quiet", False):
        print(f"{target}: {target.stat().st_size} bytes, of {source.stat().st_size}")
    return 0


COMMAND = Command(
    "export", "a slim save, for embedding", "SAVE --weights-only -o OUT", _add_options, _run, takes_keys=False
)
