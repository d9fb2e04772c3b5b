# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py score: files of readings against a file of references."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import get_args

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.scoring import (
    add_scoring_options,
    bootstrap_options,
    interval_facts,
    label_map_option,
    map_facts,
    text_facts,
    text_options,
)
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.data.text import split_words
from rnnlib_py.model.tables import table
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.text.compare import Difference, compare
from rnnlib_py.text.files import TextForm, paired_texts, read_texts
from rnnlib_py.text.report import comparison_section, report_page, score_section, title_section
from rnnlib_py.text.score import TextScore, score_texts
from rnnlib_py.text.text_output import DIFFERENCE_HEADER, difference_rows, score_lines


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("reference", metavar="REFERENCE")
    parser.add_argument("hypothesis", metavar="HYPOTHESIS")
    parser.add_argument("second", metavar="HYPOTHESIS2", nargs="?")
    parser.add_argument(
        "--input",
        choices=get_args(TextForm),
        default="auto",
        help="of the files: a text per line; tag, tab and text; JSON lines (default: by the names' endings)",
    )
    add_scoring_options(parser)


def _run(options: Namespace, _: Overrides) -> int:
    if options.report:
        check_writable(Path(options.report).parent)
    reference = read_texts(options.reference, options.input)
    paths = [options.hypothesis, *([options.second] if options.second else [])]
    label_map = label_map_option(options)
    wanted = [_as_counted(text, label_map) for text in reference.texts]
    scores = []
    for path in paths:
        texts, tags = paired_texts(reference, read_texts(path, options.input))
        counted = [_as_counted(text, label_map) for text in texts]
        scores.append(score_texts(wanted, counted, tags, text_options(options), bootstrap_options(options)))
    differences = compare(scores[0], scores[1], bootstrap_options(options)) if options.second else {}
    if options.report:
        write_atomically(
            Path(options.report), _page(paths, scores, differences, options, map_facts(label_map, options))
        )
    if options.format == "json":
        _write_json(paths, scores, differences, options.worst)
        return 0
    for path, score in zip(paths, scores, strict=True):
        if options.second:
            print(f"{path}:")
        print("\n".join([*score_lines(score, options.confusions, options.worst), *([""] if options.second else [])]))
    if options.second:
        print(f"first: {options.hypothesis}, second: {options.second}")
        print("\n".join(table(DIFFERENCE_HEADER, difference_rows(differences))))
    return 0


def _as_counted(text: str, label_map: LabelMap | None) -> str:
    """The text with each word as the map counts it."""
    return text if label_map is None else " ".join(label_map.apply(split_words(text)))


def _page(
    paths: list[str],
    scores: list[TextScore],
    differences: dict[str, Difference],
    options: Namespace,
    counted_as: dict[str, str],
) -> str:
    sections = [comparison_section(differences, *paths)] if differences else []
    for path, score in zip(paths, scores, strict=True):
        sections += [title_section(path)] if differences else []
        sections.append(score_section(score, options.confusions, options.worst))
    facts = {
        "reference": options.reference,
        "reading": " and ".join(paths),
        "sequences": f"{len(scores[0].sequences):,}",
        **counted_as,
        **text_facts(options),
        **interval_facts(options),
    }
    return report_page(f"{Path(options.reference).name}: what was read", facts, sections)


def _write_json(paths: list[str], scores: list[TextScore], differences: dict[str, Difference], worst: int) -> None:
    record: dict[str, object] = {
        "systems": [{"file": path, **score.record(worst)} for path, score in zip(paths, scores, strict=True)],
    }
    if differences:
        record["comparison"] = {unit: difference.record() for unit, difference in differences.items()}
    Output.over(sys.stdout).write_json(f"{json_text(record)}\n")


COMMAND = Command(
    "score",
    "error rates of texts that were read, with intervals; of two systems also which is better",
    "REFERENCE HYPOTHESIS [HYPOTHESIS2] [--input auto|lines|tsv|jsonl] [--report REPORT.html] [--format text|json]",
    _add_options,
    _run,
    takes_keys=False,
)
