# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py predict: what a save's network makes of a file's sequences."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from dataclasses import replace
from math import isfinite
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.decoding import add_decoding_options, decoding_overrides
from rnnlib_py.cli.documents import print_document, write_folder
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.predicting_tables import are_tables, predict_tables
from rnnlib_py.cli.reading import read_save, say_warnings
from rnnlib_py.cli.reading_pictures import add_picture_options, as_folder, check_pictures, write_pictures
from rnnlib_py.data import DataWarning
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.model.table_predictions import in_units
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.recipe import own_recipe
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.text.configured import decoder_of, separator_of
from rnnlib_py.text.outputs import FORMATS, check_format, document_text, make_document


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not (isfinite(number) and number > 0):
        raise ArgumentTypeError(f"expected a number above 0, found '{text}'")
    return number


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="a data file (.nc), or tables for a network of `prepare table`"
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="write there instead of to the standard output; into a folder (a name that ends with a slash makes one) a "
        "file per sequence, named by its tag",
    )
    parser.add_argument(
        "--format",
        choices=[*FORMATS, "csv"],
        help="JSON lines (the default), text, TSV (tag, text, confidence); of images hOCR, ALTO or PAGE; CTM of sound; "
        "of tables CSV (the default), TSV or JSON lines",
    )
    parser.add_argument(
        "--frame-rate",
        metavar="N",
        type=_positive,
        help="points of the input per second, for CTM (default: the recipe's)",
    )
    parser.add_argument("--frame-shift", metavar="SECONDS", type=_positive, help="from point to point, for CTM")
    parser.add_argument(
        "--posteriors",
        action="store_true",
        help="confidences of labels, words and lines from all paths or readings, not only from the one that was read",
    )
    add_picture_options(parser)
    add_decoding_options(parser)
    parser.add_argument(
        "--denormalise",
        action="store_true",
        help="values of regression as the targets were before they were normalised",
    )
    parser.add_argument("--strict", action="store_true", help="what would be left out of tables is an error")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, [*overrides, *decoding_overrides(options)], "predict")
    if not options.quiet:
        say_warnings(config)
    network = Network.from_config(config)
    if are_tables(options.files, network):
        return predict_tables(options, config, network)
    _check_data_file(options)
    folder = as_folder(options.output) if options.output else None
    if options.output and folder is None:
        check_writable(Path(options.output).parent)
    seconds = _seconds(options, network.recipe)
    check_format(options.format, network.task, network.header.num_dims, seconds)
    if options.picture:
        check_pictures(options, network)
    file, form = options.files[0], options.format
    with open_file(config, network, file, targets=False) as data:
        found = network.predict(data, decoder=decoder_of(config))
        shapes = data.shapes
        if options.picture:
            write_pictures(options, data, found, config["sequence"])
    tables = own_recipe(network.recipe, options.path, TableRecipe)
    if options.denormalise:
        found = [replace(prediction, outputs=in_units(network, prediction.outputs, tables)) for prediction in found]
    elif "targetPatterns" in network.normalisation or (tables is not None and tables.target_stds):
        warn_caller(
            f"the targets of {options.path} were normalised, and so are the values: --denormalise gives them as the "
            "targets were before",
            DataWarning,
        )
    space = separator_of(config, network.header.labels)
    document = make_document(network, found, shapes, file, space, seconds, options.posteriors)
    if folder is not None:
        write_folder(folder, document, form)
    elif options.output:
        write_atomically(Path(options.output), document_text(document, form))
    else:
        print_document(document, form)
    return 0


def _check_data_file(options: Namespace) -> None:
    """ConfigError for options that are for tables. A format becomes the default where none was given."""
    if len(options.files) > 1:
        raise ConfigError(f"expected one data file, found {len(options.files)}; several are for tables")
    if options.format == "csv":
        raise ConfigError("format csv is for tables: use jsonl or tsv")
    if options.strict:
        raise ConfigError("--strict is for tables")
    options.format = options.format or "jsonl"


def _seconds(options: Namespace, recipe: str) -> float | None:
    """Of a point of the input, for CTM: as the options say, else the network's recipe."""
    if options.frame_rate and options.frame_shift:
        raise ConfigError("--frame-rate and --frame-shift say the same: expected one of them")
    if (options.frame_rate or options.frame_shift) and options.format != "ctm":
        raise ConfigError(f"--frame-rate and --frame-shift are for --format ctm, not for {options.format}")
    if options.frame_rate:
        return float(1 / options.frame_rate)
    if options.frame_shift or options.format != "ctm":
        return None if options.frame_shift is None else float(options.frame_shift)
    found = own_recipe(recipe, options.path, AudioRecipe)
    return None if found is None else found.seconds


COMMAND = Command(
    "predict",
    "what the network reads, classes or values per sequence, as JSON lines or in the formats of other programs",
    "SAVE FILE ... [-o OUT] [--format FORMAT] [--picture PICTURE] [--decoder NAME] [--lexicon FILE] [--lm FILE]",
    _add_options,
    _run,
)
