# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py plot-augmentation: what training with augmentation sees of one sequence."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.plot_errors import add_picture_option, report_picture
from rnnlib_py.cli.overrides import apply_overrides
from rnnlib_py.cli.reading import read_config
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.model.opening import open_sequence
from rnnlib_py.system.files import is_netcdf

_PRESETS = {1: "signals", 2: "images"}  # dimensions -> what is shown of a data file where no key says it


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|DATA", help="a config with trainFile, or a data file")
    parser.add_argument("--samples", type=int, metavar="N", default=20, help="how many (default %(default)s)")
    parser.add_argument("--seed", type=int, metavar="N", default=1, help="of the first one (default %(default)s)")
    add_picture_option(parser, "augmentation.png")


def _run(options: Namespace, overrides: Overrides) -> int:
    from rnnlib_py.plot import plot_augmentation, save_figure

    config, sequence = _open(options.path, overrides)
    figure = plot_augmentation(config, sequence.inputs, options.samples, options.seed)
    save_figure(figure, options.output, options.dpi)
    report_picture(options)
    return 0


def _open(path: str, overrides: Overrides) -> tuple[Config, Sequence]:
    """The config, and the sequence that its keys dataset, dataFileNum and sequence name."""
    if not is_netcdf(Path(path)):
        config = read_config(path, overrides)
        return config, open_sequence(config)[1]
    config = Config()
    apply_overrides(config, overrides)
    index = config["sequence"]
    with Dataset.read(path, "transcription", targets=False) as data:
        if index >= len(data):
            raise ConfigError(f"sequence is {index}, expected 0 to {len(data) - 1}: {path} has {len(data)}")
        sequence = data[index]
    if not any(name.startswith("augment") for name in config):
        config["augment"] = _PRESETS.get(sequence.inputs.ndim - 1, "none")
    return config, sequence


COMMAND = Command(
    "plot-augmentation",
    "draw what training with augmentation sees of a sequence",
    "CONFIG|DATA [--samples N] [--seed N] [-o PICTURE] [--dpi N]",
    _add_options,
    _run,
)
