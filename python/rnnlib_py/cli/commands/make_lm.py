# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py make-lm: an n-gram language model from text."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.model.tables import table
from rnnlib_py.text.make_lm import LanguageModelReport, make_lm
from rnnlib_py.text.sentences import UNITS


def _numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"expected numbers with commas between them, found {text!r}") from None


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("texts", metavar="TEXT", nargs="+", help="UTF-8, one sentence per line; may be packed by gzip")
    parser.add_argument("-o", "--output", metavar="LM.arpa", required=True, help="packed when it ends with .gz")
    parser.add_argument("--order", type=int, default=5, metavar="N", help="the longest n-grams (default: 5)")
    parser.add_argument("--units", choices=UNITS, default=UNITS[0], help=f"default: {UNITS[0]}")
    parser.add_argument(
        "--prune",
        type=_numbers,
        default=[],
        metavar="0,0,1",
        help="for each order: leave out n-grams that occur so often or less; the last number counts for further orders",
    )
    parser.add_argument("--held-out", metavar="TEXT", help="show the perplexity on this text")


def _run(options: Namespace, _: Overrides) -> int:
    report = make_lm(
        options.texts,
        options.output,
        order=options.order,
        units=options.units,
        prune=options.prune,
        held_out=options.held_out,
    )
    if not options.quiet:
        print("\n".join(_lines(report, options.units)))
    return 0


def _lines(report: LanguageModelReport, units: str) -> Iterator[str]:
    yield f"{report.path}: from {report.sentences:,} sentences, {report.units:,} {units}"
    rows = [
        [str(n), f"{order.found:,}", f"{order.kept:,}", *(f"{discount:.4f}" for discount in order.discounts)]
        for n, order in enumerate(report.orders, 1)
    ]
    yield from table(["order", "n-grams", "kept", "D1", "D2", "D3+"], rows)
    guessed = [str(n) for n, order in enumerate(report.orders, 1) if not order.estimated]
    if guessed:
        yield f"order {', '.join(guessed)}: the text is too small to estimate discounts, so that fixed ones are used"
    if (held_out := report.held_out) is not None:
        yield (
            f"held out: {held_out.sentences:,} sentences, {held_out.units:,} {units}, {held_out.unknown:,} of them "
            f"unknown; perplexity {held_out.perplexity:.4g}, without unknown {units} {held_out.known_perplexity:.4g}"
        )


COMMAND = Command(
    "make-lm",
    "make an n-gram language model from text",
    "TEXT ... -o LM.arpa [--order N] [--units characters|words] [--prune 0,0,1] [--held-out TEXT]",
    _add_options,
    _run,
    takes_keys=False,
)
