# SPDX-License-Identifier: Apache-2.0
"""Every kind of bad data file gives an error that names file, variable and sequence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from raw_netcdf import (
    BY_TASK,
    RawFile,
    base,
    chars,
    classification,
    regression,
    sequence_classification,
    sequence_regression,
    transcription,
    with_labels,
)

from rnnlib_py._core import ConfigError, DataError, DataHeader, FormatError, IoError
from rnnlib_py.data import Dataset, DatasetFiles

SEQ, POINT = ("numSeqs", "numDims"), ("numTimesteps", "inputPattSize")


def read_all(path: Path | str, task: str) -> None:
    for _ in Dataset.read(path, task=task):
        pass


def with_size(raw: RawFile, name: str, size: int) -> RawFile:
    raw.dimensions[name] = size
    return raw


def spoilt_inputs(raw: RawFile, point: int, value: float) -> RawFile:
    inputs = np.zeros((12, 2))
    inputs[point, 1] = value
    return raw.set("inputs", "f8", POINT, inputs)


def target_strings(*strings: bytes) -> RawFile:
    return transcription().set("targetStrings", "S1", ("numSeqs", "w"), chars(*strings))


def without_dimension(raw: RawFile, name: str) -> RawFile:
    """The same variables over a dimension of another name."""
    raw.dimensions["other"] = raw.dimensions.pop(name)
    for key, (kind, dimensions, values) in raw.variables.items():
        raw.variables[key] = (kind, tuple("other" if d == name else d for d in dimensions), values)
    return raw


BAD: list[tuple[str, str, Callable[[], RawFile], str]] = [
    # missing
    *[
        (f"no_{v}_{task}", task, lambda m=make, v=v: m().drop(v), f"variable '{v}' is missing; task {task} needs it")
        for task, make, names in (
            ("transcription", transcription, ("inputs", "seqDims", "targetStrings")),
            ("classification", classification, ("inputs", "seqDims", "targetClasses")),
            ("regression", regression, ("inputs", "seqDims", "targetPatterns")),
            ("sequence_regression", sequence_regression, ("targetPatterns",)),
        )
        for v in names
    ],
    *[
        (f"no_{d}", task, lambda m=make, d=d: without_dimension(m(), d), f"dimension '{d}' is missing; task {task}")
        for task, make, d in (
            ("transcription", transcription, "numSeqs"),
            ("transcription", transcription, "numTimesteps"),
            ("transcription", transcription, "inputPattSize"),
            ("transcription", transcription, "numLabels"),
            ("regression", regression, "targetPattSize"),
        )
    ],
    (
        "no_sequence_target",
        "sequence_classification",
        lambda: sequence_classification().drop("targetClasses"),
        "variable 'targetStrings' is missing, and so is 'targetClasses'; task sequence_classification needs one",
    ),
    (
        "seq_lengths_for_images",
        "transcription",
        lambda: transcription(2).drop("seqDims").set("seqLengths", "i4", ("numSeqs",), [4, 6, 2]),
        "variable 'seqDims' is missing",
    ),
    # wrong type
    ("char_inputs", "transcription",
     lambda: transcription().set("inputs", "S1", POINT, np.full((12, 2), b"x")),
     "variable 'inputs' should hold numbers, its type is char"),
    ("real_sizes", "transcription",
     lambda: transcription().set("seqDims", "f4", SEQ, [[4], [6], [2]]),
     "variable 'seqDims' should hold integers, its type is float32"),
    ("numbers_for_strings", "transcription",
     lambda: transcription().set("targetStrings", "i4", ("numSeqs",), [1, 2, 3]),
     "variable 'targetStrings' should hold text (char or string), its type is int32"),
    ("real_classes", "classification",
     lambda: classification().set("targetClasses", "f4", ("numTimesteps",), np.zeros(12)),
     "variable 'targetClasses' should hold integers, its type is float32"),
    # wrong shape
    ("flat_inputs", "transcription",
     lambda: transcription().set("inputs", "f4", ("numTimesteps",), np.zeros(12)),
     "variable 'inputs' has shape [12], expected [numTimesteps, inputPattSize] = [12, 2]"),
    ("flat_sizes", "transcription",
     lambda: transcription().set("seqDims", "i4", ("numSeqs",), [4, 6, 2]),
     "variable 'seqDims' has shape [3], expected [numSeqs, numDims] = [3, 1]"),
    ("num_dims", "transcription",
     lambda: with_size(transcription().set("seqDims", "i4", ("numSeqs", "two"), np.ones((3, 2))), "numDims", 1),
     "variable 'seqDims' has shape [3, 2], expected [numSeqs, numDims] = [3, 1]"),
    ("few_targets", "classification",
     lambda: classification().set("targetClasses", "i4", ("eleven",), np.zeros(11)),
     "variable 'targetClasses' has shape [11], expected [target points] = [12]"),
    ("few_patterns", "regression",
     lambda: regression().set("targetPatterns", "f4", ("eleven", "targetPattSize"), np.zeros((11, 3))),
     "variable 'targetPatterns' has shape [11, 3], expected [target points, targetPattSize] = [12, 3]"),
    ("patterns_per_point", "sequence_regression", regression,
     "variable 'targetPatterns' has shape [12, 3], expected [numSeqs, targetPattSize] = [3, 3]"),
    ("classes_per_point", "sequence_classification", classification,
     "variable 'targetClasses' has shape [12], expected [numSeqs] = [3]"),
    ("target_sizes", "regression",
     lambda: regression().set("targetSeqDims", "i4", SEQ, [[4], [6], [3]]),
     "variable 'targetPatterns' has shape [12, 3], expected [target points, targetPattSize] = [13, 3]"),
    ("few_weights", "regression",
     lambda: regression().set("importance", "f4", ("eleven",), np.ones(11)),
     "variable 'importance' has shape [11], expected [target points] = [12]"),
    ("few_tags", "transcription",
     lambda: transcription().set("seqTags", "S1", ("two", "w"), chars(b"a", b"b")),
     "variable 'seqTags' has shape [2, 2], expected [numSeqs, string length] = [3, any]"),
    ("means", "transcription",
     lambda: transcription().set("inputMeans", "f4", ("three",), np.ones(3)),
     "variable 'inputMeans' has shape [3], expected [inputPattSize] = [2]"),
    # sizes
    ("zero_size", "transcription",
     lambda: transcription().set("seqDims", "i4", SEQ, [[4], [0], [8]]),
     "sequence 1 ('s1') has sizes [0] in 'seqDims': expected sizes of at least 1"),
    ("negative_size", "classification",
     lambda: classification(2).set("seqDims", "i4", SEQ, [[2, 2], [3, 2], [-1, -2]]),
     "sequence 2 ('s2') has sizes [-1, -2] in 'seqDims': expected sizes of at least 1"),
    ("too_few_points", "transcription",
     lambda: transcription().set("seqDims", "i4", SEQ, [[4], [5], [2]]),
     "the sizes in 'seqDims' add up to 11 points, expected numTimesteps = 12"),
    ("too_many_points", "transcription",
     lambda: transcription().set("seqDims", "i4", SEQ, [[4], [6], [3]]),
     "the sizes in 'seqDims' add up to 13 points, expected numTimesteps = 12"),
    ("huge_sizes", "classification",
     lambda: classification(3).set("seqDims", "i4", SEQ, [[2**30] * 3, [1, 1, 1], [1, 1, 1]]),
     "sequence 0 ('s0') has sizes [1073741824, 1073741824, 1073741824] in 'seqDims': more than the 12 points"),
    ("legacy_sizes", "transcription",
     lambda: transcription().drop("seqDims").set("seqLengths", "i4", ("numSeqs",), [4, -6, 2]),
     "sequence 1 ('s1') has sizes [-6] in 'seqLengths'"),
    ("zero_target_size", "regression",
     lambda: regression().set("targetSeqDims", "i4", SEQ, [[4], [0], [2]]),
     "sequence 1 ('s1') has sizes [0] in 'targetSeqDims'"),
    ("points_0d", "regression",
     lambda: with_size(regression().drop("seqDims"), "numDims", 0),
     "numTimesteps is 12, expected numSeqs = 3: with numDims = 0 a sequence is one point"),
    ("no_sequences", "transcription",
     lambda: RawFile({"numSeqs": 0, "numTimesteps": 1, "inputPattSize": 1}, {}),
     "numSeqs is 0, expected at least 1"),
    ("no_label_names", "transcription", lambda: transcription().drop("labels"),
     "no label in 'targetStrings' is one of the indices 0 to 2, by which labels are named without a variable 'labels'"),
    ("no_labels", "transcription",
     lambda: with_size(base(), "numLabels", 0),
     "numLabels is 0, expected at least 1"),
    # numbers
    ("nan", "transcription", lambda: spoilt_inputs(transcription(), 7, np.nan),
     "sequence 1 ('s1'): inputs at point 3, column 1 is nan; expected finite numbers"),
    ("infinite", "classification", lambda: spoilt_inputs(classification(2), 7, -np.inf),
     "sequence 1 ('s1'): inputs at point (1, 0), column 1 is -inf"),
    ("too_large_for_float", "classification", lambda: spoilt_inputs(classification(), 0, 1e39),
     "sequence 0 ('s0'): inputs at point 0, column 1 is inf; expected finite numbers (in 32 bits)"),
    ("nan_target", "regression",
     lambda: regression().set("targetPatterns", "f4", ("numTimesteps", "targetPattSize"), np.full((12, 3), np.nan)),
     "sequence 0 ('s0'): targetPatterns at point 0, column 0 is nan"),
    ("nan_sequence_target", "sequence_regression",
     lambda: sequence_regression().set("targetPatterns", "f4", ("numSeqs", "targetPattSize"), np.full((3, 3), np.nan)),
     "sequence 0 ('s0'): targetPatterns at column 0 is nan"),
    ("negative_importance", "classification",
     lambda: classification().set("importance", "f4", ("numTimesteps",), np.full(12, -1)),
     "sequence 0 ('s0'): importance is -1.0; expected weights of at least 0"),
    ("nan_importance", "classification",
     lambda: classification().set("importance", "f4", ("numTimesteps",), np.full(12, np.nan)),
     "sequence 0 ('s0'): importance at point 0, column 0 is nan"),
    # classes and labels
    ("class_too_large", "classification",
     lambda: classification().set("targetClasses", "i4", ("numTimesteps",), [0] * 6 + [3] + [0] * 5),
     "sequence 1 ('s1'), target point 2: class 3 in 'targetClasses' is out of range; expected 0 to 2, or -1"),
    ("class_too_small", "classification",
     lambda: classification().set("targetClasses", "i4", ("numTimesteps",), [0] * 11 + [-2]),
     "sequence 2 ('s2'), target point 1: class -2"),
    ("sequence_class", "sequence_classification",
     lambda: sequence_classification().set("targetClasses", "i4", ("numSeqs",), [0, 9, 0]),
     "sequence 1 ('s1'): class 9 in 'targetClasses' is out of range"),
    ("all_unknown", "transcription", lambda: target_strings(b"x y", b"x", b""),
     "no label in 'targetStrings' is one of 'labels'; found 'x' 2 times, 'y' 1 time"),
    ("all_unknown_sequence", "sequence_classification", lambda: target_strings(b"x", b"x", b"y"),
     "no label in 'targetStrings' is one of 'labels'"),
    ("no_sequence_label", "sequence_classification", lambda: target_strings(b"", b"", b" "),
     "no sequence has a label in 'targetStrings'"),
    ("blank", "transcription", lambda: with_labels(transcription(), b"a", b"b", b"blank"),
     "variable 'labels': label 2 is named 'blank'"),
    ("twins", "classification", lambda: with_labels(classification(), b"a", b"b", b"a"),
     "variable 'labels': labels 0 and 2 have the same name 'a'"),
    ("twin_of_a_default_name", "classification", lambda: with_labels(classification(), b"1", b"", b"c"),
     "variable 'labels': labels 0 and 1 have the same name '1'"),
    ("label_with_space", "classification", lambda: with_labels(classification(), b"a", b"b c", b"d"),
     "variable 'labels': label 1 is named 'b c'; a name holds no white space"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "make", "message"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_bad_contents(tmp_path: Path, task: str, make: Callable[[], RawFile], message: str) -> None:
    path = make().write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=re.escape(f"{path}: ") + ".*" + re.escape(message)):
        read_all(path, task)


def test_blank_is_a_good_name_elsewhere(tmp_path: Path) -> None:
    path = with_labels(classification(), b"a", b"b", b"blank").write(tmp_path / "d.nc")
    assert list(Dataset.read(path, task="classification").header.labels) == ["a", "b", "blank"]


def test_damage_past_the_data_fraction_is_not_read(tmp_path: Path) -> None:
    path = spoilt_inputs(transcription(), 11, np.nan).write(tmp_path / "d.nc")
    assert len(Dataset.read(path, task="transcription", data_fraction=0.7)[1].inputs) == 6
    with pytest.raises(DataError, match="s2"):
        read_all(path, "transcription")


def test_missing_and_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IoError, match=re.escape(f"{tmp_path}/none.nc: no such file")):
        read_all(tmp_path / "none.nc", "transcription")
    with pytest.raises(IoError, match=re.escape(f"{tmp_path}: is a folder, expected a netCDF file")):
        read_all(str(tmp_path), "transcription")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(IoError, match="pipe: is a FIFO, expected a netCDF file"):
        read_all(tmp_path / "pipe", "transcription")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = transcription().write(tmp_path / "d.nc")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(IoError, match=r"d\.nc: cannot be read: Permission denied"):
        read_all(path, "transcription")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty, expected a netCDF file"),
        (b"task transcription\n", "is text, expected a netCDF file"),
        (b"CDF", "is text, expected a netCDF file"),
        (b"CDF\x01", "the netCDF header is cut short or damaged"),
        (b"CDF\x01" + b"\xff" * 200, "the netCDF header is cut short or damaged"),
        (b"\x89HDF\r\n\x1a\n" + b"\0" * 200, "damaged or cut short"),
    ],
)
def test_not_netcdf(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.nc"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=re.escape(f"{path}: {message}")):
        read_all(path, "transcription")


@pytest.mark.parametrize("task", ["transcription", "regression"])
@pytest.mark.parametrize("variant", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA", "NETCDF4"])
def test_cut_short(tmp_path: Path, variant: str, task: str) -> None:
    """Wherever it is cut: the netCDF library itself would read zeros past the end of a classic file."""
    whole = BY_TASK[task]().write(tmp_path / "whole.nc", variant).read_bytes()
    path = tmp_path / "cut.nc"
    for size in {*range(8, len(whole) - 4, max(1, len(whole) // 60)), len(whole) - 4}:
        path.write_bytes(whole[:size])
        with pytest.raises(FormatError, match=re.escape(f"{path}: ")):
            read_all(path, task)


def test_records_of_a_classic_file(tmp_path: Path) -> None:
    """Variables over an unlimited dimension are interleaved; their length is checked too."""
    path, cut = tmp_path / "d.nc", tmp_path / "cut.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in {"numSeqs": 3, "numTimesteps": None, "inputPattSize": 2, "numLabels": 2, "w": 2}.items():
            file.createDimension(name, size)
        file.createVariable("seqLengths", "i4", ("numSeqs",))[:] = [4, 6, 2]
        file.createVariable("labels", "S1", ("numLabels", "w"))[:] = chars(b"a", b"b")
        file.createVariable("inputs", "f4", ("numTimesteps", "inputPattSize"))[:] = np.arange(24).reshape(12, 2)
        file.createVariable("targetClasses", "i2", ("numTimesteps",))[:] = [0, 1] * 6
    assert Dataset.read(path, task="classification")[2].inputs.tolist() == [[20, 21], [22, 23]]
    for missing in (3, 4, 12, 20):
        cut.write_bytes(path.read_bytes()[:-missing])
        with pytest.raises(FormatError, match="cut short: its header promises"):
            read_all(cut, "classification")


def test_changed_while_in_use(tmp_path: Path) -> None:
    path = transcription().write(tmp_path / "d.nc")
    data = Dataset.read(path, task="transcription")
    path.unlink()
    with pytest.raises(IoError, match="no such file"):
        data[0]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("transcribe", "unknown task 'transcribe'; expected one of classification, "),
        ("prediction", "task prediction is not available yet"),
    ],
)
def test_unknown_task(tmp_path: Path, task: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_all(transcription().write(tmp_path / "d.nc"), task)


def test_no_files() -> None:
    with pytest.raises(DataError, match="no data files were given"):
        Dataset.read([], task="transcription")
    with pytest.raises(DataError, match="no data files were given"):
        DatasetFiles([], "transcription")


MISMATCHES = [
    ("transcription", transcription(2), "numDims is 2, expected 1"),
    (
        "transcription",
        with_size(transcription(), "inputPattSize", 3).set("inputs", "f4", POINT, np.zeros((12, 3))),
        "inputPattSize is 3, expected 2",
    ),
    (
        "regression",
        with_size(regression(), "targetPattSize", 1).set(
            "targetPatterns", "f4", ("numTimesteps", "targetPattSize"), np.zeros((12, 1))
        ),
        "targetPattSize is 1, expected 3",
    ),
    ("transcription", with_labels(transcription(), b"a", b"c", b"b"), "label 1 is 'c', expected 'b'"),
    (
        "transcription",
        with_labels(transcription(), b"a", b"b", b"d", b"e"),
        "it has 4 labels, expected 3; not expected: d, e; missing: c",
    ),
]


@pytest.mark.parametrize(("task", "other", "message"), MISMATCHES)
@pytest.mark.parametrize("read", [Dataset.read, DatasetFiles])
def test_files_that_do_not_match(
    tmp_path: Path, read: Callable[..., object], task: str, other: RawFile, message: str
) -> None:
    first = BY_TASK[task]().write(tmp_path / "first.nc")
    second = other.write(tmp_path / "second.nc")
    with pytest.raises(DataError, match=re.escape(f"{second} does not match {first}: {message}")):
        read([first, second], task=task)
    header = DataHeader(1, 2, 3 if task == "regression" else 0, [] if task == "regression" else ["a", "b", "c"])
    with pytest.raises(DataError, match=re.escape(f"{second} does not match x.save: {message}")):
        read([second], task=task, header=header, header_source="x.save")
