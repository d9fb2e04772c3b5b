# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare audio: recordings and what is said in them."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.preparing.split_options import add_split_options, print_prepared, split_arguments
from rnnlib_py.prepare import AudioColumns, AudioRecipe, audio
from rnnlib_py.prepare.audio_options import TASKS
from rnnlib_py.prepare.audio_preparation import CONFIG_NAME
from rnnlib_py.prepare.audio_recipe import FEATURES, NORMALISE
from rnnlib_py.prepare.line_recipe import FORMS


def _add_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add(
        "folder",
        metavar="FOLDER",
        nargs="?",
        help="recordings with texts beside them (a.wav, a.txt), or only recordings",
    )
    add("--tsv", metavar="FILE", action="append", default=[], help="a table of recordings and texts (commas in .csv)")
    add("--task", choices=TASKS, help=f"default {TASKS[0]}; classification: a label for each frame")
    add("--labels", choices=("characters", "words", "phones"), help="of the texts (default characters)")
    add(
        "--label-from",
        metavar="RULE",
        default="folder",
        help="classes of recordings: folder, or a regular expression that finds them in names (default %(default)s)",
    )
    add("--map", metavar="FILE", help="labels and what they are counted as when errors are counted")
    add(
        "--like",
        metavar="FILE",
        help="a save or a data file: all recordings are treated as its own were, and go into test.nc",
    )
    _add_feature_options(parser)
    add("--form", choices=FORMS, default=AudioRecipe.form, help="Unicode's normal form (default %(default)s)")
    for name, usual in (("audio", "file, audio or path"), ("text", "text, transcription or sentence")):
        add(f"--{name}-column", metavar="NAME", help=f"of a table (default: {usual})")
    for name in ("start", "end"):
        add(f"--{name}-column", metavar="NAME", help=f"seconds of a part of a recording (default: {name})")
    add_split_options(parser, "recordings", CONFIG_NAME)


def _add_feature_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add("--rate", type=int, metavar="N", help="samples per second (default: the most frequent, at most 16000)")
    add("--features", choices=FEATURES, default=AudioRecipe.features, help="default %(default)s")
    for name, meaning in (
        ("window", "seconds that a frame looks at"),
        ("shift", "seconds from frame to frame"),
        ("fmin", "Hz where the bands begin"),
        ("fmax", "Hz where they end, 0: half the rate"),
        ("emphasis", "how much of the sample before is taken off each one"),
    ):
        help_text = f"{meaning} (default %(default)s)"
        add(f"--{name}", type=float, default=getattr(AudioRecipe, name), metavar="X", help=help_text)
    add("--bands", type=int, metavar="N", help="mel bands (default 40, of MFCC 26)")
    add(
        "--coefficients",
        type=int,
        default=AudioRecipe.coefficients,
        metavar="N",
        help="of MFCC, without the energy (default %(default)s)",
    )
    add("--deltas", type=int, metavar="N", help="1: slopes, 2: and their slopes (default 0, of MFCC 2)")
    help_text = "to mean 0 and deviation 1: each file, or all as the training set (default set, with --by-group file)"
    add("--normalise", choices=NORMALISE, help=help_text)


def _run(options: Namespace, _: Overrides) -> int:
    made = audio(
        options.folder,
        options.output,
        tsv=options.tsv,
        task=options.task,
        labels=options.labels,
        label_from=options.label_from,
        label_map=options.map,
        like=options.like,
        rate=options.rate,
        features=options.features,
        window=options.window,
        shift=options.shift,
        bands=options.bands,
        coefficients=options.coefficients,
        fmin=options.fmin,
        fmax=options.fmax,
        emphasis=options.emphasis,
        deltas=options.deltas,
        normalise=options.normalise,
        form=options.form,
        columns=AudioColumns(options.audio_column, options.text_column, options.start_column, options.end_column),
        **split_arguments(options),
    )
    print_prepared(made, options, "recordings", made.report.lines())
    return 0


KIND = Command(
    "audio",
    "recordings and what is said in them",
    "[FOLDER] [--tsv FILE ...] -o OUT [--task TASK] [--labels words|characters|phones] [--features logmel|mfcc]",
    _add_options,
    _run,
    takes_keys=False,
)
