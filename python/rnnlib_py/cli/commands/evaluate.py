# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py evaluate: scores of what a save's network reads, as text, as JSON or as a page."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_save
from rnnlib_py.cli.scoring import add_scoring_options, bootstrap_options, interval_facts, text_facts, text_options
from rnnlib_py.data import Dataset
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.text.class_output import class_lines
from rnnlib_py.text.classes import ClassScore
from rnnlib_py.text.evaluation import evaluate
from rnnlib_py.text.pictures import input_picture
from rnnlib_py.text.report import class_section, report_page, score_section
from rnnlib_py.text.score import TextScore
from rnnlib_py.text.text_output import score_lines


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="FILE.nc")
    parser.add_argument("--space", metavar="LABEL", default=SPACE, help="separates words (default %(default)s)")
    add_scoring_options(parser)


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, overrides, "evaluate")
    if options.report:
        check_writable(Path(options.report).parent)
    network = Network.from_config(config)
    with open_file(config, network, options.file) as data:
        score = evaluate(network, data, text_options(options), bootstrap_options(options), options.space)
        if options.report:
            write_atomically(Path(options.report), _page(score, data, options))
    if options.format == "json":
        record = {"save": options.path, "file": options.file, "task": network.task, **score.record(options.worst)}
        Output.over(sys.stdout).write_json(f"{json_text(record)}\n")
    else:
        print("\n".join(_lines(score, options)))
    return 0


def _lines(score: TextScore | ClassScore, options: Namespace) -> list[str]:
    if isinstance(score, ClassScore):
        return class_lines(score, options.confusions, options.worst)
    return score_lines(score, options.confusions, options.worst)


def _page(score: TextScore | ClassScore, data: Dataset, options: Namespace) -> str:
    def picture(number: int) -> bytes | None:
        return input_picture(data[number].inputs)

    section = (
        class_section(score, options.confusions, options.worst, picture)
        if isinstance(score, ClassScore)
        else score_section(score, options.confusions, options.worst, picture)
    )
    facts = {
        "network": options.path,
        "data": options.file,
        "sequences": f"{len(score.sequences):,}",
        **({} if isinstance(score, ClassScore) else text_facts(options)),
        **interval_facts(options),
    }
    return report_page(f"{Path(options.file).name}: what the network read", facts, [section])


COMMAND = Command(
    "evaluate",
    "scores of what a save's network reads: error rates with intervals, confusions, a report with pictures",
    "SAVE FILE.nc [--report REPORT.html] [--space LABEL] [--normal-form NFC] [--format text|json]",
    _add_options,
    _run,
)
