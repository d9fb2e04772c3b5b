# SPDX-License-Identifier: Apache-2.0
"""Sets of several files, one open at a time; and the batches that the engine gets."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_netcdf import BY_TASK, transcription

from rnnlib_py._core import DataError
from rnnlib_py.data import Dataset, DatasetFiles, Sequence, write_netcdf
from rnnlib_py.data.batches import cut
from rnnlib_py.data.batching import dataset_batches
from rnnlib_py.data.fingerprint import fingerprint


def make_files(folder: Path, count: int = 3) -> list[Path]:
    return [transcription().write(folder / f"{i}.nc") for i in range(count)]


def test_header_and_counts(tmp_path: Path) -> None:
    files = DatasetFiles(make_files(tmp_path), "transcription", data_fraction=0.7)
    assert files.counts == [2, 2, 2]
    assert len(files) == 6
    assert list(files.header.labels) == ["a", "b", "c"]


def test_one_file_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = make_files(tmp_path)
    events: list[str] = []
    read, close = Dataset.read, Dataset.close
    monkeypatch.setattr(
        Dataset, "read", lambda path, task, **kw: events.append(f"open {Path(path).stem}") or read(path, task, **kw)
    )
    monkeypatch.setattr(
        Dataset, "close", lambda self: events.append(f"close {Path(self.paths[0]).stem}") or close(self)
    )
    files = DatasetFiles(paths, "transcription")
    assert [data.paths for data in files.datasets([2, 0])] == [[str(paths[2])], [str(paths[0])]]
    assert [len(data) for data in files.datasets([0, 1])] == [3, 3]
    files.close()
    assert events == ["open 2", "close 2", "open 0", "close 0", "open 1", "close 1"]


def test_all_files_by_default(tmp_path: Path) -> None:
    paths = make_files(tmp_path)
    assert [data.paths[0] for data in DatasetFiles(paths, "transcription").datasets()] == list(map(str, paths))


POINTS = st.lists(st.integers(1, 20), max_size=30).map(lambda points: np.array(points, dtype=np.int64))


@given(POINTS, st.integers(1, 60), st.integers(1, 5))
def test_cut(points: np.ndarray, max_points: int, multiple_of: int) -> None:
    ranges = list(cut(points, max_points, multiple_of))
    assert [i for first, last in ranges for i in range(first, last)] == list(range(len(points)))
    for k, (first, last) in enumerate(ranges):
        size = last - first
        assert size % multiple_of == 0 or k == len(ranges) - 1
        assert points[first:last].sum() <= max_points or size <= multiple_of
        if last < len(points):  # no room for another group
            assert points[first : last + multiple_of].sum() > max_points


class Recorder:
    """Stands in for the engine's batch, which does not show what it holds."""

    def __init__(self) -> None:
        self.items: list[tuple[object, ...]] = []

    def add(self, *fields: object) -> None:
        self.items.append(fields)


@pytest.mark.parametrize("budget", [0, 2**30])
def test_batches_hold_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int) -> None:
    monkeypatch.setattr("rnnlib_py.data.batching.SequenceBatch", Recorder)
    data = Dataset.read(make_files(tmp_path), task="transcription", budget_bytes=budget)
    order = np.random.default_rng(1).permutation(9)
    batches = [batch.sequences for batch in dataset_batches(data, order, max_points=9, multiple_of=2)]
    assert all(isinstance(batch, Recorder) for batch in batches)
    items = [item for batch in batches for item in batch.items]
    assert [item[5] for item in items] == [f"s{i % 3}" for i in order]
    for item, i in zip(items, order, strict=True):
        assert np.array_equal(item[0], data[int(i)].inputs)
        assert np.array_equal(item[1], data[int(i)].target)
        assert item[0].dtype == np.float32
        assert item[0].flags.c_contiguous
    assert all(len(batch.items) % 2 == 0 for batch in batches[:-1])


@pytest.mark.parametrize("task", list(BY_TASK))
def test_batches_for_the_engine(tmp_path: Path, task: str) -> None:
    """The engine itself takes what the data layer hands it."""
    raw = BY_TASK[task]().set("importance", "f4", ("numTimesteps",), np.ones(12))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task=task)
    assert [len(batch) for batch in dataset_batches(data)] == [3]
    assert [len(batch.sequences) for batch in dataset_batches(data, max_points=1)] == [1, 1, 1]
    assert [len(batch) for batch in dataset_batches(data, max_points=1, multiple_of=2)] == [2, 1]
    assert list(dataset_batches(data, np.array([], dtype=np.int64))) == []


