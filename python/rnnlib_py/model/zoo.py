# SPDX-License-Identifier: Apache-2.0
"""Trained networks by their names: safetensors files in a few folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rnnlib_py._core import ConfigError, FormatError, IoError
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.zoo_file import ModelInfo, read_model_info

VARIABLE = "RNNLIB_PY_MODELS"
_PACKAGE = Path(__file__).parents[1]


def model_folders() -> list[Path]:
    """Where networks are looked for, in this order: the folders in the environment variable RNNLIB_PY_MODELS; `models`
    in the installed package; `models` of a checkout of the repository."""
    named = [Path(folder) for folder in os.environ.get(VARIABLE, "").split(os.pathsep) if folder]
    checkout = _PACKAGE.parents[1]
    own = [checkout / "models"] if (checkout / "pyproject.toml").is_file() else []
    return [*named, _PACKAGE / "models", *own]


def model_paths() -> dict[str, Path]:
    """Name -> file of all that there are. A name in an earlier folder hides those in later ones."""
    found: dict[str, Path] = {}
    for folder in model_folders():
        for path in sorted(folder.glob(f"*{SAFETENSORS}")):
            found.setdefault(path.name.removesuffix(SAFETENSORS), path)
    return dict(sorted(found.items()))


def models(damaged: Callable[[str], None] | None = None) -> list[ModelInfo]:
    """The trained networks that there are, by name; what each reads, its scores and the licence of its data.

    Parameters
    ----------
    damaged
        Is called with a message for each file that cannot be read, which is left out. None: the first one is an error.

    Raises
    ------
    IoError, FormatError
        A file that cannot be read, is damaged, or holds no network.
    """
    found = []
    for path in model_paths().values():
        try:
            found.append(read_model_info(path))
        except (FormatError, IoError) as error:
            if damaged is None:
                raise
            damaged(str(error))
    return found


def find_model(name: str) -> Path:
    """The file of the network that is called so. ConfigError, with those that there are, for another name."""
    paths = model_paths()
    if name in paths:
        return paths[name]
    there = f"there are {', '.join(paths)}" if paths else "there is none"
    looked = ", ".join(str(folder) for folder in model_folders())
    raise ConfigError(f"no trained network is called {name!r}: {there} (looked in {looked}; {VARIABLE} names more)")


def save_or_model(name: str) -> str:
    """A file of this name, or else that of the trained network; the name itself where it looks like a file's.

    ConfigError for a plain word that is neither.
    """
    if Path(name).is_file() or not is_model_name(name):
        return name
    if Path(name).exists() and name not in model_paths():
        return name
    return str(find_model(name))


def is_model_name(name: str) -> bool:
    """Whether it is a plain word, with neither folder nor ending."""
    return name != "" and not name.startswith((".", "-")) and Path(name).name == name and not Path(name).suffix
