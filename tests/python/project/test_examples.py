# SPDX-License-Identifier: Apache-2.0
"""The example projects, run as their READMEs say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn

EXAMPLES = Path(__file__).parents[3] / "examples"
PACKAGE = str(Path(rnn.__file__).absolute().parents[1])


def run(*command: object, folder: Path, path: tuple[Path, ...] = ()) -> str:
    """What a Python command prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, path), PACKAGE])}
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_python_api(tmp_path: Path) -> None:
    lines = run(EXAMPLES / "python_api" / "main.py", folder=tmp_path).splitlines()
    found = dict(line.split(": ", 1) for line in lines[-4:])
    assert float(re.findall(r"[\d.]+", found["test"])[0]) < 5
    assert found["output"] == found["target"]
    assert len(found["read at points"].split()) == len(found["target"].split())
    assert not list(tmp_path.iterdir())


def test_cython_embed(tmp_path: Path) -> None:
    if not shutil.which("cc"):
        pytest.skip("needs a C compiler")
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES / "cython_embed", project)
    site = tmp_path / "site"
    options = ["--quiet", "--no-build-isolation", "--no-deps", "--no-index", "--target", site]
    run("-m", "pip", "install", *options, project, folder=tmp_path)
    printed = run(project / "main.py", folder=tmp_path, path=(site,))
    assert float(re.findall(r"without a mistake: ([\d.]+)%", printed)[0]) > 95
    assert "two threads: 4000 signals" in printed


def test_scikit_learn(tmp_path: Path) -> None:
    example = EXAMPLES / "scikit_learn" / "main.py"
    lines = run(example, "--folds", 2, folder=tmp_path).splitlines()
    assert lines[0] == "90 series of 20 to 40 points, 3 classes"
    assert float(re.findall(r"[\d.]+", lines[1])[0]) > 85
    # Series of a file.
    series = [
        np.full((length, 2), k % 2) + np.linspace(0, 1, length)[:, np.newaxis] for k, length in enumerate([5, 7] * 4)
    ]
    offsets = np.cumsum([0, *map(len, series)])
    np.savez(tmp_path / "train.npz", data=np.concatenate(series), offsets=offsets, labels=np.arange(8) % 2)
    printed = run(example, "--data", tmp_path, "--folds", 2, folder=tmp_path)
    assert "8 series of 5 to 7 points, 2 classes\naccuracy: 100.0%" in printed
