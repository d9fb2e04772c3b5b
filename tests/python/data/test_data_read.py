# SPDX-License-Identifier: Apache-2.0
"""Reading netCDF data files that were written without the package's own writer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from raw_netcdf import BY_TASK, base, chars, classification, regression, transcription, with_labels

from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.data import Dataset, DataWarning

VARIANTS = ["NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_transcription(tmp_path: Path, variant: str) -> None:
    data = Dataset.read(transcription().write(tmp_path / "d.nc", variant), task="transcription")
    assert len(data) == 3
    assert (data.header.num_dims, data.header.input_size, data.header.target_size) == (1, 2, 0)
    assert list(data.header.labels) == ["a", "b", "c"]
    assert data.num_points.tolist() == [4, 6, 2]
    assert [s.tag for s in data] == ["s0", "s1", "s2"]
    assert [s.target.tolist() for s in data] == [[0, 1], [2], [1, 1, 0]]
    assert data[1].inputs.dtype == np.float32
    assert np.array_equal(data[1].inputs, np.arange(8, 20).reshape(6, 2))
    assert data[-1].tag == "s2"
    assert (data[1].shape, data[1].num_points, data[1].target_shape) == ((6,), 6, None)


def test_dimensions_are_stored_fastest_first(tmp_path: Path) -> None:
    """seqDims (H, W), pixels column by column: the network sees [x][y]."""
    data = Dataset.read(classification(2).write(tmp_path / "d.nc"), task="classification")
    assert data.shapes.tolist() == [[2, 2], [2, 3], [2, 1]]
    image = data[1]
    assert image.inputs.shape == (2, 3, 2)
    for x in range(2):
        for y in range(3):
            assert image.inputs[x, y].tolist() == [2 * (4 + 3 * x + y), 2 * (4 + 3 * x + y) + 1]
    assert image.target.tolist() == [[0, 0, 1], [1, 2, 2]]
    three = Dataset.read(regression(3).write(tmp_path / "e.nc"), task="regression")
    assert three.shapes.tolist() == [[2, 1, 2], [2, 3, 1], [1, 2, 1]]
    assert three[1].target.shape == (2, 3, 1, 3)


def test_classes_and_patterns(tmp_path: Path) -> None:
    data = {task: Dataset.read(make().write(tmp_path / f"{task}.nc"), task=task) for task, make in BY_TASK.items()}
    assert [s.target.tolist() for s in data["classification"]] == [[0, 1, 2, -1], [0, 0, 1, 1, 2, 2], [-1, 0]]
    assert [s.target for s in data["sequence_classification"]] == [2, 0, 1]
    assert data["sequence_classification"][0].target_classes.tolist() == [2]
    assert np.array_equal(data["regression"][2].target, np.arange(30, 36).reshape(2, 3))
    assert data["regression"].header.target_size == 3
    assert data["sequence_regression"][1].target.tolist() == [3, 4, 5]
    assert data["sequence_regression"][1].target_patterns.shape == (1, 3)


def test_sequence_classification_takes_the_first_label(tmp_path: Path) -> None:
    raw = transcription().set("targetClasses", "i4", ("numSeqs",), [0, 0, 0])
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="sequence_classification")
    assert [s.target for s in data] == [0, 2, 1]


def test_sequence_without_known_label_has_no_target(tmp_path: Path) -> None:
    raw = transcription().set("targetStrings", "S1", ("numSeqs", "w"), chars(b"", b"x b", b"y"))
    with pytest.warns(DataWarning, match=r"d\.nc: 2 labels in 'targetStrings'.*'x' 1 time, 'y' 1 time"):
        data = Dataset.read(raw.write(tmp_path / "d.nc"), task="sequence_classification")
    assert [s.target for s in data] == [-1, 1, -1]


def test_legacy_names(tmp_path: Path) -> None:
    raw = transcription().drop("seqDims").set("seqLengths", "i4", ("numSeqs",), [4, 6, 2])
    raw.set("inputsMeans", "f4", ("inputPattSize",), [1, 2]).set("inputsStds", "f4", ("inputPattSize",), [3, 4])
    del raw.dimensions["numDims"]
    data = Dataset.read(raw.write(tmp_path / "d.nc", "NETCDF3_CLASSIC"), task="transcription")
    assert data.num_points.tolist() == [4, 6, 2]
    assert (data.input_means.tolist(), data.input_stds.tolist()) == ([1, 2], [3, 4])
    assert data.header.num_dims == 1


def test_input_means(tmp_path: Path) -> None:
    assert Dataset.read(transcription().write(tmp_path / "a.nc"), task="transcription").input_means is None
    raw = transcription().set("inputMeans", "f4", ("inputPattSize",), [1, 2])
    assert Dataset.read(raw.write(tmp_path / "b.nc"), task="transcription").input_means.tolist() == [1, 2]


@pytest.mark.parametrize("variant", ["NETCDF4", "NETCDF3_CLASSIC"])
def test_points_without_dimensions(tmp_path: Path, variant: str) -> None:
    """numDims = 0 is an unlimited dimension of length 0."""
    raw = with_labels(base(), b"a", b"b").drop("seqDims", "seqTags")
    raw.dimensions |= {"numDims": 0, "numSeqs": 12}
    raw.set("targetClasses", "i4", ("numTimesteps",), [0, 1] * 6)
    data = Dataset.read(raw.write(tmp_path / "d.nc", variant), task="classification")
    assert (len(data), data.header.num_dims, data.shapes.shape) == (12, 0, (12, 0))
    assert data[3].inputs.tolist() == [6, 7]
    assert (data[3].shape, data[3].num_points, data[3].target.tolist()) == ((), 1, 1)
    assert data[3].target_classes.tolist() == [1]


def test_target_sizes_of_their_own(tmp_path: Path) -> None:
    raw = base(2).set("targetSeqDims", "i4", ("numSeqs", "numDims"), [[1, 2], [3, 1], [1, 1]])
    raw.set("targetPatterns", "f4", ("points", "targetPattSize"), np.arange(6).reshape(6, 1))
    raw.set("importance", "f4", ("points",), np.arange(6))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="regression")
    assert [s.target_shape for s in data] == [(2, 1), (1, 3), (1, 1)]
    assert [s.target.shape for s in data] == [(2, 1, 1), (1, 3, 1), (1, 1, 1)]
    assert data[1].target.ravel().tolist() == [2, 3, 4]
    assert data[1].importance.tolist() == [[2, 3, 4]]
    assert data[1].target_patterns.tolist() == [[2], [3], [4]]


def test_words(tmp_path: Path) -> None:
    raw = transcription().set("wordTargetStrings", "S1", ("numSeqs", "wordLength"), chars(b"two words", b"", b"one"))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    assert [s.words for s in data] == ["two words", "", "one"]


def test_other_number_types(tmp_path: Path) -> None:
    raw = transcription()
    raw.set("inputs", "i2", ("numTimesteps", "inputPattSize"), np.arange(24).reshape(12, 2))
    raw.set("seqDims", "i8", ("numSeqs", "numDims"), [[4], [6], [2]])
    assert Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")[0].inputs.dtype == np.float32
    raw.set("inputs", "f8", ("numTimesteps", "inputPattSize"), np.full((12, 2), 0.5))
    assert Dataset.read(raw.write(tmp_path / "e.nc"), task="transcription")[0].inputs[0].tolist() == [0.5, 0.5]


def test_empty_label_names_become_indices_that_sort(tmp_path: Path) -> None:
    raw = with_labels(transcription(), *[b"a", b"b", b"c"]).drop("labels")
    raw.dimensions |= {"numLabels": 12}
    raw.set("labels", "S1", ("numLabels", "w"), chars(b"a", b"b", b"c", *[b""] * 9))
    raw.set("targetStrings", "S1", ("numSeqs", "v"), chars(b"a 03", b"11", b"c"))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    assert list(data.header.labels) == ["a", "b", "c", *(f"{i:02}" for i in range(3, 12))]
    assert data[0].target.tolist() == [0, 3]
    assert data[1].target.tolist() == [11]


def test_labels_padded_with_blanks(tmp_path: Path) -> None:
    raw = with_labels(base(), b"aa ", b"b  ").set(
        "targetStrings", "S1", ("numSeqs", "w"), chars(b"b aa ", b"aa   ", b"  b ")
    )
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    assert list(data.header.labels) == ["aa", "b"]
    assert [s.target.tolist() for s in data] == [[1, 0], [0], [1]]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_names_outside_ascii(tmp_path: Path, encoding: str) -> None:
    name = "ü".encode(encoding)
    raw = with_labels(base(), b"a", name).set("targetStrings", "S1", ("numSeqs", "w"), chars(b"a " + name, name, b"a"))
    raw.set("seqTags", "S1", ("numSeqs", "tagLength"), chars(b"x" + name, b"", b""))
    data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    assert list(data.header.labels) == ["a", "ü"]
    assert [s.target.tolist() for s in data] == [[0, 1], [1], [0]]
    assert data.tag(0) == "xü"


def test_unknown_labels_are_left_out_with_a_warning(tmp_path: Path) -> None:
    raw = transcription().set("targetStrings", "S1", ("numSeqs", "w"), chars(b"a x b", b"x y", b"x b"))
    expected = r"d\.nc: 4 labels in 'targetStrings' are not in 'labels' and were left out: 'x' 3 times, 'y' 1 time$"
    with pytest.warns(DataWarning, match=expected):
        data = Dataset.read(raw.write(tmp_path / "d.nc"), task="transcription")
    assert [s.target.tolist() for s in data] == [[0, 1], [], [1]]
    assert data.unknown_labels == {"x": 3, "y": 1}


@pytest.mark.parametrize(("fraction", "kept"), [(1.0, 3), (0.99, 2), (0.5, 1), (0.0, 1), (-1.0, 1), (7.0, 3)])
def test_data_fraction(tmp_path: Path, fraction: float, kept: int) -> None:
    for task, make in BY_TASK.items():
        path = make().write(tmp_path / f"{task}.nc")
        data, whole = Dataset.read(path, task=task, data_fraction=fraction), Dataset.read(path, task=task)
        assert len(data) == len(data.num_points) == kept
        for part, full in zip(data, whole, strict=False):
            assert np.array_equal(part.inputs, full.inputs)
            assert np.array_equal(part.target, full.target)


def test_data_fraction_must_be_a_number(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dataFraction is nan"):
        Dataset.read(transcription().write(tmp_path / "d.nc"), task="transcription", data_fraction=float("nan"))


@pytest.mark.parametrize("task", list(BY_TASK))
def test_reading_piecewise_gives_the_same(tmp_path: Path, task: str) -> None:
    raw = BY_TASK[task]().set("importance", "f4", ("numTimesteps",), np.arange(12))
    path = raw.write(tmp_path / "d.nc")
    lazy, eager = Dataset.read(path, task=task, budget_bytes=0), Dataset.read(path, task=task)
    for order in ([0, 1, 2], [2, 0, 1], [1, 1, -1], []):
        for a, b in zip(lazy.read_many(order), eager.read_many(order), strict=True):
            assert a.tag == b.tag
            for field in ("inputs", "target", "importance"):
                assert np.array_equal(getattr(a, field), getattr(b, field))
            assert (a.importance is not None) == (task in ("classification", "regression"))


def test_budget_decides_what_stays_in_memory(tmp_path: Path) -> None:
    path = regression().write(tmp_path / "d.nc")
    size = 12 * (2 + 3) * 4
    kept = Dataset.read(path, task="regression", budget_bytes=size)
    assert np.shares_memory(kept[0].inputs, kept[0].inputs)
    read_again = Dataset.read(path, task="regression", budget_bytes=size - 1)
    assert not np.shares_memory(read_again[0].inputs, read_again[0].inputs)


def test_closed_set_reads_again(tmp_path: Path) -> None:
    with Dataset.read(transcription().write(tmp_path / "d.nc"), task="transcription") as data:
        before = data[1].inputs
    assert np.array_equal(data[1].inputs, before)
    assert not np.shares_memory(data[1].inputs, before)


def test_several_files_as_one_set(tmp_path: Path) -> None:
    paths = [transcription().write(tmp_path / f"{i}.nc") for i in range(3)]
    data = Dataset.read(paths, task="transcription", data_fraction=0.7)
    assert len(data) == 6
    assert data.paths == [str(path) for path in paths]
    assert [s.tag for s in data.read_many([5, 0, 2, 3])] == ["s1", "s0", "s0", "s1"]
    assert data.name(3) == "sequence 1 ('s1')"


def test_without_targets(tmp_path: Path) -> None:
    path = base().write(tmp_path / "d.nc")
    header = DataHeader(1, 2, 0, ["a", "b"])
    data = Dataset.read(path, task="transcription", header=header, targets=False)
    assert data[0].target is None
    assert list(data.header.labels) == ["a", "b"]
    assert data[0].target_classes is None
    assert data[0].target_patterns is None
    with pytest.raises(DataError, match=r"d\.nc does not match the network: inputPattSize is 2, expected 3"):
        Dataset.read(path, task="transcription", header=DataHeader(1, 3, 0, ["a", "b"]), targets=False)
    assert Dataset.read(path, task="regression", targets=False).header.target_size == 0


def test_index_out_of_range(tmp_path: Path) -> None:
    data = Dataset.read(transcription().write(tmp_path / "d.nc"), task="transcription")
    for wrong in (3, -4):
        with pytest.raises(IndexError, match=f"sequence {wrong} is out of range; the set has 3 sequences"):
            data[wrong]
    with pytest.raises(TypeError, match="integers"):
        data.read_many([0.5])


def test_long_strings_are_read_in_slabs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnlib_py.data.netcdf.targets._SLAB_BYTES", 1)
    data = Dataset.read(transcription().write(tmp_path / "d.nc"), task="transcription")
    assert [s.target.tolist() for s in data] == [[0, 1], [2], [1, 1, 0]]
