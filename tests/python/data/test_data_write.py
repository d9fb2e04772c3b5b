# SPDX-License-Identifier: Apache-2.0
"""write_netcdf: what is written is what is read back; what cannot be written leaves nothing behind."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnnlib_py._core import ConfigError, DataError, IoError
from rnnlib_py.data import Dataset, Sequence, write_netcdf

TASKS = ["transcription", "classification", "sequence_classification", "regression", "sequence_regression"]
VARIANTS = ["NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]
LABELS = ["a", "long-label", "ü", "0", "z"]


def reals(shape: tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(np.float32, shape, elements=st.floats(-(2.0**100), 2.0**100, width=32))


def classes(shape: tuple[int, ...], least: int) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(np.int32, shape, elements=st.integers(least, len(LABELS) - 1))


@st.composite
def sequence_lists(draw: st.DrawFn, task: str) -> list[Sequence]:
    """Sequences of a random number of dimensions, with everything that a sequence may have."""
    num_dims, input_size, target_size = (draw(st.integers(least, most)) for least, most in ((0, 4), (1, 3), (1, 3)))
    shapes = st.tuples(*[st.integers(1, 4)] * num_dims)
    own_target_shape, weighted = draw(st.booleans()), draw(st.booleans())
    sequences = []
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(shapes)
        points = draw(shapes) if own_target_shape else shape
        target: Any = {
            "transcription": lambda: draw(classes((draw(st.integers(0, 5)),), 0)),
            "classification": lambda points=points: draw(classes(points, -1)),
            "sequence_classification": lambda: draw(st.integers(-1, len(LABELS) - 1)),
            "regression": lambda points=points: draw(reals((*points, target_size))),
            "sequence_regression": lambda: draw(reals((target_size,))),
        }[task]()
        sequence = Sequence(draw(reals((*shape, input_size))), target, draw(st.sampled_from(["", "tag", "täg 2"])))
        if weighted and task in ("classification", "regression"):
            sequence.importance = np.abs(draw(reals(points)))
        sequence.words = draw(st.sampled_from(["", "two words"]))
        sequences.append(sequence)
    return sequences


def assert_same(found: Sequence, expected: Sequence) -> None:
    assert np.array_equal(found.inputs, expected.inputs)
    assert found.inputs.shape == expected.inputs.shape
    assert type(found.target) is type(expected.target)
    assert np.array_equal(found.target, expected.target)
    assert np.shape(found.target) == np.shape(expected.target)
    assert (found.tag, found.words) == (expected.tag, expected.words)
    if expected.importance is not None:
        assert np.array_equal(found.importance, expected.importance)


@pytest.mark.parametrize("task", TASKS)
@given(data=st.data())
def test_round_trip(task: str, data: st.DataObject) -> None:
    sequences = data.draw(sequence_lists(task))
    variant = data.draw(st.sampled_from(VARIANTS))
    compression = variant.startswith("NETCDF4") and data.draw(st.booleans())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.nc"
        labels = LABELS if "regression" not in task else None
        dims = sequences[0].inputs.ndim - 1
        write_netcdf(path, sequences, labels, task=task, dims=dims, format=variant, compression=compression)
        budget = data.draw(st.sampled_from([0, 2**30]))
        with Dataset.read(path, task=task, budget_bytes=budget) as found:
            assert list(found.header.labels) == (labels or [])
            assert found.header.num_dims == sequences[0].inputs.ndim - 1
            for a, b in zip(found, sequences, strict=True):
                assert_same(a, b)
                if task in ("classification", "regression"):
                    points = np.shape(b.target)[: b.inputs.ndim - 1]
                    assert (a.target_shape or a.shape) == points
        assert [p.name for p in Path(folder).iterdir()] == ["d.nc"]


@pytest.mark.parametrize("task", TASKS)
@given(data=st.data())
def test_set_in_memory_is_the_set_in_the_file(task: str, data: st.DataObject) -> None:
    sequences = data.draw(sequence_lists(task))
    dims = sequences[0].inputs.ndim - 1
    memory = Dataset(sequences, task=task, labels=LABELS, dims=dims)
    with tempfile.TemporaryDirectory() as folder:
        write_netcdf(Path(folder) / "d.nc", sequences, LABELS, task=task, dims=dims)
        file = Dataset.read(Path(folder) / "d.nc", task=task)
        assert np.array_equal(memory.shapes, file.shapes)
        assert list(memory.header.labels) == list(file.header.labels)
        assert memory.header.target_size == file.header.target_size
        for a, b in zip(memory, file, strict=True):
            assert_same(a, b)


def test_stored_order(tmp_path: Path) -> None:
    """An image of width 2 and height 3, indexed [x][y], is stored as seqDims (3, 2), column by column."""
    image = np.arange(6, dtype=np.float32).reshape(2, 3, 1)
    write_netcdf(tmp_path / "d.nc", [(image, "a")], task="transcription")
    with netCDF4.Dataset(tmp_path / "d.nc") as file:
        assert file["seqDims"][:].tolist() == [[3, 2]]
        assert file["inputs"][:].ravel().tolist() == [0, 1, 2, 3, 4, 5]
        sizes = {name: len(dimension) for name, dimension in file.dimensions.items()}
    assert sizes == {
        "numSeqs": 1, "numTimesteps": 6, "inputPattSize": 1, "numDims": 2,
        "numLabels": 1, "maxLabelLength": 2, "maxTargStringLength": 2,
    }  # fmt: skip


def ones(*shape: int) -> np.ndarray:
    return np.ones(shape)


@pytest.mark.parametrize(
    ("task", "target", "expected"),
    [
        ("transcription", "b a  b", [1, 0, 1]),
        ("transcription", ["b", "a"], [1, 0]),
        ("transcription", [1, 0], [1, 0]),
        ("transcription", "", []),
        ("transcription", [], []),
        ("classification", ["a", "b", "a"], [0, 1, 0]),
        ("classification", [0, -1, 1], [0, -1, 1]),
        ("sequence_classification", "b", 1),
        ("sequence_classification", np.int64(1), 1),
        ("sequence_classification", -1, -1),
        ("regression", [[1], [2], [3.5]], [[1], [2], [3.5]]),
        ("sequence_regression", [1, 2], [1, 2]),
    ],
)
def test_forms_of_targets(task: str, target: Any, expected: Any) -> None:
    for item in ((ones(3, 2), target), {"inputs": ones(3, 2), "target": target}, Sequence(ones(3, 2), target)):
        data = Dataset([item], task=task, labels=["a", "b"])
        assert np.array_equal(data[0].target, expected)
        assert data[0].inputs.dtype == np.float32


def test_labels_from_targets() -> None:
    def labels(task: str, *targets: Any) -> list[str]:
        return list(Dataset([(ones(1, 1), target) for target in targets], task=task).header.labels)

    assert labels("transcription", "b c", "", "a b") == ["a", "b", "c"]
    assert labels("sequence_classification", 2, 0) == ["0", "1", "2"]
    assert labels("sequence_classification", 10, 0)[:2] == ["00", "01"]
    assert labels("classification", ["x"], ["y"]) == ["x", "y"]


def test_without_targets(tmp_path: Path) -> None:
    write_netcdf(tmp_path / "d.nc", [(ones(2, 1), None), (ones(3, 1), None)], task="transcription")
    data = Dataset.read(tmp_path / "d.nc", task="transcription", targets=False)
    assert [s.target for s in data] == [None, None]


BAD: list[tuple[str, list[Any], str]] = [
    ("transcription", [], "no sequences were given"),
    ("transcription", [3], "sequence 0 is int; expected a Sequence, a pair (inputs, target) or a dict"),
    ("transcription", [{"target": "a"}], "sequence 0 has no 'inputs'"),
    ("transcription", [{"inputs": ones(1, 1), "name": "x"}], "sequence 0 has the unknown field 'name'"),
    ("transcription", [(ones(2, 1), "a"), (ones(2, 1), None)], "sequence 1 has no target, others have one"),
    ("transcription", [(1.5, "a")], "inputs of sequence 0 have shape []"),
    ("transcription", [(ones(0, 2), "a")], "inputs of sequence 0 have shape [0, 2]; expected [*shape, input size]"),
    ("transcription", [([[1], [1, 2]], "a")], "inputs of sequence 0 is not an array of numbers"),
    ("transcription", [(["x"], "a")], "inputs of sequence 0: element 0 is 'x', expected a number"),
    ("transcription", [Sequence(np.full((2, 1), np.nan), "a", "t")], "('t'): inputs at point 0, column 0 is nan"),
    ("transcription", [Sequence(np.full((2, 1), 1e300), "a", "t")], "column 0 is inf; expected finite numbers (in 32"),
    ("transcription", [(ones(2, 1), "a"), (ones(2, 2), "a")], "sequence 1 have shape [2, 2]; sequence 0 has [2, 1]"),
    ("transcription", [(ones(2, 1), "a"), (ones(2, 2, 1), "a")], "inputs of sequence 1 have shape [2, 2, 1]"),
    ("transcription", [(ones(2, 1), "a q")], "target of sequence 0: 'q' is not one of the 2 labels"),
    ("transcription", [(ones(2, 1), [0, 2])], "target of sequence 0: label index 2 is out of range; expected 0 to 1"),
    ("transcription", [(ones(2, 1), [-1])], "label index -1 is out of range; expected 0 to 1"),
    ("classification", [(ones(2, 1), [-2, 0])], "label index -2 is out of range; expected -1 to 1"),
    ("transcription", [(ones(2, 1), [0.5])], "element 0 is 0.5, expected a class number or a label"),
    ("transcription", [(ones(2, 1), 1)], "target of sequence 0 has shape [], expected a list of labels"),
    ("sequence_classification", [(ones(2, 1), [1, 0])], "target of sequence 0 has shape [2], expected a single label"),
    ("classification", [(ones(2, 1), 0)], "target of sequence 0 has shape [], expected 1 axes (one label per point)"),
    ("regression", [(ones(2, 1), [1.0, 2.0])], "has shape [2], expected 2 axes ([*shape, target size])"),
    ("regression", [(ones(2, 1), [[np.inf], [1]])], "sequence 0: target at point 0, column 0 is inf"),
    ("sequence_regression", [(ones(2, 1), [1]), (ones(2, 1), [1, 2])], "sequence 1 has target size 2; sequence 0"),
    ("classification", [{"inputs": ones(2, 1), "target": [0, 1], "importance": [1]}],
     "importance of sequence 0 has shape [1], expected the target's [2]"),
    ("classification", [{"inputs": ones(2, 1), "target": [0, 1], "importance": [1, -1]}],
     "sequence 0: importance is -1.0"),
    ("transcription", [{"inputs": ones(2, 1), "target": "a", "tag": "x\0"}], "tag and words should be strings"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "sequences", "message"), BAD)
def test_bad_sequences(tmp_path: Path, task: str, sequences: list[Any], message: str) -> None:
    path = tmp_path / "d.nc"
    with pytest.raises(DataError, match=re.escape(f"{path}: not written: ") + ".*" + re.escape(message)):
        write_netcdf(path, sequences, ["a", "b"], task=task)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataError, match=re.escape(message)):
        Dataset(sequences, task=task, labels=["a", "b"])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", "a"], "labels 0 and 1 have the same name 'a'"),
        (["a", "blank"], "label 1 is named 'blank'"),
        (["a", "b c"], "label 1 is named 'b c'; a name holds no white space"),
        ([], "at least one label, found none"),
    ],
)
def test_bad_labels(labels: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Dataset([(ones(1, 1), "")], task="transcription", labels=labels)


def test_names_and_indices_need_labels() -> None:
    with pytest.raises(DataError, match="label names and label indices; give the labels"):
        Dataset([(ones(1, 1), "a"), (ones(1, 1), [1])], task="transcription")


def test_bad_options(tmp_path: Path) -> None:
    good = [(ones(1, 1), "a")]
    with pytest.raises(ConfigError, match="unknown netCDF format 'NETCDF5'"):
        write_netcdf(tmp_path / "d.nc", good, task="transcription", format="NETCDF5")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="NETCDF3_CLASSIC has no compression"):
        write_netcdf(tmp_path / "d.nc", good, task="transcription", format="NETCDF3_CLASSIC", compression=True)
    with pytest.raises(ConfigError, match="unknown task 'x'"):
        write_netcdf(tmp_path / "d.nc", good, task="x")
    with pytest.raises(IoError, match=r"none/d\.nc: cannot be written: no such folder"):
        write_netcdf(tmp_path / "none" / "d.nc", good, task="transcription")


def test_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.nc"
    write_netcdf(path, [(ones(1, 1), "a")], task="transcription")
    before = path.read_bytes()

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rnnlib_py.data.netcdf.writer._Contents.write", disk_full)
    with pytest.raises(IoError, match=r"d\.nc: cannot be written: .*No space left"):
        write_netcdf(path, [(ones(9, 1), "a")], task="transcription")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
