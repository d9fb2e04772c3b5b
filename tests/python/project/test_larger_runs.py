# SPDX-License-Identifier: Apache-2.0
"""The scripts of docs/larger-runs.md do what the page says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pages import code_blocks
from tiny import transcription, write_config, write_data

import rnnlib_py as rnn

PAGE = Path(__file__).resolve().parents[3] / "docs" / "larger-runs.md"


def block(language: str, number: int = 0) -> str:
    """A block of code of the page."""
    return code_blocks(PAGE.read_text(encoding="utf-8"), language)[number]


@pytest.fixture(autouse=True)
def _config(tmp_path: Path) -> None:
    """x.config and its data."""
    write_data(tmp_path / "train.nc")
    write_data(tmp_path / "val.nc", transcription(seed=1))
    write_config(tmp_path / "x.config", valFile="val.nc", totalEpochs=3)


def test_slurm_script_requeues_until_the_run_has_ended(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (
        ("rnnlib-py", f'#!/bin/sh\nexec "{sys.executable}" -m rnnlib_py "$@"\n'),
        ("scontrol", f'#!/bin/sh\necho "$@" >> "{tmp_path}/requeued"\n'),
    ):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1]),
        "SLURM_ARRAY_TASK_ID": "2",
        "SLURM_ARRAY_JOB_ID": "7",
    }

    def job(script: str) -> int:
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=120
        )
        return done.returncode

    script = block("bash")
    assert job(script.replace("3:50:00", "0.001s")) == 0  # no time for three epochs
    assert (tmp_path / "requeued").read_text() == "requeue 7_2\n"
    assert job(script) == 0
    assert (tmp_path / "requeued").read_text() == "requeue 7_2\n"
    assert (tmp_path / "runs" / "seed-2" / "best.save").exists()
    assert job(script.replace("x.config", "none.config")) != 0


def test_objective(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for trials in (3, 6):  # the second time goes on with the study
        names: dict[str, object] = {}
        exec(compile(block("python"), str(PAGE), "exec"), names)
        assert len(names["study"].trials) == trials  # type: ignore[attr-defined]
