# SPDX-License-Identifier: Apache-2.0
"""Settings and fixtures common to all Python tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from tiny import write_config, write_data

settings.register_profile("project", deadline=None, max_examples=30)
settings.load_profile("project")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with train.nc and x.config."""
    monkeypatch.chdir(tmp_path)
    write_data(tmp_path / "train.nc")
    write_config(tmp_path / "x.config")
    return tmp_path
