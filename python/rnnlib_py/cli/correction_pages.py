# SPDX-License-Identifier: Apache-2.0
"""`rnnlib-py read --format html`: pages on which people correct what was read."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import CommandParser
from rnnlib_py.model.reading import ReadText
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.system.files import check_writable, make_folder, write_atomically
from rnnlib_py.system.output import Output
from rnnlib_py.text.correction import LINES_PER_PAGE, make_pages

HTML = "html"


def add_page_options(parser: CommandParser) -> None:
    parser.add_argument(
        "--least-sure",
        type=int,
        metavar="N",
        help="of --format html: the N lines that the network was least sure of stand first",
    )


def check_page_options(options: Namespace) -> None:
    """ConfigError for options that cannot be, IoError where no page can be written, before pictures are read."""
    if options.least_sure is not None:
        if options.format != HTML:
            raise ConfigError("--least-sure is for --format html")
        if options.least_sure < 1:
            raise ConfigError(f"--least-sure {options.least_sure}: expected a number of lines")
    if options.output and options.format == HTML:
        folder, _ = _place(options.output)
        make_folder(folder)
        check_writable(folder)


def write_pages(options: Namespace, recipe: LineRecipe, found: list[ReadText]) -> None:
    """The pages, into the folder that the options name, or a single one to the standard output."""
    if not options.output and len(found) > LINES_PER_PAGE:
        raise ConfigError(f"{len(found):,} lines need several pages, of {LINES_PER_PAGE} lines each: -o OUT")
    folder, stem = _place(options.output) if options.output else (Path(), "lines")
    for name, text in make_pages(found, recipe, options.path, stem, options.least_sure or 0):
        if not options.output:
            Output.over(sys.stdout).write_json(text)
            return
        write_atomically(folder / name, text)
        if not options.quiet:
            print(f"to correct, open in a browser: {folder / name}")


def _place(output: str) -> tuple[Path, str]:
    """The folder, and the pages' name without ending: OUT/lines.html, or OUT itself where it ends in .html."""
    path = Path(output)
    return (path.parent, path.stem) if path.suffix.lower() == ".html" and not path.is_dir() else (path, "lines")
