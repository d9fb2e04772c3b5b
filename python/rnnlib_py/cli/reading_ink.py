# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py read with a network that was trained on data of `prepare ink`."""

from __future__ import annotations

import sys
from argparse import Namespace

from rnnlib_py.cli.new_files import find_files, prepare_output, say_notes, write_texts
from rnnlib_py.config import Config
from rnnlib_py.model.network import Network
from rnnlib_py.model.reading_ink import ink_recipe_of, read_ink_files
from rnnlib_py.prepare.ink_files import ENDINGS
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.outputs import check_format, make_document


def read_ink_command(options: Namespace, config: Config, network: Network, paths: list[str], form: str) -> int:
    """Reads all inks of the files and writes their texts.

    Parameters
    ----------
    options
        Of the command line.
    config
        That of the save, with the options.
    network
        Reads them.
    paths
        Files and folders.
    form
        The format of what is written (rnnlib_py.text.outputs).
    """
    recipe = ink_recipe_of(network)
    check_format(form, network.task, network.header.num_dims, None)
    files = find_files(paths, ENDINGS, "files of ink")
    prepare_output(options)
    notes = Notes(options.strict)
    names = with_progress(list(files.items()), None if options.quiet else sys.stderr, "files")
    found = list(read_ink_files(network, names, notes, decoder=decoder_of(config)))
    say_notes(notes, len(found), len(files), "files of ink")
    document = make_document(
        network,
        [ink.prediction for ink in found],
        [(ink.num_points,) for ink in found],
        options.path,
        recipe.space,
        spells=recipe.labels == "characters",
    )
    write_texts(options, document, form, [ink.name for ink in found])
    return 0
