# SPDX-License-Identifier: Apache-2.0
"""A data file that is open for writing elsewhere is called locked, not damaged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rnnlib_py import Dataset, FormatError, IoError, file_statistics, write_netcdf

fcntl = pytest.importorskip("fcntl", reason="this system has no locks of this kind")
MESSAGE = "cannot be opened: it may be open for writing elsewhere, or cannot be locked"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data.nc"
    write_netcdf(path, [(np.ones((6, 2)), ["a"])], task="transcription")
    return path


HOLD = "import netCDF4, sys; file = netCDF4.Dataset(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"


@contextmanager
def open_elsewhere(path: Path) -> Iterator[None]:
    """Another process has the file open for writing. (HDF5 lets the same process open it twice.)"""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.stdin.close()


def test_a_file_that_is_open_for_writing_is_called_locked(path: Path) -> None:
    with open_elsewhere(path):
        with pytest.raises(IoError, match=MESSAGE):
            Dataset.read(path, task="transcription")
        with pytest.raises(IoError, match=MESSAGE):
            file_statistics(path)
    assert len(Dataset.read(path, task="transcription")) == 1


def test_the_named_setting_opens_it(path: Path) -> None:
    script = "import sys, rnnlib_py; print(len(rnnlib_py.Dataset.read(sys.argv[1], task='transcription')))"
    environment = {**os.environ, "HDF5_USE_FILE_LOCKING": "FALSE"}
    with open_elsewhere(path):
        done = subprocess.run(
            [sys.executable, "-c", script, path], env=environment, capture_output=True, text=True, timeout=60
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_a_damaged_file_is_still_called_damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(FormatError, match="damaged or cut short"):
        Dataset.read(path, task="transcription")
