# SPDX-License-Identifier: Apache-2.0
"""docs/shells-and-editors.md: its settings are JSON, and do what they are for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pages import code_blocks
from tiny import run_cli

import rnnlib_py as rnn

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "shells-and-editors.md").read_text(encoding="utf-8")
BLOCKS: list[dict[str, Any]] = [json.loads(text) for text in code_blocks(PAGE, "json")]


def block(key: str) -> Any:
    return next(value[key] for value in BLOCKS if key in value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("task transcription\nhidenSize 3\n", "2", 'unknown key "hidenSize"; did you mean hiddenSize?'),
        ("learnRate much\n", "1", 'learnRate must be a number >= 0; found "much"'),
    ],
)
def test_the_problem_matcher(
    text: str, line: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = block("tasks")[0]
    path = tmp_path / "x.config"
    path.write_text(text)
    assert [task["command"], *task["args"]] == ["rnnlib-py", "check", "${file}"]
    assert run_cli("check", str(path)) == 2
    pattern = task["problemMatcher"]["pattern"]
    found = re.search(pattern["regexp"], capsys.readouterr().err.strip())
    assert found is not None
    assert [found[pattern[name]] for name in ("severity", "line", "file", "message")] == [
        "error",
        line,
        str(path),
        message,
    ]


def test_the_config_shown_as_json() -> None:
    schema = json.loads((DOCS / "config.schema.json").read_text(encoding="utf-8"))
    values = next(value for value in BLOCKS if "hiddenSize" in value)
    jsonschema.validate(values, schema, jsonschema.Draft202012Validator)
    code = re.search(r'python -c "(.*)" < x.config.json', PAGE)
    assert code is not None
    done = subprocess.run(
        [sys.executable, "-c", code[1]], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    assert done.stdout == rnn.Config(values).text()
    assert "hiddenBlock 3,4\n" in done.stdout
