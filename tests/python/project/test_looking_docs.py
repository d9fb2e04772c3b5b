# SPDX-License-Identifier: Apache-2.0
"""The pages about looking inside: their commands and Python run as they stand, and name every command."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from pages import code_blocks
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.cli.commands import COMMANDS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "looking-inside.md").read_text(encoding="utf-8")
TABLE = (ROOT / "docs" / "coming-from-rnnlib.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "digit_lines"


def commands(page: str) -> list[list[str]]:
    """The command lines in a page's blocks, without the training run, which the fixture makes."""
    lines = re.findall(r"^    ((?:rnnlib-py|cp) .*)$", page, re.MULTILINE)
    found = [shlex.split(line) for line in lines]
    return [words for words in found if "digit_lines" not in " ".join(words)]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's folder after a training run, a short one."""
    for path in EXAMPLE.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    run = rnn.train(rnn.Config.read("digit_lines.config", dataFraction=0.02, totalEpochs=2, hiddenSize=4))
    shutil.copy(run.best_saves["labelError"], "net.save")
    shutil.copy(run.log_path or "", "run.log")
    return tmp_path


def test_commands_and_python_of_the_page(example: Path) -> None:
    found = commands(PAGE)
    assert len(found) > 25
    for words in found:
        if words[0] == "cp":
            shutil.copy(words[1], words[2])
            continue
        assert run_cli(*words[1:]) == 0, " ".join(words)
        if "-o" in words:
            for output in words[words.index("-o") + 1].split(","):
                assert Path(output).exists(), " ".join(words)
    names: dict[str, Any] = {}
    for block in code_blocks(PAGE, "python"):
        exec(block, names)
    assert (names["states"] == names["same"]).all()
    assert names["derivative"] == names["found"].inputs[(*names["point"], names["unit"])]
    for name in ("layer.png", "six.png", "dumps/input_activations", "jacobian/input_errors", "test_val.nc", "mine.nc"):
        assert (example / name).exists(), name


def test_pictures_of_the_page_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.*\]\((.*)\)", PAGE)
    assert len(pictures) == 4
    for name in pictures:
        assert (ROOT / "docs" / name).stat().st_size < 60_000


def test_every_command_of_the_page_has_an_example() -> None:
    shown = {words[1] for words in commands(PAGE)}
    assert shown >= {"dump", "jacobian", "plot-variables", "plot-errors", "plot-weights", "weights", "best", "last"}
    assert shown >= {"average", "stats", "normalise", "split", "merge"}


def test_the_table_names_commands_that_exist() -> None:
    named = re.findall(r"`rnnlib-py ([a-z-]+)\b(?!\.)", TABLE)
    assert len(named) > 15
    assert set(named) <= {*COMMANDS, "demo"}
