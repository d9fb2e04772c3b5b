# SPDX-License-Identifier: Apache-2.0
"""Pictures of what was read, for the option --picture."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import CommandParser
from rnnlib_py.cli.commands.plot_errors import add_dpi_option
from rnnlib_py.data import Dataset
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.system.files import check_writable, make_folder
from rnnlib_py.text.outputs import file_names


def add_picture_options(parser: CommandParser) -> None:
    parser.add_argument(
        "--picture",
        metavar="PICTURE",
        help="draw labels and confidences over the input of the sequence that the key `sequence` names (png, pdf, svg),"
        " or into a folder (a name that ends with a slash makes one) over those of all sequences",
    )
    add_dpi_option(parser)


def as_folder(path: str) -> Path | None:
    """The path, if it is that of a folder, or ends with a slash."""
    return Path(path) if path.endswith(("/", os.sep)) or Path(path).is_dir() else None


def check_pictures(options: Namespace, network: Network) -> None:
    """ConfigError and IoError where no picture can be drawn, before the network runs."""
    from rnnlib_py.plot.figure import new_figure

    new_figure(1, 1)  # needs matplotlib
    if not find_task(network.task).transcribes:
        raise ConfigError(f"--picture is for transcription, the network's task is {network.task}")
    if network.header.num_dims not in (1, 2):
        raise ConfigError(f"--picture needs 1 or 2 dimensions, the network has {network.header.num_dims}")
    if as_folder(options.picture) is None:
        check_writable(Path(options.picture).parent)


def write_pictures(options: Namespace, data: Dataset, found: list[Prediction], sequence: int) -> None:
    """One of the sequence of that number, or in a folder one of each."""
    folder = as_folder(options.picture)
    if folder is not None:
        make_folder(folder)
        for number, name in enumerate(file_names([prediction.tag for prediction in found], ".png")):
            _write(folder / name, data, found, number, options.dpi)
        return
    if sequence >= len(found):
        raise ConfigError(
            f"sequence is {sequence}, expected 0 to {len(found) - 1}: {options.files[0]} has {len(found)}"
        )
    _write(Path(options.picture), data, found, sequence, options.dpi)


def _write(path: Path, data: Dataset, found: list[Prediction], number: int, dpi: int) -> None:
    from rnnlib_py.plot import plot_reading, save_figure

    save_figure(plot_reading(found[number], data[number].inputs), path, dpi)
