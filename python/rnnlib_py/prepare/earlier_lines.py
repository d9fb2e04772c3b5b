# SPDX-License-Identifier: Apache-2.0
"""Data files that were made earlier, after which new ones are made: with their recipe and config, and each line in the
file in which it was."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass, fields, replace
from pathlib import Path

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.netcdf.recipe import recipe_of_file
from rnnlib_py.data.tools.split import read_tags
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.line_texts import read_text_file
from rnnlib_py.prepare.split_options import SET_NAMES, USUAL_FRACTIONS, SplitOptions

_FRACTIONS = ((1.0,), (0.9, 0.1), USUAL_FRACTIONS)


@dataclass(frozen=True)
class EarlierLines:
    """What is taken over.

    Attributes
    ----------
    recipe : LineRecipe
    config : str
        The text of the config.
    places : dict
        The name of each line -> "train", "val" or "test".
    """

    recipe: LineRecipe
    config: str
    places: dict[str, str]

    def shares(self, split: SplitOptions) -> SplitOptions:
        """The same options with the usual fractions for as many files as there were, unless others were asked for."""
        count = len(set(self.places.values()))
        usual = tuple(split.fractions) == USUAL_FRACTIONS
        return replace(split, fractions=_FRACTIONS[count - 1]) if usual else split

    def deal(self, tags: _Seq[str], groups: _Seq[str], split: SplitOptions) -> dict[str, list[int]]:
        """The numbers of the lines in each file: a group with a line that was there before goes where this was.

        Parameters
        ----------
        tags, groups
            The name and the group of each line.
        split
            Deals new groups; where they are fewer than files, all are for training.

        Raises
        ------
        DataError
            A file would be empty.
        """
        known = {group: self.places[tag] for tag, group in zip(tags, groups, strict=True) if tag in self.places}
        new = [i for i, group in enumerate(groups) if group not in known]
        parts: dict[str, list[int]] = {name: [] for name in split.files}
        for i, group in enumerate(groups):
            if group in known:
                parts.get(known[group], parts["train"]).append(i)
        if len({groups[i] for i in new}) < len(parts):
            parts["train"] += new
        else:
            for name, numbers in split.deal([groups[i] for i in new], "new lines").items():
                parts[name] += [new[i] for i in numbers]
        empty = [name for name, numbers in parts.items() if not numbers]
        if empty:
            raise DataError(f"{split.files[empty[0]]}: no line is left for it; --fractions says which files there are")
        return {name: sorted(numbers) for name, numbers in parts.items()}


def read_earlier(folder: Path, config_name: str, wanted: LineRecipe) -> EarlierLines:
    """What lines() made in a folder.

    Parameters
    ----------
    folder
        With train.nc, a config, and val.nc and test.nc if there were any.
    config_name
        The config's file.
    wanted
        Settings that were asked for; those that are not the defaults must be the folder's.

    Raises
    ------
    IoError, FormatError, DataError
        Files that are missing or damaged, or have no recipe of lines.
    ConfigError
        Other settings were asked for.
    """
    train = folder / "train.nc"
    text = recipe_of_file(train)
    if not text:
        raise DataError(f"{train}: has no recipe: it was not made by `rnnlib-py prepare lines`")
    recipe, usual = LineRecipe.from_json(text, str(train)), LineRecipe()
    for name in (field.name for field in fields(LineRecipe)):
        value, there = getattr(wanted, name), getattr(recipe, name)
        if value not in (there, getattr(usual, name)):
            raise ConfigError(f"{name} {value}: the data files of {folder} have {name} {there}")
    files = {name: folder / f"{name}.nc" for name in SET_NAMES}
    places = {tag: name for name, path in files.items() if path.exists() for tag in read_tags(path)}
    return EarlierLines(recipe, read_text_file(folder / config_name).text, places)
