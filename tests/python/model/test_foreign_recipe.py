# SPDX-License-Identifier: Apache-2.0
"""A recipe that is text of somebody's own is no fault: networks are trained on, and predict, as without one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli

from rnnlib_py.data.netcdf.writer import FileForm, write_file
from rnnlib_py.data.sequence import Sequence

CONFIG = """task regression
trainFile train.nc
hiddenSize 2
totalEpochs 1
randSeed 1
"""


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("recipe", ["my own text", "[1]", '{"made": "by hand"}'])
def test_training_goes_on_and_predictions_are_made(recipe: str, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(1)
    made = [Sequence(rng.normal(size=(4, 1)), rng.normal(size=(4, 1)), f"s{i}") for i in range(3)]
    write_file("train.nc", made, None, FileForm("regression", recipe=recipe))
    Path("x.config").write_text(CONFIG, encoding="utf-8")
    assert run_cli("train", "x.config", "-o", "run") == 0
    assert run_cli("train", "x.config", "-o", "on", "--warmStart=run/last.save") == 0
    capsys.readouterr()
    assert run_cli("predict", "run/last.save", "train.nc") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
