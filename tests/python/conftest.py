# SPDX-License-Identifier: Apache-2.0
"""Settings and fixtures common to all Python tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings
from tiny import write_config, write_data

settings.register_profile("project", deadline=None, max_examples=30)
settings.load_profile("project")

# A wheel has no trained networks in it; those of the repository are meant.
os.environ["RNNLIB_PY_MODELS"] = str(Path(__file__).resolve().parents[2] / "models")

# Shells start jobs in the background with Ctrl-C ignored, which processes hand on; tests interrupt runs with it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with train.nc and x.config."""
    monkeypatch.chdir(tmp_path)
    write_data(tmp_path / "train.nc")
    write_config(tmp_path / "x.config")
    return tmp_path
