# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare ink: pen strokes and their texts."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.preparing.split_options import add_split_options, print_prepared, split_arguments
from rnnlib_py.prepare import ink
from rnnlib_py.prepare.ink_csv import COLUMN_NAMES
from rnnlib_py.prepare.ink_preparation import CONFIG_NAME
from rnnlib_py.prepare.ink_recipe import FEATURES, LABELS, RESAMPLE, SIZE, Y_AXIS, InkRecipe
from rnnlib_py.prepare.line_recipe import FORMS

_YES = {"yes": True, "no": False}


def _add_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add("files", metavar="FILE", nargs="*", help="InkML, UNIPEN, IAM-OnDB XML or CSV files, or folders of them")
    add("--tsv", metavar="FILE", action="append", default=[], help="a table of names of inks or their files, and texts")
    add("--like", metavar="FILE", help="a save or a data file: inks are treated as its own were, and go into test.nc")
    add(
        "--labels",
        choices=["auto", *LABELS],
        default="auto",
        help="characters or words of a text, or the class of a whole ink (default: class for texts of 1 letter)",
    )
    add("--features", choices=list(FEATURES), default="both", help="what is said of points (default %(default)s)")
    add("--dt", action="store_true", help="adds the time between points")
    add("--size", choices=SIZE, help="what is brought to one size (default: box for classes, else line)")
    add("--slope", choices=list(_YES), help="turn lines level (default: yes for lines)")
    add("--slant", choices=list(_YES), help="set letters upright (default: yes for lines)")
    add(
        "--resample",
        choices=RESAMPLE,
        default=InkRecipe.resample,
        help="points at equal lengths of the stroke, or at equal times (default %(default)s)",
    )
    add("--step", type=float, metavar="S", help="between points (default: 0.1 of a box, 0.3 of a line, 0.02 seconds)")
    add("--y-axis", choices=Y_AXIS, default=InkRecipe.y_axis, help="where y grows to (default: as the format says)")
    add(
        "--level",
        default="outer",
        metavar="LEVEL",
        help="which parts of a file are inks: outer (the largest with a text, the default), inner (the smallest), or "
        "the file's own name for them, such as WORD",
    )
    add(
        "--columns",
        type=_columns,
        default={},
        metavar="WHAT=NAME,...",
        help=f"of CSV files, where they are not called {', '.join(COLUMN_NAMES)}",
    )
    add(
        "--picture",
        type=int,
        default=0,
        metavar="SIDE",
        help="for classes: in place of the strokes the network sees a picture of SIDE x SIDE points, such as 28, that "
        "shows how the pen moved",
    )
    add("--form", choices=FORMS, default=InkRecipe.form, help="Unicode's normal form (default %(default)s)")
    add_split_options(parser, "inks", CONFIG_NAME)


def _columns(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    if any(not name or not what for what, _, name in pairs):
        raise ArgumentTypeError(f"expected x=NAME,y=NAME,..., found {text!r}")
    return {what.strip(): name.strip() for what, _, name in pairs}


def _run(options: Namespace, _: Overrides) -> int:
    made = ink(
        options.files,
        options.output,
        tsv=options.tsv,
        like=options.like,
        labels=options.labels,
        features=options.features,
        dt=options.dt,
        size=options.size,
        slope=_YES.get(options.slope),
        slant=_YES.get(options.slant),
        resample=options.resample,
        step=options.step,
        y_axis=options.y_axis,
        level=options.level,
        columns=options.columns,
        form=options.form,
        picture=options.picture,
        **split_arguments(options),
    )
    print_prepared(made, options, "inks", made.label_lines(), "last.save")
    return 0


KIND = Command(
    "ink",
    "pen strokes and their texts",
    "FILE ... [--tsv FILE ...] -o OUT [--labels class|characters|words] [--by-group RULE] [--strict]",
    _add_options,
    _run,
    takes_keys=False,
)