def test_add_to_gives_all_fields() -> None:
    batch = Recorder()
    target = np.arange(4, dtype=np.float32).reshape(2, 2, 1)
    weights = np.ones((2, 2), dtype=np.float32)
    inputs = np.zeros((3, 2, 1), dtype=np.float32)
    sequence = Sequence(inputs, target, "t", target_shape=(2, 2), importance=weights, words=" two  words")
    sequence.add_to(batch)  # type: ignore[arg-type]
    ((a, classes, patterns, shape, importance, tag, words),) = batch.items
    assert a is inputs
    assert classes is None
    assert (patterns.shape, shape, importance.shape, tag) == ((4, 1), (2, 2), (4,), "t")
    assert words == ["two", "words"]


# --- data that change ---


def rewrite(path: Path, seed: int) -> None:
    """Other numbers in the same place, and a time that differs on every file system."""
    time = path.stat().st_mtime_ns
    write_netcdf(path, changing(seed), task="transcription")
    os.utime(path, ns=(time + 10**9, time + 10**9))


def changing(seed: int) -> list[tuple[object, list[str]]]:
    random = np.random.default_rng(seed)
    return [(random.normal(size=(5, 2)), ["a"]) for _ in range(20)]


def test_a_file_that_is_rewritten_under_a_lazy_set_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "d.nc"
    write_netcdf(path, changing(0), task="transcription")
    for close in (False, True):
        data = Dataset.read(path, "transcription", budget_bytes=0)
        first = data[0].inputs
        if close:
            data.close()
        rewrite(path, 1 + close)
        with pytest.raises(DataError, match=r"d\.nc: the file was changed while it was in use"):
            data[1]
        assert not np.array_equal(Dataset.read(path, "transcription")[0].inputs, first)


def test_a_file_that_is_written_to_in_place_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "d.nc"
    write_netcdf(path, changing(0), task="transcription", format="NETCDF3_CLASSIC")
    data = Dataset.read(path, "transcription", budget_bytes=0)
    assert data[0].tag == ""
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(DataError, match=r"d\.nc: .* it had \d+ bytes and has \d+"):
        data[1]


def test_a_set_in_memory_does_not_need_its_file(tmp_path: Path) -> None:
    path = tmp_path / "d.nc"
    write_netcdf(path, changing(0), task="transcription")
    data = Dataset.read(path, "transcription")
    first = data[0].inputs
    rewrite(path, 1)
    assert np.array_equal(data[0].inputs, first)


def test_files_that_change_between_two_epochs_are_noticed(tmp_path: Path) -> None:
    paths = [tmp_path / "a.nc", tmp_path / "b.nc"]
    for path in paths:
        write_netcdf(path, changing(0), task="transcription")
    files = DatasetFiles(paths, "transcription")
    assert sum(len(data) for data in files.datasets()) == 40
    rewrite(paths[0], 1)
    with pytest.raises(DataError, match=r"a\.nc: the file was changed"):
        list(files.datasets())


# --- fingerprints ---


def test_fingerprints_tell_data_apart(tmp_path: Path) -> None:
    def of(sequences: list[object], **more: object) -> str:
        path = tmp_path / "f.nc"
        write_netcdf(path, sequences, task="transcription", **more)  # type: ignore[arg-type]
        return fingerprint([Dataset.read(path, "transcription")])

    sequences: list[object] = [{"inputs": x, "target": t, "tag": f"s{i}"} for i, (x, t) in enumerate(changing(0))]
    found = of(sequences)
    assert len(found) == 16
    assert found == of(sequences, format="NETCDF3_CLASSIC") == of(sequences, compression=True)
    others = [
        sequences[:-1],
        sequences[::-1],
        [*sequences[:-1], {**sequences[-1], "tag": "other"}],  # type: ignore[dict-item]
        [*sequences[:-1], {**sequences[-1], "target": ["a", "a"]}],  # type: ignore[dict-item]
        [*sequences[:-1], {**sequences[-1], "inputs": np.zeros((5, 2))}],  # type: ignore[dict-item]
        [*sequences[:-1], {**sequences[-1], "inputs": np.zeros((6, 2))}],  # type: ignore[dict-item]
    ]
    assert len({found, *map(of, others)}) == 1 + len(others)


def test_fingerprints_tell_importance_apart(tmp_path: Path) -> None:
    def of(importance: float) -> str:
        path = tmp_path / "f.nc"
        sequence = {"inputs": np.zeros((3, 1)), "target": ["a", "b", "a"], "importance": [1, importance, 1]}
        write_netcdf(path, [sequence], task="classification")
        return fingerprint([Dataset.read(path, "classification")])

    assert of(0.5) == of(0.5) != of(0.25)
