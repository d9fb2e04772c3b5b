# SPDX-License-Identifier: Apache-2.0
"""The recipe that a data file or a save holds, so that other files can be prepared in the same way."""

from __future__ import annotations

import os
from pathlib import Path

from rnnlib_py._core import ConfigError, Save
from rnnlib_py.config import Config
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.recipe import recipe_of_file
from rnnlib_py.data.netcdf.source import read_labels
from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.recipe import AnyRecipe, kind_of_recipe
from rnnlib_py.system.files import is_netcdf


def stored_recipe(path: str | os.PathLike[str], kind: type[AnyRecipe]) -> AnyRecipe:
    """The recipe of a data file or of a save.

    Parameters
    ----------
    path
        The file.
    kind
        Of the recipe.

    Raises
    ------
    IoError, FormatError
        A file that cannot be read.
    ConfigError
        One without a recipe of this kind.
    """
    text = _read(Path(path))
    found = kind_of_recipe(text, str(path)) if text else ""
    if found != kind.kind:
        raise ConfigError(
            f"{path}: has {f'a recipe for {found}' if found else 'no recipe'}, expected one for {kind.kind}"
        )
    return kind.from_json(text, str(path))


def stored_labels(path: str | os.PathLike[str], task: str) -> list[str]:
    """The label names of a data file or of a save for a task with labels. Raises IoError, FormatError, DataError."""
    if not is_netcdf(Path(path)):
        return list(_save(Path(path)).header().labels)
    file = NetcdfFile(Path(path))
    try:
        return read_labels(file, find_task(task))
    finally:
        file.close()


def _read(path: Path) -> str:
    if not is_netcdf(path):
        return _save(path).load_network().recipe
    return recipe_of_file(path)


def _save(path: Path) -> Save:
    config = Config.read(path)
    if config.save is None:
        raise ConfigError(f"{path}: is a config without weights; expected a save or a data file")
    return config.save
