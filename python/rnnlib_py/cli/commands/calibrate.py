# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py calibrate: makes a network's confidences true."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_save
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.model.stored_keys import store_keys
from rnnlib_py.model.tables import table
from rnnlib_py.plot import plot_reliability, save_figure
from rnnlib_py.system.files import check_writable
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.text.calibration import Calibration, calibrate
from rnnlib_py.text.reliability import BINS


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="VAL.nc", help="data that the network has not learned from")
    parser.add_argument("-o", "--output", metavar="OUT.save", help="write there; without it SAVE itself is replaced")
    parser.add_argument("--plot", metavar="FILE.png", help="a reliability diagram, before and after")
    parser.add_argument("--space", metavar="LABEL", default=SPACE, help="separates words (default %(default)s)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of what is printed")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "calibrate")
    output = options.output or options.path
    for path in (output, options.plot):
        if path:
            check_writable(Path(path).parent)
    network = Network.from_config(config)
    with open_file(config, network, options.file) as data:
        found = calibrate(network, data, options.space)
    if options.plot:
        save_figure(plot_reliability(found), options.plot)
    store_keys(options.path, output, {"temperature": found.temperature})
    if options.format == "json":
        record = {"save": output, "file": options.file, "task": network.task, **found.record()}
        Output.over(sys.stdout).write_json(f"{json_text(record)}\n")
    else:
        print("\n".join(_lines(found, network.task, output)))
    return 0


def _lines(found: Calibration, task: str, output: str) -> Iterator[str]:
    left_out = f"; {found.skipped} of them do not fit the output, and the criterion leaves them out"
    yield f"{found.sequences:,} sequences{left_out if found.skipped else ''}"
    yield f"temperature {found.before.temperature:g} -> {found.temperature:g}, stored in {output}"
    if found.at_bound:
        yield "that is where the search ends: these data are too few, or too easy, to tell"
    what = "per sequence" if task == "transcription" else "per class"
    yield f"criterion {found.before.criterion:.6g} -> {found.after.criterion:.6g} nats {what}"
    yield ""
    yield from table(["unit", "count", "right", "confidence", "calibration error"], list(_rows(found)))
    yield f"calibration error: mean distance of confidence and part that is right, over {BINS} bins of equally many"


def _rows(found: Calibration) -> Iterator[list[str]]:
    for name, before in found.before.units.items():
        after = found.after.units[name]
        yield [
            name,
            f"{len(before):,}",
            _percent(before.accuracy),
            f"{_percent(before.mean)} -> {_percent(after.mean)}",
            f"{_percent(before.calibration_error())} -> {_percent(after.calibration_error())}",
        ]


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


COMMAND = Command(
    "calibrate",
    "find the temperature at which a network is as sure as it is right, and store it in the save",
    "SAVE VAL.nc [-o OUT.save] [--plot FILE.png] [--space LABEL] [--format text|json]",
    _add_options,
    _run,
)
