# SPDX-License-Identifier: Apache-2.0
"""info of files that are no data sets, text as netCDF-4's strings, and classes without names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from raw_netcdf import BY_TASK, RawFile, classification, sequence_classification, transcription

from rnnlib_py import DataError, Dataset, file_statistics, merge, normalise, split
from rnnlib_py.cli.main import main
from rnnlib_py.inspect.info import info

TEXTS = {
    "labels": (("numLabels",), ["a", "", "ü"]),
    "targetStrings": (("numSeqs",), ["a 1", "ü", "1 ü a"]),
    "seqTags": (("numSeqs",), ["first", "", "thïrd"]),
    "wordTargetStrings": (("numSeqs",), ["one two", "", "four"]),
}


def with_strings(raw: RawFile) -> RawFile:
    for name, (dimensions, texts) in TEXTS.items():
        raw.set(name, "str", dimensions, np.array(texts, dtype=object))
    return raw


def with_chars(raw: RawFile) -> RawFile:
    for name, (dimensions, texts) in TEXTS.items():
        rows = np.array([text.encode() for text in texts], dtype="S12").view("S1").reshape(3, 12)
        raw.set(name, "S1", (*dimensions, f"length{name}"), rows)
    return raw


def contents(data: Dataset) -> list[tuple[Any, ...]]:
    return [(s.tag, s.words, s.inputs.tolist(), np.asarray(s.target).tolist()) for s in data]


def assert_same(path: Path, expected: Path) -> None:
    with Dataset.read(path, task="transcription") as a, Dataset.read(expected, task="transcription") as b:
        assert list(a.header.labels) == list(b.header.labels)
        assert contents(a) == contents(b)


def test_strings_are_read_like_characters(tmp_path: Path) -> None:
    strings = with_strings(transcription()).write(tmp_path / "s.nc")
    chars = with_chars(transcription()).write(tmp_path / "c.nc")
    assert_same(strings, chars)
    data = Dataset.read(strings, task="transcription")
    assert list(data.header.labels) == ["a", "1", "ü"]
    assert [np.asarray(s.target).tolist() for s in data] == [[0, 1], [2], [1, 2, 0]]
    assert [s.tag for s in data] == ["first", "", "thïrd"]
    labels = file_statistics(strings).target_labels
    assert labels is not None
    assert labels.tolist() == [2, 1, 3]
    assert re.search(r"^targetStrings +string +numSeqs 3$", "\n".join(info(strings)), re.MULTILINE)


def test_tools_copy_strings(tmp_path: Path) -> None:
    strings = with_strings(transcription()).write(tmp_path / "s.nc")
    chars = with_chars(transcription()).write(tmp_path / "c.nc")
    merge(tmp_path / "cc.nc", [chars, chars])
    for name, parts in {"ss": [strings, strings], "sc": [strings, chars], "cs": [chars, strings]}.items():
        merge(tmp_path / f"{name}.nc", parts)
        assert_same(tmp_path / f"{name}.nc", tmp_path / "cc.nc")
    with netCDF4.Dataset(tmp_path / "ss.nc") as file:
        assert {name: file[name].dtype for name in TEXTS} == dict.fromkeys(TEXTS, str)
    for path in (strings, chars):
        split(path, [0.67, 0.33], [tmp_path / f"{path.stem}1.nc", tmp_path / f"{path.stem}2.nc"], tag_prefix=None)
        normalise([path])
    assert_same(tmp_path / "s1.nc", tmp_path / "c1.nc")
    assert_same(tmp_path / "s2.nc", tmp_path / "c2.nc")
    assert_same(strings, chars)


def without_names(raw: RawFile, count: int) -> RawFile:
    raw.drop("labels").dimensions["numLabels"] = count
    return raw


@pytest.mark.parametrize(("count", "names"), [(3, ["0", "1", "2"]), (10, [f"{i:02}" for i in range(10)])])
@pytest.mark.parametrize("make", [classification, sequence_classification])
def test_classes_without_names_are_named_by_their_index(
    tmp_path: Path, make: Callable[[], RawFile], count: int, names: list[str]
) -> None:
    path = without_names(make(), count).write(tmp_path / "c.nc", "NETCDF3_CLASSIC")
    data = Dataset.read(path, task=make.__name__)
    assert list(data.header.labels) == names
    first = np.asarray(data[0].target).tolist()
    assert first == ([0, 1, 2, -1] if make is classification else 2)
    merge(tmp_path / "m.nc", [path, path])
    with Dataset.read(tmp_path / "m.nc", task=make.__name__) as merged:
        assert len(merged) == 6
        assert np.asarray(merged[3].target).tolist() == first
    other = without_names(make(), count + 1).write(tmp_path / "o.nc", "NETCDF3_CLASSIC")
    with pytest.raises(DataError, match=f"numLabels is {count + 1}, not {count}"):
        merge(tmp_path / "m.nc", [path, other])


def test_target_strings_without_names_hold_indices(tmp_path: Path) -> None:
    raw = without_names(transcription(), 3)
    raw.set("targetStrings", "str", ("numSeqs",), np.array(["0 1", "2", "1 1 0"], dtype=object))
    data = Dataset.read(raw.write(tmp_path / "t.nc"), task="transcription")
    assert [np.asarray(s.target).tolist() for s in data] == [[0, 1], [2], [1, 1, 0]]


@pytest.mark.parametrize("task", BY_TASK)
def test_info_lists_what_is_there_whatever_is_missing(
    tmp_path: Path, task: str, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = BY_TASK[task]()
    for name in list(raw.variables):
        rest = BY_TASK[task]().drop(name)
        path = rest.write(tmp_path / "v.nc")
        assert main(["info", str(path)]) == 0
        out = capsys.readouterr().out
        for other in rest.variables:
            assert re.search(rf"^{other} ", out, re.MULTILINE), (name, other)
    for name in [name for name in raw.dimensions if name.startswith(("num", "input", "target"))]:
        path = BY_TASK[task]().write(tmp_path / "d.nc")
        with netCDF4.Dataset(path, "a") as file:
            file.renameDimension(name, "other")
        assert main(["info", str(path)]) == 0
        assert re.search(r"^inputs +float32 ", capsys.readouterr().out, re.MULTILINE)


def test_info_of_a_file_that_is_no_data_set(tmp_path: Path) -> None:
    path = tmp_path / "odd.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("numSeqs", 3)
        file.createDimension("time", None)
        file.createVariable("inputs", "f4", ("numSeqs",))
        file.createVariable("history", str, ())
        file.createVariable("targetClasses", file.createVLType("i4", "list"), ("numSeqs",))
        file.createVariable("targetPatterns", file.createCompoundType(np.dtype([("a", "f4")]), "pair"), ("time",))
        file.createGroup("more")
    text = "\n".join(info(path))
    for line in (
        r"odd.nc: a netCDF file, but no complete data set$",
        r"^numSeqs +3$",
        r"^time +0 +can grow$",
        r"^groups, which are not read: more$",
        r"^inputs +float32 +numSeqs 3$",
        r"^history +string$",
        r"^targetClasses +one that the file defines +numSeqs 3$",
        r"^regression +dimensions numTimesteps, inputPattSize, targetPattSize; variables seqDims$",
        r"^transcription +dimensions numTimesteps, inputPattSize, numLabels; variables seqDims, targetStrings$",
    ):
        assert re.search(line, text, re.MULTILINE), line
    netCDF4.Dataset(path, "w").close()
    assert "no variables" in info(path)


def test_info_of_wrong_sizes_says_so(tmp_path: Path) -> None:
    path = transcription().set("seqDims", "i4", ("numSeqs", "numDims"), [[4], [6], [3]]).write(tmp_path / "w.nc")
    text = "\n".join(info(path))
    assert re.search(
        r"^transcription +the sizes in 'seqDims' add up to 13 points, expected numTimesteps = 12", text, re.M
    )
    assert re.search(r"^classification +variables targetClasses$", text, re.MULTILINE)
