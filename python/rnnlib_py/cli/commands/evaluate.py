# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py evaluate: scores of what a save's network reads, as text, as JSON or as a page."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.decoding import add_decoding_options, decoding_overrides
from rnnlib_py.cli.models import add_network
from rnnlib_py.cli.reading import read_save, say_warnings
from rnnlib_py.cli.scoring import (
    MAP_FACT,
    add_scoring_options,
    bootstrap_options,
    interval_facts,
    label_map_option,
    map_facts,
    text_facts,
    text_options,
)
from rnnlib_py.data import Dataset
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.system.files import check_writable, write_atomically
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.text.class_output import class_lines
from rnnlib_py.text.classes import ClassScore
from rnnlib_py.text.configured import decoder_of, decoder_text, separator_of
from rnnlib_py.text.evaluation import evaluate
from rnnlib_py.text.pictures import input_picture
from rnnlib_py.text.report import class_section, report_page, score_section
from rnnlib_py.text.score import TextScore
from rnnlib_py.text.text_output import score_lines


def _add_options(parser: CommandParser) -> None:
    add_network(parser)
    parser.add_argument("file", metavar="FILE.nc")
    add_decoding_options(parser)
    add_scoring_options(parser)


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, [*overrides, *decoding_overrides(options)], "evaluate")
    if not options.quiet:
        say_warnings(config)
    if options.report:
        check_writable(Path(options.report).parent)
    network = Network.from_config(config)
    with open_file(config, network, options.file) as data:
        space = separator_of(config, network.header.labels)
        label_map = label_map_option(options, network.recipe, options.path)
        scoring = (text_options(options), bootstrap_options(options), space, decoder_of(config), label_map)
        score = evaluate(network, data, *scoring)
        decoder = {"decoder": decoder_text(config)} if find_task(network.task).transcribes else {}
        how = {**decoder, **map_facts(label_map, options)}
        if options.report:
            write_atomically(Path(options.report), _page(score, data, options, how))
    if options.format == "json":
        record = {
            "save": options.path,
            "file": options.file,
            "task": network.task,
            **decoder,
            **({} if label_map is None else {"label_map": how[MAP_FACT]}),
            **score.record(options.worst),
        }
        Output.over(sys.stdout).write_json(f"{json_text(record)}\n")
    else:
        if decoder_of(config) is not None:
            print(f"decoder: {decoder_text(config)}")
        if label_map is not None:
            print(f"{MAP_FACT}: {how[MAP_FACT]}")
        print("\n".join(_lines(score, options)))
    return 0


def _lines(score: TextScore | ClassScore, options: Namespace) -> list[str]:
    if isinstance(score, ClassScore):
        return class_lines(score, options.confusions, options.worst)
    return score_lines(score, options.confusions, options.worst)


def _page(score: TextScore | ClassScore, data: Dataset, options: Namespace, how: dict[str, str]) -> str:
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
        **how,
        "sequences": f"{len(score.sequences):,}",
        **({} if isinstance(score, ClassScore) else text_facts(options)),
        **interval_facts(options),
    }
    return report_page(f"{Path(options.file).name}: what the network read", facts, [section])


COMMAND = Command(
    "evaluate",
    "scores of what a save's network reads: error rates with intervals, confusions, a report with pictures",
    "SAVE FILE.nc [--report REPORT.html] [--decoder NAME] [--lexicon FILE] [--lm FILE] [--format text|json]",
    _add_options,
    _run,
)
