# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py read: pictures of text lines, or pen strokes, as text, by a network that was trained on data of `prepare
lines` or `prepare ink`."""

from __future__ import annotations

import sys
from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.correction_pages import HTML, add_page_options, check_page_options, write_pages
from rnnlib_py.cli.decoding import add_decoding_options
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.new_files import find_files, prepare_output, read_network_config, say_notes, write_texts
from rnnlib_py.cli.reading_ink import read_ink_command
from rnnlib_py.config import Config
from rnnlib_py.model.network import Network
from rnnlib_py.model.reading import read_files, recipe_of
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.images import ENDINGS
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.prepare.recipe import own_recipe
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.outputs import check_format, make_document
from rnnlib_py.text.outputs.direction import in_logical_order

# What the option says -> the format's name.
_FORMATS = {"txt": "text", "tsv": "tsv", "jsonl": "jsonl", "alto": "alto", "hocr": "hocr", "page": "page"}


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="pictures of lines, or files of pen strokes; or folders of them"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="a folder for a file per line; else all goes to the standard output",
    )
    parser.add_argument(
        "--format",
        choices=[*_FORMATS, HTML],
        default="txt",
        help="text (the default), TSV (file, text, confidence), JSON lines; ALTO, hOCR or PAGE; html is a page to "
        "correct all of them in a browser",
    )
    add_page_options(parser)
    add_decoding_options(parser)
    parser.add_argument("--strict", action="store_true", help="a picture that cannot be read is an error")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_network_config(options, overrides, "read")
    network = Network.from_config(config)
    if own_recipe(network.recipe, options.path, InkRecipe) is not None:
        return _read_ink(options, config, network)
    recipe = recipe_of(network)
    check_page_options(options)
    if options.format != HTML:
        check_format(_FORMATS[options.format], network.task, network.header.num_dims, None)
        prepare_output(options)
    images = find_files(options.files, ENDINGS, "pictures")
    notes = Notes(options.strict)
    pictures = with_progress(list(images), None if options.quiet else sys.stderr, "pictures")
    found = list(read_files(network, pictures, notes, decoder=decoder_of(config)))
    say_notes(notes, len(found), len(images), "pictures")
    if options.format == HTML:
        write_pages(options, recipe, found)
        return 0
    document = make_document(
        network, [text.prediction for text in found], [text.shape for text in found], options.path, recipe.space
    )
    if recipe.right_to_left:
        document = in_logical_order(document)
    write_texts(options, document, _FORMATS[options.format], [images[text.name] for text in found])
    return 0


def _read_ink(options: Namespace, config: Config, network: Network) -> int:
    if options.format == HTML:
        raise ConfigError("format html is for pictures, the network reads pen strokes: use txt, tsv or jsonl")
    return read_ink_command(options, config, network, options.files, _FORMATS[options.format])


COMMAND = Command(
    "read",
    "read pictures of text lines, or pen strokes",
    "SAVE FILE ... [-o OUT] [--format txt|tsv|jsonl|alto|hocr|page|html] [--lexicon FILE] [--lm FILE] [--strict]",
    _add_options,
    _run,
)
