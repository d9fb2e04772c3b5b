# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py dump: all variables of a network for one sequence."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_save
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_task
from rnnlib_py.inspect.dump import FORMATS, dump
from rnnlib_py.inspect.modes import dump_mode
from rnnlib_py.model.opening import open_sequence
from rnnlib_py.system.files import check_writable


def _add_options(parser: CommandParser) -> None:
    add_sequence_options(parser)
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="a folder (text), or a file (npz, nc)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="text: RNNLIB's files, one per variable")


def add_sequence_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="FILE.nc", nargs="?", help="default: the save's own data (see --dataset=...)")
    parser.add_argument("--sequence", type=int, metavar="N", help="number in the file, from 0")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "dump")
    check_task(config)
    if options.format != "text":
        check_writable(Path(options.output).parent)
    found = dump(*open_sequence(config, options.file, options.sequence), raw=False)
    say_files(found.write(options.output, options.format), options.output, options.quiet)
    return 0


def run_dump_mode(config: Config, quiet: bool) -> int:
    """RNNLIB's modes, through train."""
    say_files(dump_mode(config), config["dumpPath"], quiet)
    return 0


def say_files(paths: list[Path], folder: str, quiet: bool) -> None:
    if not quiet:
        print(f"{folder}: {len(paths)} files" if len(paths) != 1 else str(paths[0]))


COMMAND = Command(
    "dump",
    "write all variables of the network for one sequence",
    "SAVE [FILE.nc] [--sequence N] -o OUT [--format text|npz|nc]",
    _add_options,
    _run,
)
