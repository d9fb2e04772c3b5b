# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py plot-variables: variables of a sequence as curves, images or slices."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.plot_errors import add_picture_option, report_picture
from rnnlib_py.cli.reading import read_config
from rnnlib_py.inspect.dump import Dump, dump, read_dump
from rnnlib_py.model.opening import open_sequence
from rnnlib_py.system.files import is_netcdf


def _add_options(parser: CommandParser) -> None:
    parser.add_argument(
        "paths",
        metavar="DUMP | SAVE ... FILE.nc",
        nargs="+",
        help="dumps (folder, .npz, .nc), or saves and the data file that holds the sequence",
    )
    parser.add_argument("--sequence", type=int, metavar="N", help="with saves: number in the file, from 0")
    parser.add_argument(
        "--variable",
        metavar="NAME",
        action="append",
        help='or a pattern: "hidden_*_states"; can be given several times',
    )
    parser.add_argument("--units", metavar="N,...", help="which units (default: all, or those that vary most)")
    add_picture_option(parser, "variables.png")


def _run(options: Namespace, overrides: Overrides) -> int:
    from rnnlib_py.plot import plot_variables, save_figure

    dumps = _read(options.paths, options.sequence, overrides)
    figure = plot_variables(dumps, options.variable, _numbers(options.units) if options.units else None)
    save_figure(figure, options.output, options.dpi)
    report_picture(options)
    return 0


def _numbers(text: str) -> list[int]:
    try:
        return [int(word) for word in text.split(",")]
    except ValueError:
        raise ConfigError(f"--units {text}: expected numbers separated by commas") from None


def _read(paths: list[str], index: int | None, overrides: Overrides) -> Dump | dict[str, Dump]:
    saves = [path for path in paths if _is_text(Path(path))]
    if not saves:
        found = {_name(path, paths): read_dump(path) for path in paths}
    else:
        files = [path for path in paths if path not in saves]
        if len(files) > 1 or paths[: len(saves)] != saves:
            raise ConfigError(f"expected dumps, or saves followed by one data file; found {' '.join(paths)}")
        file = files[0] if files else None
        opened = {_name(save, paths): open_sequence(read_config(save, overrides), file, index) for save in saves}
        found = {name: dump(network, sequence, raw=False) for name, (network, sequence) in opened.items()}
    return next(iter(found.values())) if len(found) == 1 else found


def _is_text(path: Path) -> bool:
    return path.is_file() and path.suffix != ".npz" and not is_netcdf(path)


def _name(path: str, paths: list[str]) -> str:
    """The shortest name that tells it from the others."""
    name = Path(path).name
    return name if sum(Path(other).name == name for other in paths) == 1 else os.fspath(path)


COMMAND = Command(
    "plot-variables",
    "draw the variables of a sequence, from dumps or from saves",
    "DUMP ... | SAVE ... FILE.nc [--sequence N] [--variable NAME] [--units N,...] [-o PICTURE] [--dpi N]",
    _add_options,
    _run,
)
