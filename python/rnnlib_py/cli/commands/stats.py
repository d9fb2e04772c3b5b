# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py stats: of data files, or of the errors in logs."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import numpy as np

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.data.tools.file_statistics import QUANTILES, FileStatistics, file_statistics
from rnnlib_py.model.metrics import format_error
from rnnlib_py.model.tables import table
from rnnlib_py.runlog.statistics import log_statistics
from rnnlib_py.system.files import is_netcdf


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("files", metavar="FILE.nc | LOG", nargs="+", help="data files one by one, or logs together")
    parser.add_argument("--error", metavar="NAME", help="logs: which error's best epoch (default: training criterion)")


def _run(options: Namespace, _: Overrides) -> int:
    kinds = {is_netcdf(Path(file)) for file in options.files}
    if len(kinds) > 1:
        raise ConfigError("data files and logs cannot be mixed")
    if kinds == {False}:
        print("\n".join(_log_lines(options.files, options.error)))
        return 0
    if options.error:
        raise ConfigError("--error is for logs")
    for i, file in enumerate(options.files):
        print("\n".join([*([""] if i else []), *_file_lines(file_statistics(file))]))
    return 0


def _file_lines(found: FileStatistics) -> list[str]:
    heads = ["least", *(f"{100 * q:g}%" for q in QUANTILES[1:-1]), "largest"]
    rows = [["points per sequence", *(f"{q:g}" for q in found.quantiles(found.num_points))]]
    if found.target_labels is not None:
        rows.append(["labels per target", *(f"{q:g}" for q in found.quantiles(found.target_labels))])
    lines = [
        f"{found.path}: {len(found.num_points):,} sequences, {found.num_points.sum():,} points",
        *table(["", *heads], rows),
        "",
    ]
    columns = [
        [
            f"{name} {i}",
            f"{s.mean[i]:.5g}",
            f"{s.std[i]:.5g}",
            f"{s.min[i]:.5g}",
            f"{s.max[i]:.5g}",
            f"{s.non_finite[i]:,}",
        ]
        for name, s in found.columns.items()
        for i in range(len(s.mean))
    ]
    return [*lines, *table(["column", "mean", "std", "min", "max", "not finite"], columns)]


def _log_lines(files: list[str], error: str | None) -> list[str]:
    rows = [
        [set_name, name, *(format_error(name, x) for x in (s.mean, s.std, s.min, s.max)), str(s.runs)]
        for set_name, errors in log_statistics(files, error).items()
        for name, s in errors.items()
        if np.isfinite(s.mean)
    ]
    return table(["set", "error", "mean", "std dev", "min", "max", "runs"], rows)


COMMAND = Command(
    "stats",
    "show statistics of data files, or of the best errors of several logs",
    "FILE.nc ... | LOG ... [--error NAME]",
    _add_options,
    _run,
    takes_keys=False,
)
