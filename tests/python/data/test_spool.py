# SPDX-License-Identifier: Apache-2.0
"""write_netcdf takes sequences one by one: a generator's arrays are never in memory together."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import rnnlib_py as rnn
from rnnlib_py.data.netcdf import spool

POINTS, SIZE, COUNT = 1000, 50, 40  # 400 kB a sequence as float64, 8 MB as float32 together


def sequence(i: int) -> dict[str, Any]:
    inputs = np.random.default_rng(i).normal(size=(POINTS + i, SIZE))
    return {"inputs": inputs, "target": ["a", "b"], "tag": f"s{i}"}


def sequences(dtype: str = "float64") -> Iterator[dict[str, Any]]:
    for i in range(COUNT):
        made = sequence(i)
        yield {**made, "inputs": made["inputs"].astype(dtype)}


def check_contents(path: Path) -> None:
    with rnn.Dataset.read(path, "transcription", budget_bytes=0) as data:
        assert len(data) == COUNT
        for i in range(COUNT):
            expected: NDArray[Any] = sequence(i)["inputs"].astype(np.float32)
            assert np.array_equal(data[i].inputs, expected)
            assert data[i].tag == f"s{i}"


@pytest.mark.parametrize("limit", [0, 10**6, 2**26])
def test_what_is_written_does_not_depend_on_where_it_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", limit)
    rnn.write_netcdf(tmp_path / "d.nc", sequences(), task="transcription")
    check_contents(tmp_path / "d.nc")
    rnn.write_netcdf(tmp_path / "d.nc", list(sequences("float32")), task="transcription")
    check_contents(tmp_path / "d.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["d.nc"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_generator_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 10**6)
    tracemalloc.start()
    try:
        rnn.write_netcdf(tmp_path / "d.nc", sequences(dtype), task="transcription")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * 10**6  # all together take 8 MB as float32, and 16 MB as float64


def test_a_list_is_not_held_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 10**6)
    given = list(sequences())
    tracemalloc.start()
    try:
        rnn.write_netcdf(tmp_path / "d.nc", given, task="transcription")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * 10**6


def test_the_last_of_a_generator_may_be_wrong(tmp_path: Path) -> None:
    def with_a_bad_one() -> Iterator[Any]:
        yield from sequences()
        yield {"inputs": [[1.0, float("nan")]], "target": ["a"]}

    with pytest.raises(rnn.DataError, match=r"d\.nc: not written: .*sequence 40"):
        rnn.write_netcdf(tmp_path / "d.nc", with_a_bad_one(), task="transcription")
    assert not list(tmp_path.iterdir())
