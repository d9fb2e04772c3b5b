# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py listen: recordings as text, by a network that was trained on data of `prepare audio`."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.decoding import add_decoding_options
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.new_files import find_files, prepare_output, read_network_config, say_notes, write_texts
from rnnlib_py.model.listening import HeardText, audio_recipe_of, listen_to_files
from rnnlib_py.model.network import Network
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.sounds import ENDINGS
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.outputs import Document, check_format, make_document

# What the option says -> the format's name.
_FORMATS = {"txt": "text", "tsv": "tsv", "jsonl": "jsonl", "ctm": "ctm"}


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument("sounds", metavar="SOUND", nargs="+", help="recordings, or folders of them")
    parser.add_argument(
        "-o", "--output", metavar="OUT", help="a folder for a file per recording; else all goes to the standard output"
    )
    parser.add_argument(
        "--format",
        choices=list(_FORMATS),
        default="txt",
        help="text (the default), TSV (file, text, confidence), JSON lines; CTM (words with their times in seconds)",
    )
    add_decoding_options(parser)
    parser.add_argument("--strict", action="store_true", help="a recording that cannot be read is an error")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_network_config(options, overrides, "listen")
    network = Network.from_config(config)
    recipe = audio_recipe_of(network)
    form = _FORMATS[options.format]
    check_format(form, network.task, network.header.num_dims, recipe.seconds)
    sounds = find_files(options.sounds, ENDINGS, "recordings")
    prepare_output(options)
    notes = Notes(options.strict)
    recordings = with_progress(list(sounds), None if options.quiet else sys.stderr, "recordings")
    found = list(listen_to_files(network, recordings, notes, decoder=decoder_of(config)))
    say_notes(notes, len(found), len(sounds), "recordings")
    names = [sounds[heard.name] for heard in found]
    document = make_document(
        network,
        [heard.prediction for heard in found],
        [(heard.frames,) for heard in found],
        options.path,
        recipe.space,
        recipe.seconds,
        spells=recipe.labels == "characters",
    )
    write_texts(options, _renamed(document, found, names) if form == "ctm" else document, form, names)
    return 0


def _renamed(document: Document, found: list[HeardText], names: list[str]) -> Document:
    """NIST's tools call recordings by their names without folder and ending."""
    lines = [
        replace(line, prediction=replace(heard.prediction, tag=name))
        for line, heard, name in zip(document.lines, found, names, strict=True)
    ]
    return replace(document, lines=lines)


COMMAND = Command(
    "listen",
    "what is said in recordings, and when",
    "SAVE SOUND ... [-o OUT] [--format txt|tsv|jsonl|ctm] [--lexicon FILE] [--lm FILE] [--strict]",
    _add_options,
    _run,
)
