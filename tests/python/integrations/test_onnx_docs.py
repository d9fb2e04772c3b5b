# SPDX-License-Identifier: Apache-2.0
"""The Python of docs/onnx.md runs as it stands, and reads what the engine reads; its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from line_pictures import picture
from onnx_models import build, session
from pages import code_blocks

import rnnlib_py as rnn
from rnnlib_py.integrations.onnx import DEFAULT_OPSET, OLDEST_OPSET, convert

PAGE = (Path(__file__).parents[3] / "docs" / "onnx.md").read_text(encoding="utf-8")


def test_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("line1.png", "und die Stadt"), ("line2.png", "Haus")):
        drawn = picture(text, size=30)
        drawn.resize((round(drawn.width * 48 / drawn.height), 48)).save(name)
    names: dict[str, Any] = {}
    for block in code_blocks(PAGE, "python"):
        exec(block, names)
    network = rnn.Network.load_model("fraktur")
    read = [network.read(name).text for name in ("line1.png", "line2.png")]
    assert capsys.readouterr().out.splitlines() == read
    assert len(read[0]) > len(read[1]) > 0


def test_the_tables_say_what_files_have() -> None:
    model = convert(build(2))
    running = session(model)
    named = re.findall(r"^\| `(\w+)` \| (?:float32|int64) \[", PAGE, re.MULTILINE)
    parts = (running.get_inputs(), running.get_overridable_initializers(), running.get_outputs())
    assert named == [one.name for part in parts for one in part]
    told = set(re.findall(r"`(\w+)`", PAGE))
    assert {entry.key for entry in model.metadata_props} <= told
    assert f"from {OLDEST_OPSET} on; {DEFAULT_OPSET} by default" in PAGE
