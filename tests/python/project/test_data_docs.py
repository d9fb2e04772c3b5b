# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/data-format.md run as they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pages import code_blocks

PAGE = Path(__file__).parents[3] / "docs" / "data-format.md"


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in code_blocks(PAGE.read_text(encoding="utf-8"), "python"):
        exec(block, names)
    assert names["sequence"].inputs.shape == (50, 3)
    assert "".join(names["data"].header.labels[i] for i in names["sequence"].target) == "hello"
    assert {path.name for path in tmp_path.iterdir()} == {
        "words.nc",
        "digits.nc",
        "frames.nc",
        "curve.nc",
        "lines.nc",
    }
    labels = names["rnn"].Dataset.read("lines.nc", task="transcription").header.labels
    assert "␣" in labels
