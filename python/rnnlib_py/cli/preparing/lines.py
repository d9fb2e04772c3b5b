# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py prepare lines: pictures of text lines and their texts."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.prepare import PreparedLines, lines
from rnnlib_py.prepare.line_recipe import CONTRAST, FORMS, INVERT, LineRecipe
from rnnlib_py.prepare.make_lines import REPORT_NAME


def _fractions(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"expected numbers with commas between them, found {text!r}") from None


def _add_options(parser: CommandParser) -> None:
    add = parser.add_argument
    add("folder", metavar="FOLDER", nargs="?", help="images with texts beside them (a.png, a.gt.txt), or only images")
    add("-o", "--output", metavar="OUT", required=True, help="a folder for train.nc, val.nc, test.nc, lines.config")
    add("--tsv", metavar="FILE", action="append", default=[], help="a table of images and texts (commas in .csv)")
    add("--page", metavar="XML", nargs="+", default=[], help="PAGE files of pages, or folders of them")
    add("--alto", metavar="XML", nargs="+", default=[], help="ALTO files of pages, or folders of them")
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
    add(
        "--fractions",
        type=_fractions,
        default=[0.8, 0.1, 0.1],
        metavar="F,...",
        help="shares of train.nc, val.nc and test.nc (default 0.8,0.1,0.1)",
    )
    add(
        "--by-group",
        metavar="RULE",
        help="lines of a group stay in one file: folder, page, column:NAME of a table, or a regular expression that "
        "finds the group in a line's name",
    )
    add("--seed", type=int, default=1, metavar="N", help="of the split (default %(default)s)")
    add("--image-column", metavar="NAME", help="of a table (default: file, image or path)")
    add("--text-column", metavar="NAME", help="of a table (default: text or transcription)")
    add("--strict", action="store_true", help="a file that would be left out is an error")
    add("--force", action="store_true", help="replace data files that are in OUT")


def _run(options: Namespace, _: Overrides) -> int:
    made = lines(
        options.folder,
        options.output,
        tsv=options.tsv,
        page=options.page,
        alto=options.alto,
        height=options.height,
        form=options.form,
        invert=options.invert,
        contrast=options.contrast,
        fractions=options.fractions,
        by_group=options.by_group,
        seed=options.seed,
        image_column=options.image_column,
        text_column=options.text_column,
        strict=options.strict,
        force=options.force,
        progress=None if options.quiet else sys.stderr,
    )
    for line in made.note_lines:
        print(f"rnnlib-py: {line}", file=sys.stderr)
    if not options.quiet:
        print("\n".join(_lines(made, Path(options.output))))
    return 0


def _lines(made: PreparedLines, output: Path) -> list[str]:
    skipped = sum(note.skipped for note in made.notes)
    text = [f"{made.files[name]}: {count:,} lines" for name, count in made.counts.items()]
    text += made.characters.lines()
    if made.recipe.right_to_left:
        text.append("texts run from right to left: labels stand in visual order, read turns them back")
    if made.notes:
        text.append(f"left out: {skipped:,}, changed: {len(made.notes) - skipped:,}; all are in {output / REPORT_NAME}")
    text.append(f"to train: rnnlib-py train {made.config} -o {output / 'run'}")
    if "test" in made.files:
        text.append(f"to test then: rnnlib-py evaluate {output / 'run/best.save'} {made.files['test']}")
    return text


KIND = Command(
    "lines",
    "pictures of text lines and their texts",
    "[FOLDER] [--tsv FILE ...] [--page XML ...] [--alto XML ...] -o OUT [--height N] [--by-group RULE] [--strict]",
    _add_options,
    _run,
    takes_keys=False,
)
