# SPDX-License-Identifier: Apache-2.0
"""The demo's folder: three data files and the config that trains on them. examples/digit_lines/ is one."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np

from rnnlib_py.data import write_netcdf
from rnnlib_py.demo.lines import LINES_PER_SET, Line, compose_set
from rnnlib_py.system.files import write_atomically

CONFIG_NAME = "digit_lines.config"
QUICK_LINES = {"train": 96, "val": 16, "test": 16}


def config_text() -> str:
    """The demo's config."""
    return resources.files("rnnlib_py.demo").joinpath(CONFIG_NAME).read_text(encoding="utf-8")


def write_folder(folder: Path, quick: bool = False) -> dict[str, list[Line]]:
    """Writes train.nc, val.nc, test.nc and the config into an existing folder; returns the lines by set."""
    counts = QUICK_LINES if quick else LINES_PER_SET
    sets = {name: compose_set(name, count) for name, count in counts.items()}
    pixels = np.concatenate([line.image.ravel() for line in sets["train"]])
    mean, std = float(pixels.mean()), float(pixels.std())
    for name, lines in sets.items():
        _write_set(folder / f"{name}.nc", name, lines, mean, std)
    write_atomically(folder / CONFIG_NAME, config_text())
    return sets


def _write_set(path: Path, name: str, lines: list[Line], mean: float, std: float) -> None:
    """Pixels are written with mean 0 and standard deviation 1, as networks like them."""
    sequences = [
        {
            "inputs": ((line.image[:, :, np.newaxis] - mean) / std).astype(np.float32),  # (width, height, 1)
            "target": list(line.text),
            "tag": f"{name}-{number:04}",
        }
        for number, line in enumerate(lines)
    ]
    write_netcdf(path, sequences, labels="0123456789", task="transcription", compression=True)
