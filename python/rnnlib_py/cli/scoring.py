# SPDX-License-Identifier: Apache-2.0
"""Options that the commands score and evaluate share."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from typing import get_args

from rnnlib_py.cli.command import CommandParser
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.recipe import own_recipe
from rnnlib_py.text.bootstrap import Bootstrap
from rnnlib_py.text.tokens import Characters, NormalForm, TextOptions

MAP_FACT = "map of labels"  # what outputs call it
_NONE = "none"  # value of --map


def _count(text: str) -> int:
    if not text.isdigit():
        raise ArgumentTypeError(f"expected a number from 0, found '{text}'")
    return int(text)


def add_scoring_options(parser: CommandParser) -> None:
    """How texts are compared, how intervals are found and how much is shown."""
    parser.add_argument(
        "--normal-form",
        choices=get_args(NormalForm),
        default="NFC",
        help="Unicode's form that texts are brought to (default %(default)s)",
    )
    parser.add_argument(
        "--characters",
        choices=get_args(Characters),
        default="graphemes",
        help="what a character is (default %(default)s: what readers take for one)",
    )
    parser.add_argument(
        "--map",
        metavar="FILE",
        help="labels (score: words) and what they are counted as; evaluate takes the recipe's, --map none takes none",
    )
    parser.add_argument("--samples", type=_count, default=1000, help="of the bootstrap (default %(default)s)")
    parser.add_argument("--seed", type=_count, default=1, help="of the bootstrap (default %(default)s)")
    parser.add_argument("--confusions", metavar="N", type=_count, default=20, help="so many (default %(default)s)")
    parser.add_argument("--worst", metavar="N", type=_count, default=20, help="so many sequences (default %(default)s)")
    parser.add_argument("--report", metavar="REPORT.html", help="write a page with all of it, one file without scripts")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the output")


def text_options(options: Namespace) -> TextOptions:
    return TextOptions(options.normal_form, options.characters)


def label_map_option(options: Namespace, recipe: str = "", source: str = "") -> LabelMap | None:
    """What labels are counted as: the map of the option, else that of a network's recipe. `source`: the network's file.
    Raises IoError and DataError."""
    if options.map is not None:
        return None if options.map == _NONE else LabelMap.read(options.map)
    found = own_recipe(recipe, source, AudioRecipe)
    return LabelMap.from_entries(found.fold, f"{source}: recipe") if found is not None and found.fold else None


def map_facts(label_map: LabelMap | None, options: Namespace) -> dict[str, str]:
    """For the head of a report: as what labels were counted."""
    return {} if label_map is None else {MAP_FACT: options.map or "the recipe's"}


def bootstrap_options(options: Namespace) -> Bootstrap:
    return Bootstrap(options.samples, options.seed)


def text_facts(options: Namespace) -> dict[str, str]:
    """For the head of a report: how texts were compared."""
    return {"normal form": options.normal_form, "characters": options.characters}


def interval_facts(options: Namespace) -> dict[str, str]:
    """For the head of a report: how intervals were found."""
    return {"intervals": f"95 %, {options.samples} samples, seed {options.seed}"}
