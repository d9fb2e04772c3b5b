# SPDX-License-Identifier: Apache-2.0
"""Splitting, merging and statistics of data files."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from raw_netcdf import BY_TASK, base, chars, classification, with_labels
from raw_netcdf import transcription as raw_transcription
from tiny import LABELS, images, run_cli, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py.data.tools import netcdf_copy

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def same(a: rnn.Sequence, b: rnn.Sequence) -> None:
    np.testing.assert_array_equal(a.inputs, b.inputs)
    np.testing.assert_array_equal(a.target, b.target)  # type: ignore[arg-type]
    assert (a.tag, a.target_shape) == (b.tag, b.target_shape)
    assert (a.importance is None) == (b.importance is None)
    if a.importance is not None and b.importance is not None:
        np.testing.assert_array_equal(a.importance, b.importance)


def check_parts(path: str, parts: list[rnn.Part], task: str) -> None:
    """Every part holds the sequences it says."""
    whole = rnn.Dataset.read(path, task=task)
    for part in parts:
        data = rnn.Dataset.read(part.path, task=task)
        assert len(data) == len(part.sequences)
        for i, sequence in zip(part.sequences.tolist(), data, strict=True):
            same(whole[i], sequence)


# --- split ---


@pytest.mark.parametrize("block", [2**20, 7])
def test_split_by_sequences(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netcdf_copy, "BLOCK", block)
    write_data(Path("all.nc"), transcription(count=40))
    parts = rnn.split("all.nc", [0.8, 0.1, 0.1])
    assert [part.path for part in parts] == ["all_train.nc", "all_val.nc", "all_test.nc"]
    assert [len(part.sequences) for part in parts] == [32, 4, 4]
    assert sorted(np.concatenate([part.sequences for part in parts]).tolist()) == list(range(40))
    assert parts[0].sequences.tolist() != list(range(32))
    check_parts("all.nc", parts, "transcription")


def test_the_seed_decides() -> None:
    write_data(Path("all.nc"), transcription(count=40))

    def chosen(seed: int) -> list[int]:
        return rnn.split("all.nc", [0.5, 0.5], seed=seed)[0].sequences.tolist()

    assert chosen(3) == chosen(3) != chosen(4)


@pytest.mark.parametrize("task", list(BY_TASK))
def test_split_and_merge_every_task(task: str) -> None:
    raw = BY_TASK[task]()
    if task == "classification":
        raw.set("importance", "f4", ("numTimesteps",), np.arange(12))
    raw.write(Path("all.nc"))
    parts = rnn.split("all.nc", [0.4, 0.3, 0.3])
    check_parts("all.nc", parts, task)
    merged = rnn.merge("merged.nc", [part.path for part in parts])
    assert merged.counts == [1, 1, 1]
    whole, again = rnn.Dataset.read("all.nc", task=task), rnn.Dataset.read("merged.nc", task=task)
    for i, number in enumerate(np.concatenate([part.sequences for part in parts]).tolist()):
        same(whole[number], again[i])


def test_targets_with_points_of_their_own() -> None:
    raw = base(2).set("targetSeqDims", "i4", ("numSeqs", "numDims"), [[1, 2], [1, 1], [2, 2]])
    raw = with_labels(raw, b"a", b"b").set("targetClasses", "i4", ("points",), [0, 1, 1, 0, -1, 0, 1])
    raw.set("importance", "f4", ("points",), np.arange(7)).write(Path("all.nc"))
    parts = rnn.split("all.nc", [0.6, 0.4])
    check_parts("all.nc", parts, "classification")
    rnn.merge("merged.nc", [part.path for part in parts])
    with netCDF4.Dataset("merged.nc") as file:
        assert file.variables["targetClasses"].shape == (7,)


@pytest.mark.parametrize("rule", [2, "w[0-9]+"])
def test_sequences_of_a_tag_prefix_stay_together(rule: str | int) -> None:
    sequences = transcription(count=30)
    for i, sequence in enumerate(sequences):
        sequence["tag"] = f"w{i % 7}-{i}"
    write_data(Path("all.nc"), sequences)
    parts = rnn.split("all.nc", [0.5, 0.3, 0.2], tag_prefix=rule)
    writers = [{i % 7 for i in part.sequences.tolist()} for part in parts]
    assert sum(map(len, writers)) == len(set.union(*writers)) == 7
    assert [len(part.sequences) for part in parts] == pytest.approx([15, 9, 6], abs=4)


def test_fractions_below_one_leave_some_out() -> None:
    write_data(Path("all.nc"), transcription(count=40))
    assert [len(part.sequences) for part in rnn.split("all.nc", [0.25, 0.5])] == [10, 20]


def test_small_fractions_get_something() -> None:
    write_data(Path("all.nc"), transcription(count=3))
    assert [len(part.sequences) for part in rnn.split("all.nc", [0.8, 0.1, 0.1])] == [1, 1, 1]


def test_a_list_of_names_is_split_by_lines() -> None:
    Path("names.txt").write_text("".join(f"{i}.tif\n" for i in range(10)))
    assert run_cli("split", "names.txt", "--fractions=0.7,0.3") == 0
    names = Path("names_train.txt").read_text().split() + Path("names_test.txt").read_text().split()
    assert sorted(names) == [f"{i}.tif" for i in range(10)]
    assert len(Path("names_train.txt").read_text().split()) == 7


def test_split_command(capsys: Capture) -> None:
    assert run_cli("split", "train.nc", "--fractions", "0.5,0.5", "--seed=2", "-o", "a.nc,b.nc") == 0
    assert capsys.readouterr().out == "a.nc: 3\nb.nc: 3\n"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--fractions=0.8,0.3"], 2, "add up to 1 at most"),
        (["--fractions=1,0"], 2, "positive"),
        (["--fractions=half"], 2, "expected numbers"),
        (["--fractions=0.5,0.5", "-o", "a.nc"], 2, "2 fractions, but 1 names"),
        (["--fractions=0.5,0.5", "-o", "a.nc,a.nc"], 2, "must differ"),
        (["--fractions=0.5,0.5", "-o", "a.nc,train.nc"], 2, "must differ"),
        (["--fractions=0.5,0.5", "--by-tag-prefix=x"], 1, "tag 'seq0' does not begin with 'x'"),
        (["--fractions=0.5,0.5", "--by-tag-prefix=("], 2, "no regular expression"),
        (["--fractions=0.5,0.5", "--by-tag-prefix=3"], 1, "1 that can be dealt out are too few for 2 parts"),
        (["--fractions=0.5,0.5", "--seed=-1"], 2, "--seed -1"),
    ],
)
def test_split_errors(arguments: list[str], status: int, message: str, capsys: Capture) -> None:
    assert run_cli("split", "train.nc", *arguments) == status
    assert message in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["train.nc", "x.config"]


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_folder_without_a_name_is_not_split(name: str, capsys: Capture) -> None:
    assert run_cli("split", name, "--fractions=0.5,0.5") == 1
    assert f"{Path(name)}: is a folder, expected a file" in capsys.readouterr().err


# --- merge ---


def test_labels_are_joined_by_name() -> None:
    classification().write(Path("abc.nc"))
    raw = with_labels(base(), b"c", b"long name"[:4], b"a")
    raw.set("targetClasses", "i4", ("numTimesteps",), [0, 1, 2, -1] * 3).write(Path("other.nc"))
    merged = rnn.merge("merged.nc", ["abc.nc", "other.nc"])
    assert merged.labels == ["a", "b", "c", "long"]
    data = rnn.Dataset.read("merged.nc", task="classification")
    assert list(data.header.labels) == merged.labels
    names = ["-", *merged.labels]
    assert [names[i + 1] for i in np.ravel(data[3].target).tolist()] == ["c", "long", "a", "-"]
    same(data[1], rnn.Dataset.read("abc.nc", task="classification")[1])


def test_strings_of_other_lengths_and_missing_tags() -> None:
    raw_transcription().drop("seqTags").write(Path("short.nc"))
    more = raw_transcription().set("seqTags", "S1", ("numSeqs", "tagLength"), chars(b"a", b"a long tag", b""))
    more.set("targetStrings", "S1", ("numSeqs", "width"), chars(b"a b c a b c a b", b"b", b"c")).write(Path("long.nc"))
    rnn.merge("merged.nc", ["short.nc", "long.nc", "short.nc"])
    data = rnn.Dataset.read("merged.nc", task="transcription")
    assert [data.tag(i) for i in range(9)] == ["", "", "", "a", "a long tag", "", "", "", ""]
    assert [len(s.target) for s in data] == [2, 1, 3, 8, 1, 1, 2, 1, 3]  # type: ignore[arg-type]


def test_strings_that_share_a_dimension() -> None:
    raw = raw_transcription()
    raw.dimensions["width"] = 8
    for name in ("labels", "targetStrings", "seqTags"):
        kind, dimensions, values = raw.variables[name]
        wide = np.zeros((len(values), 8), dtype="S1")
        wide[:, : values.shape[1]] = values
        raw.variables[name] = (kind, (dimensions[0], "width"), wide)
    raw.write(Path("a.nc"))
    more = with_labels(raw_transcription(), b"a", b"b", b"c", b"long_label")
    more.write(Path("b.nc"))
    rnn.merge("merged.nc", ["a.nc", "b.nc"])
    one, two = (rnn.Dataset.read(path, task="transcription") for path in ("a.nc", "merged.nc"))
    assert list(two.header.labels) == ["a", "b", "c", "long_label"]
    for i in range(6):
        same(one[i % 3], two[i])


@pytest.mark.parametrize("variant", ["NETCDF4", "NETCDF3_CLASSIC"])
def test_merge_in_pieces(variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netcdf_copy, "BLOCK", 5)
    raw_transcription(2).write(Path("a.nc"), variant)
    rnn.merge("merged.nc", ["a.nc", "a.nc"])
    one, two = (rnn.Dataset.read(path, task="transcription") for path in ("a.nc", "merged.nc"))
    for i in range(6):
        same(one[i % 3], two[i])


def test_merge_command(capsys: Capture) -> None:
    assert run_cli("merge", "out.nc", "train.nc", "train.nc") == 0
    assert capsys.readouterr().out == "out.nc: 6 + 6 sequences\n"
    assert len(rnn.Dataset.read("out.nc", task="transcription")) == 12


def test_files_that_do_not_match(capsys: Capture) -> None:
    write_data(Path("images.nc"), images())
    write_data(Path("done.nc"))
    rnn.normalise(["done.nc"])
    classification().write(Path("classes.nc"))
    raw_transcription().write(Path("two.nc"))
    for files, message in (
        (["train.nc", "images.nc"], "numDims is 2, not 1"),
        (["train.nc", "two.nc"], "inputPattSize is 2, not 3"),
        (["classes.nc", "two.nc"], "but not in"),
        (["train.nc", "done.nc"], "but not in"),
    ):
        assert run_cli("merge", "out.nc", *files) == 1
        assert message in capsys.readouterr().err
        assert not Path("out.nc").exists()


def test_other_normalisations_do_not_merge() -> None:
    write_data(Path("a.nc"), transcription(seed=1))
    write_data(Path("b.nc"), transcription(seed=2))
    rnn.normalise(["a.nc"])
    rnn.normalise(["b.nc"])
    with pytest.raises(rnn.DataError, match=r"b.nc is normalised otherwise than a.nc"):
        rnn.merge("out.nc", ["a.nc", "b.nc"])


# --- statistics ---


def test_statistics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netcdf_copy, "BLOCK", 5)
    raw = raw_transcription().set("inputs", "f4", ("numTimesteps", "inputPattSize"), np.arange(24).reshape(12, 2))
    raw.write(Path("all.nc"))
    found = rnn.file_statistics("all.nc")
    inputs = np.arange(24).reshape(12, 2)
    assert found.num_points.tolist() == [4, 6, 2]
    assert found.target_labels is not None
    assert found.target_labels.tolist() == [2, 1, 3]
    np.testing.assert_allclose(found.columns["inputs"].mean, inputs.mean(axis=0))
    np.testing.assert_allclose(found.columns["inputs"].std, inputs.std(axis=0))
    assert found.columns["inputs"].max.tolist() == [22, 23]


def test_statistics_command(capsys: Capture) -> None:
    with netCDF4.Dataset("train.nc", "a") as file:
        file.variables["inputs"][3, 1] = np.inf
    assert run_cli("stats", "train.nc") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[2][:3] == ["points", "per", "sequence"]
    (column,) = [row for row in rows if row[:2] == ["inputs", "1"]]
    assert column[-1] == "1"
    assert run_cli("stats", "train.nc", "x.config") == 2
    assert "cannot be mixed" in capsys.readouterr().err
    assert run_cli("stats", "train.nc", "--error=ctcError") == 2


def test_columns_without_variance_have_none() -> None:
    write_data(Path("all.nc"), [{"inputs": np.full((9, 1), 0.1), "target": ["a"]} for _ in range(5)], labels=LABELS)
    assert rnn.file_statistics("all.nc").columns["inputs"].std.tolist() == [0]
