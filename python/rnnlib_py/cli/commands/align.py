# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py align: where the labels of a file's targets are."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.reading import read_save
from rnnlib_py.model.alignment import Alignment
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output, json_text, printable

_COLUMNS = ("tag", "number", "label", "first", "last", "input first", "input last", "score")


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument("file", metavar="FILE.nc")
    parser.add_argument("-o", "--output", metavar="OUT", help="write there instead of to the standard output")
    parser.add_argument(
        "--format",
        choices=("jsonl", "tsv"),
        default="jsonl",
        help="a sequence per line as JSON (the default), or a table with a label per line",
    )


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "align")
    if options.output:
        check_writable(Path(options.output).parent)
    network = Network.from_config(config)
    with open_file(config, network, options.file) as data:
        count = len(data)
        found = network.align(data, skip=True)
    lines = [json_text(one.record()) for one in found] if options.format == "jsonl" else list(_table(found))
    text = "".join(f"{line}\n" for line in lines)
    if options.output:
        write_atomically(Path(options.output), text)
    else:
        Output.over(sys.stdout).write_json(text)
    return 0 if len(found) == count else 1


def _table(found: list[Alignment]) -> Iterator[str]:
    """A label per line. Labels and tags hold no tabs once they are printable."""
    yield "\t".join(_COLUMNS)
    for one in found:
        rows = zip(one.labels, one.positions.tolist(), one.input_positions.tolist(), one.scores.tolist(), strict=True)
        for number, (label, position, input_position, score) in enumerate(rows):
            places = map(str, [*position, *input_position])
            yield "\t".join([printable(one.tag), str(number), printable(label), *places, f"{score:.6f}"])


COMMAND = Command(
    "align",
    "where each label of a known text is in its sequence, and how well it fits",
    "SAVE FILE.nc [-o OUT] [--format jsonl|tsv]",
    _add_options,
    _run,
    epilog=lambda: (
        "Sequences whose target needs more points than the network's output has are named in a warning and left out; "
        "the exit status is then 1."
    ),
)
