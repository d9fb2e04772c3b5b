# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py predict: what a save's network makes of a file's sequences."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_save
from rnnlib_py.data import DataWarning
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output, json_text


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="FILE.nc")
    parser.add_argument("-o", "--output", metavar="OUT", help="write there instead of to the standard output")
    parser.add_argument(
        "--denormalise",
        action="store_true",
        help="values of regression as the targets were before they were normalised",
    )


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "predict")
    if options.output:
        check_writable(Path(options.output).parent)
    network = Network.from_config(config)
    with open_file(config, network, options.file, targets=False) as data:
        found = network.predict(data)
    if options.denormalise:
        found = [replace(prediction, outputs=network.denormalise(prediction.outputs)) for prediction in found]
    elif "targetPatterns" in network.normalisation:
        warn_caller(
            f"the targets of {options.path} were normalised, and so are the values: --denormalise gives them as the "
            "targets were before",
            DataWarning,
        )
    text = "".join(f"{json_text(prediction.record())}\n" for prediction in found)
    if options.output:
        write_atomically(Path(options.output), text)
    else:
        Output.over(sys.stdout).write_json(text)
    return 0


COMMAND = Command(
    "predict",
    "labels, classes or values per sequence, as JSON lines",
    "SAVE FILE.nc [-o OUT] [--denormalise]",
    _add_options,
    _run,
)
