# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py predict with tables, by a network that was trained on data of `prepare table`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.model.network import Network
from rnnlib_py.model.table_predictions import predict_table, table_recipe_of, takes_tables
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_files import ENDINGS
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.outputs.table_rows import TABLE_FORMATS, table_text

_OTHERS = ("picture", "frame_rate", "frame_shift", "posteriors", "denormalise")


def are_tables(files: list[str], network: Network) -> bool:
    """Whether files are tables, or folders of them where the network takes tables, rather than data files."""
    if any(Path(file).suffix.lower() in ENDINGS for file in files):
        return True
    return takes_tables(network) and any(Path(file).is_dir() for file in files)


def predict_tables(options: Namespace, config: Config, network: Network) -> int:
    """Predicts all sequences of the files and writes what was predicted.

    Parameters
    ----------
    options
        Of the command line.
    config
        That of the save, with the options.
    network
        Predicts.

    Raises
    ------
    ConfigError
        Options for other data; a network that was not trained on tables.
    """
    for name in _OTHERS:
        if getattr(options, name):
            raise ConfigError(f"--{name.replace('_', '-')} is not for tables")
    recipe = table_recipe_of(network)
    form = options.format or _form_of(options.output)
    if form not in TABLE_FORMATS:
        raise ConfigError(f"format {form}: expected one of {', '.join(TABLE_FORMATS)} for tables")
    if options.output:
        check_writable(Path(options.output).parent)
    notes = Notes(options.strict)
    progress = None if options.quiet else sys.stderr
    found = predict_table(network, options.files, notes, decoder=decoder_of(config), progress=progress)
    for line in notes.lines():
        print(f"rnnlib-py: {line}", file=sys.stderr)
    text = table_text(found, form, recipe.id, recipe.time)
    if options.output:
        write_atomically(Path(options.output), text)
    else:
        Output.over(sys.stdout).write_json(text)
    return 0


def _form_of(output: str | None) -> str:
    """As the file's name ends; CSV where it says nothing."""
    ending = Path(output or "").suffix.lower().removeprefix(".")
    return ending if ending in TABLE_FORMATS else TABLE_FORMATS[0]
