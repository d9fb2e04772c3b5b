# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare lines: pictures of text lines and their texts."""

from __future__ import annotations

from argparse import Namespace

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.preparing.split_options import add_split_options, print_prepared, split_arguments
from rnnlib_py.prepare import lines
from rnnlib_py.prepare.line_recipe import CONTRAST, FORMS, INVERT, LineRecipe
from rnnlib_py.prepare.make_lines import CONFIG_NAME


def _add_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add("folder", metavar="FOLDER", nargs="?", help="images with texts beside them (a.png, a.gt.txt), or only images")
    add("--tsv", metavar="FILE", action="append", default=[], help="a table of images and texts (commas in .csv)")
    add("--page", metavar="XML", nargs="+", default=[], help="PAGE files of pages, or folders of them")
    add("--alto", metavar="XML", nargs="+", default=[], help="ALTO files of pages, or folders of them")
    add(
        "--corrections",
        metavar="FILE",
        nargs="+",
        default=[],
        help="files that pages of `rnnlib-py read --format html` saved; they replace older texts of their images",
    )
    add("--with-unseen", action="store_true", help="use lines of these files that nobody has looked at, too")
    help_text = "an earlier OUT: its recipe and config are taken, and its lines stay in train, val or test"
    add("--extend", metavar="OUT", help=help_text)
    add(
        "--height",
        type=int,
        default=LineRecipe.height,
        metavar="N",
        help="of the lines, in pixels (default %(default)s)",
    )
    add("--form", choices=FORMS, default=LineRecipe.form, help="Unicode's normal form (default %(default)s)")
    add("--invert", choices=INVERT, default=LineRecipe.invert, help="light ink on a dark ground (default %(default)s)")
    add("--contrast", choices=CONTRAST, default=LineRecipe.contrast, help="default %(default)s")
    add("--image-column", metavar="NAME", help="of a table (default: file, image or path)")
    add("--text-column", metavar="NAME", help="of a table (default: text or transcription)")
    add_split_options(parser, "lines", CONFIG_NAME)


def _run(options: Namespace, _: Overrides) -> int:
    made = lines(
        options.folder,
        options.output,
        tsv=options.tsv,
        page=options.page,
        alto=options.alto,
        corrections=options.corrections,
        with_unseen=options.with_unseen,
        extend=options.extend,
        height=options.height,
        form=options.form,
        invert=options.invert,
        contrast=options.contrast,
        image_column=options.image_column,
        text_column=options.text_column,
        **split_arguments(options),
    )
    lines_about = made.characters.lines()
    if made.recipe.right_to_left:
        lines_about.append("texts run from right to left: labels stand in visual order, read turns them back")
    if options.extend:
        lines_about.append(
            f"recipe, config and split are those of {options.extend}; to go on from its network: --warmStart=SAVE"
        )
    print_prepared(made, options, "lines", lines_about)
    return 0


KIND = Command(
    "lines",
    "pictures of text lines and their texts",
    "[FOLDER] [--tsv FILE ...] [--page XML ...] [--alto XML ...] [--corrections FILE ...] -o OUT [--height N] "
    "[--extend OUT] [--by-group RULE] [--strict]",
    _add_options,
    _run,
    takes_keys=False,
)
