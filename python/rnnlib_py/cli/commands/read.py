# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py read: pictures of text lines as text, by a network that was trained on data of `prepare lines`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import DataError, IoError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.decoding import add_decoding_options, decoding_overrides
from rnnlib_py.cli.documents import print_document, write_folder
from rnnlib_py.cli.reading import read_save, say_warnings
from rnnlib_py.model.network import Network
from rnnlib_py.model.reading import ReadText, read_files, recipe_of
from rnnlib_py.prepare.images import ENDINGS
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.progress import with_progress
from rnnlib_py.system.files import check_writable, make_folder
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.text.outputs import Document, check_format, make_document
from rnnlib_py.text.outputs.direction import in_logical_order

# What the option says -> the format's name.
_FORMATS = {"txt": "text", "tsv": "tsv", "jsonl": "jsonl", "alto": "alto", "hocr": "hocr", "page": "page"}


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="pictures of lines, or folders of them")
    parser.add_argument(
        "-o", "--output", metavar="OUT", help="a folder for a file per picture; else all goes to the standard output"
    )
    parser.add_argument(
        "--format",
        choices=list(_FORMATS),
        default="txt",
        help="text (the default), TSV (file, text, confidence), JSON lines; ALTO, hOCR or PAGE",
    )
    add_decoding_options(parser)
    parser.add_argument("--strict", action="store_true", help="a picture that cannot be read is an error")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, [*overrides, *decoding_overrides(options)], "read")
    if not options.quiet:
        say_warnings(config)
    network = Network.from_config(config)
    recipe = recipe_of(network)
    check_format(_FORMATS[options.format], network.task, network.header.num_dims, None)
    images = _find_images(options.images)
    if options.output:
        make_folder(Path(options.output))
        check_writable(Path(options.output))
    notes = Notes(options.strict)
    pictures = with_progress(list(images), None if options.quiet else sys.stderr, "pictures")
    found = list(read_files(network, pictures, notes, decoder=decoder_of(config)))
    for line in notes.lines():
        print(f"rnnlib-py: {line}", file=sys.stderr)
    if not found:
        raise DataError(f"none of {len(images):,} pictures could be read")
    document = make_document(
        network, [text.prediction for text in found], [text.shape for text in found], options.path, recipe.space
    )
    if recipe.right_to_left:
        document = in_logical_order(document)
    _write(options, document, found, images)
    return 0


def _write(options: Namespace, document: Document, found: list[ReadText], images: dict[str, str]) -> None:
    form = _FORMATS[options.format]
    if options.output:
        write_folder(Path(options.output), document, form, [images[text.name] for text in found])
    else:
        print_document(document, form)


def _find_images(paths: list[str]) -> dict[str, str]:
    """Pictures, and what the files with their texts are called by: their names without ending, those of a folder with
    the place below it. IoError for a path that is not there, DataError for a folder without pictures."""
    found: dict[str, str] = {}
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise IoError(f"{name}: no such file")
        if not path.is_dir():
            found[name] = path.stem
            continue
        inside = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in ENDINGS and file.is_file()]
        if not inside:
            raise DataError(f"{name}: holds no pictures")
        found.update({str(file): file.relative_to(path).with_suffix("").as_posix() for file in inside})
    return found


COMMAND = Command(
    "read",
    "read pictures of text lines",
    "SAVE IMAGE ... [-o OUT] [--format txt|tsv|jsonl|alto|hocr|page] [--lexicon FILE] [--lm FILE] [--strict]",
    _add_options,
    _run,
)
