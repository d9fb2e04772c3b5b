# SPDX-License-Identifier: Apache-2.0
"""Inputs, targets and labels of every usual type, at every door: Dataset, write_netcdf, and a network."""

from __future__ import annotations

import datetime
import enum
import itertools
import re
from collections import deque
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import DataError, Dataset, Sequence, _core, write_netcdf
from rnnlib_py.data.values import as_numbers

POINTS, INPUTS = 4, 3
X = np.arange(POINTS * INPUTS, dtype=np.float32).reshape(POINTS, INPUTS) / 10
NAMES = ["a", "b"]
CLASSES = [0, 1, 1, 0]
OF_CLASSES = ["a", "b", "b", "a"]

LABELS_OF_EACH_TYPE: dict[str, Any] = {
    "int64": np.array(CLASSES),
    "uint8": np.array(CLASSES, np.uint8),
    "uint64": np.array(CLASSES, np.uint64),
    "float64": np.array(CLASSES, float),
    "float16": np.array(CLASSES, np.float16),
    "bool": np.array(CLASSES, bool),
    "list": CLASSES,
    "tuple": tuple(CLASSES),
    "deque": deque(CLASSES),
    "dict's values": dict(enumerate(CLASSES)).values(),
    "NumPy scalars": [np.int16(i) for i in CLASSES],
    "mixed numbers": [0, True, np.float32(1), np.False_],
    "objects": np.array(CLASSES, object),
    "names": OF_CLASSES,
    "str array": np.array(OF_CLASSES),
    "NumPy names": [np.str_(name) for name in OF_CLASSES],
    "object names": np.array(OF_CLASSES, object),
    "bytes": np.array([name.encode() for name in OF_CLASSES]),
    "bytes among names": [b"a", "b", "b", b"a"],
    "reversed view": np.array(CLASSES[::-1])[::-1],
}

NUMBERS_OF_EACH_TYPE: dict[str, Any] = {
    "float16": X.astype(np.float16),
    "float64": X.astype(float),
    "lists": X.tolist(),
    "tuples": tuple(map(tuple, X.tolist())),
    "big-endian": X.astype(">f8"),
    "Fortran order": np.asfortranarray(X),
    "objects": X.astype(object),
    "decimals": np.array([[Decimal(str(v)) for v in row] for row in X.tolist()]),
    "fractions": [[Fraction(v) for v in row] for row in X.tolist()],
}


class NotAMember:
    def __repr__(self) -> str:
        return "something"


@pytest.fixture(scope="module")
def networks() -> dict[str, rnn.Network]:
    header = rnn.DataHeader(1, INPUTS, 2, NAMES)
    return {
        task: rnn.Network.build(rnn.Config({"task": task, "hiddenSize": 2, "randSeed": 1}), header)
        for task in (
            "classification", "transcription", "sequence_classification", "regression", "sequence_regression",
        )
    }  # fmt: skip


def doors(task: str, item: Sequence, folder: Path) -> list[Sequence]:
    """The sequence after Dataset and after a file."""
    labels = NAMES if "regression" not in task else None
    memory = Dataset([item], task=task, labels=labels)[0]
    write_netcdf(folder / "d.nc", [item], labels, task=task)
    return [memory, Dataset.read(folder / "d.nc", task=task)[0]]


@pytest.mark.parametrize("task", ["classification", "transcription"])
@pytest.mark.parametrize("kind", LABELS_OF_EACH_TYPE)
def test_labels(tmp_path: Path, networks: dict[str, rnn.Network], task: str, kind: str) -> None:
    item = Sequence(X, LABELS_OF_EACH_TYPE[kind])
    network, good = networks[task], Sequence(X, np.array(CLASSES, np.int32))
    if task == "transcription":  # four points are too few for two labels that repeat
        item = Sequence(np.repeat(X, 3, axis=0), item.target)
        good = Sequence(item.inputs, good.target)
    for found in doors(task, item, tmp_path):
        assert found.target.dtype == np.int32
        assert found.target.tolist() == CLASSES
    assert network.evaluate(item) == network.evaluate(good)
    error, gradient = network.gradient(item)
    expected_error, expected = network.gradient(good)
    assert error == expected_error
    assert all(np.array_equal(gradient[name], expected[name]) for name in expected)
    assert network.check_gradient(item).passed
    trace = network.trace(item)
    assert "output_outputErrors" in trace
    assert {name: value.tolist() for name, value in trace.items()} == {
        name: value.tolist() for name, value in network.trace(good).items()
    }
    assert rnn.dump(network, item).labels == rnn.dump(network, good).labels


@pytest.mark.parametrize(
    "target",
    [1, np.int64(1), np.uint8(1), True, np.True_, 1.0, np.float32(1), "b", b"b", np.str_("b"), np.array("b"), [1],
     np.array(["b"], object)],
)  # fmt: skip
def test_a_single_label(tmp_path: Path, networks: dict[str, rnn.Network], target: Any) -> None:
    task = "sequence_classification"
    assert [found.target for found in doors(task, Sequence(X, target), tmp_path)] == [1, 1]
    assert networks[task].evaluate(Sequence(X, target)) == networks[task].evaluate(Sequence(X, 1))
    assert "output_outputErrors" in networks[task].trace(Sequence(X, target))


@pytest.mark.parametrize("target", ["a b", b"a b", np.str_("a b"), np.array("a b"), " a\tb\n"])
def test_a_string_of_labels(tmp_path: Path, networks: dict[str, rnn.Network], target: Any) -> None:
    assert [found.target.tolist() for found in doors("transcription", Sequence(X, target), tmp_path)] == [[0, 1]] * 2
    network = networks["transcription"]
    assert network.evaluate(Sequence(X, target)) == network.evaluate(Sequence(X, ["a", "b"]))


@pytest.mark.parametrize("kind", NUMBERS_OF_EACH_TYPE)
def test_numbers(tmp_path: Path, networks: dict[str, rnn.Network], kind: str) -> None:
    values = NUMBERS_OF_EACH_TYPE[kind]
    expected = np.asarray(X.astype(np.float16) if kind == "float16" else X, np.float32)
    network = networks["regression"]
    target = [list(row)[:2] for row in values]
    for found in doors("regression", Sequence(values, target), tmp_path):
        assert found.inputs.dtype == found.target.dtype == np.float32
        assert np.array_equal(found.inputs, expected)
        assert np.array_equal(found.target, expected[:, :2])
    lone, good = Sequence(values, target), Sequence(expected, expected[:, :2])
    assert network.evaluate(lone) == network.evaluate(good)
    assert np.array_equal(network.predict(lone)[0].outputs, network.predict(good)[0].outputs)
    assert network.jacobian(lone, [0])["input_errors"].tolist() == network.jacobian(good, [0])["input_errors"].tolist()


@pytest.mark.parametrize("values", [[1, 0], (True, False), np.array([1, 0], np.int8), [np.float16(1), 0]])
def test_whole_numbers_as_targets_of_regression(networks: dict[str, rnn.Network], values: Any) -> None:
    network = networks["sequence_regression"]
    assert network.evaluate(Sequence(X, values)) == network.evaluate(Sequence(X, np.array([1, 0], np.float32)))


@pytest.mark.parametrize("target", [0.5, np.float32(0.5), np.array(0.5), [0.5], Decimal("0.5"), Fraction(1, 2)])
def test_one_number_is_a_target_of_size_one(tmp_path: Path, target: Any) -> None:
    for found in doors("sequence_regression", Sequence(X, target), tmp_path):
        assert found.target.tolist() == [0.5]
    header = rnn.DataHeader(1, INPUTS, 1)
    network = rnn.Network.build(rnn.Config({"task": "sequence_regression", "hiddenSize": 2, "randSeed": 1}), header)
    assert network.evaluate(Sequence(X, target)) == network.evaluate(Sequence(X, np.array([0.5], np.float32)))
    assert "output_outputErrors" in network.trace(Sequence(X, target))


def test_generators() -> None:
    data = Dataset([((row for row in X.tolist()), (name for name in OF_CLASSES))], task="classification")
    assert data.header.labels == NAMES
    assert data[0].target.tolist() == CLASSES
    assert np.array_equal(data[0].inputs, X)
    repeated = Sequence((row for row in X.tolist()), itertools.chain([0, 1], [1, 0]))
    assert Dataset([repeated], task="classification", labels=NAMES)[0].target.tolist() == CLASSES


def test_pandas(tmp_path: Path, networks: dict[str, rnn.Network]) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not needed by the package; the extra [test] has it")
    table = pd.DataFrame(X.astype(float), columns=["x", "y", "z"])
    table["label"], table["class"] = OF_CLASSES, CLASSES
    labels = [
        table["label"], table["label"].astype(object), table["label"].astype("string"),
        table["label"].astype("category"), table["class"], table["class"].astype("Int64"),
        table["class"].astype("boolean"), table["class"].astype("Float64"), table["class"].astype("category"),
        pd.Categorical(OF_CLASSES), pd.Index(OF_CLASSES), table["label"].array,
    ]  # fmt: skip
    tables = [table[["x", "y", "z"]]]
    tables += [tables[0].astype("Float64"), tables[0].astype("float32"), tables[0].astype(object)]
    for inputs, target in itertools.product(tables, labels):
        for found in doors("classification", Sequence(inputs, target), tmp_path):
            assert np.array_equal(found.inputs, X)
            assert found.target.tolist() == CLASSES
        network = networks["classification"]
        assert network.evaluate(Sequence(inputs, target)) == network.evaluate(Sequence(X, CLASSES))
    missing = tables[1].copy()
    missing.iloc[2, 1] = pd.NA
    with pytest.raises(DataError, match=r"inputs of sequence 0: element \(2, 1\) is <NA>, expected a number"):
        Dataset([(missing, CLASSES)], task="classification", labels=NAMES)
    with pytest.raises(DataError, match=r"target of sequence 0: element 1 is (<NA>|nan|None), expected a class number"):
        Dataset([(X, pd.Series(["a", None, "b", "b"], dtype="string"))], task="classification", labels=NAMES)
    days = pd.Series(pd.date_range("2026-01-01", periods=POINTS))
    with pytest.raises(DataError, match="target of sequence 0 holds dates or times"):
        Dataset([(X, days)], task="classification", labels=NAMES)
    assert Dataset([(X, CLASSES)], task="classification", labels=pd.Series(NAMES)).header.labels == NAMES


WRONG_LABELS: list[tuple[Any, str]] = [
    ([0, 1, 1, 2.5], ": element 3 is 2.5, expected a class number or a label"),
    (np.array([0, 1, np.nan, 0]), ": element 2 is nan, expected a class number or a label"),
    ([0, np.inf, 0, 0], ": element 1 is inf, expected"),
    (["a", 1, "b", "b"], ": element 1 is 1, expected a label name like the others"),
    ([1, "a", 0, 0], ": element 1 is 'a', expected a class number like the others"),
    (["a", None, "b", "b"], ": element 1 is None, expected a class number or a label"),
    ([0, 1, 1j, 0], ": element 2 is 1j, expected"),
    ([0, NotAMember(), 0, 0], ": element 1 is something, expected"),
    ([0, 1, 1, 10**30], ": element 3 is 1000000000000000000000000000000, expected"),
    (np.array([0, 1, 1, 2**60]), ": label index 1152921504606846976 is out of range; expected -1 to 1"),
    ({"a": 1}, " is a dict, expected an array of labels"),
    ({"a", "b"}, " is a set, expected an array of labels"),
    (np.array(["2026-01-01"] * 4, "M8[D]"), " holds dates or times (datetime64[D])"),
    ([datetime.date(2026, 1, 1)] * 4, ": element 0 is datetime.date(2026, 1, 1), expected"),
    ([[0, 1], [1]], " is not an array of labels"),
    (["a", "b", "c", "a"], ": 'c' is not one of the 2 labels"),
]


@pytest.mark.parametrize(("target", "message"), WRONG_LABELS)
def test_what_cannot_be_a_label(networks: dict[str, rnn.Network], target: Any, message: str) -> None:
    expected = re.escape(f"target of sequence 0 ('t'){message}")
    sequence = Sequence(X, target, "t")
    with pytest.raises(DataError, match=expected):
        Dataset([sequence], task="classification", labels=NAMES)
    network = networks["classification"]
    for use in (network.evaluate, network.gradient, network.trace, network.check_gradient):
        with pytest.raises(DataError, match=expected):
            use(sequence)
    assert len(network.predict(sequence)) == 1  # which needs no target
    assert network.jacobian(sequence, [0])["input_errors"].shape == X.shape


WRONG_NUMBERS: list[tuple[Any, str]] = [
    (X + 1j, ": element (0, 0) is 1j, expected a number"),
    ([[1, 2, "3"], [1, 2, 3]], ": element (0, 2) is '3', expected a number"),
    ([[1, 2, None], [1, 2, 3]], ": element (0, 2) is None, expected a number"),
    (np.full((2, 3), "2026-01-01", "M8[D]"), " holds dates or times (datetime64[D]), expected numbers"),
    (np.zeros((2, 3), "m8[s]"), " holds dates or times (timedelta64[s]), expected numbers"),
    ([[datetime.datetime(2026, 1, 1)] * 3], ": element (0, 0) is datetime.datetime(2026"),
    ([[1, 2, 3], [1, 2]], " is not an array of numbers"),
    ({"x": [1, 2, 3]}, " is a dict, expected an array of numbers"),
    ("abc", ": it is 'abc', expected a number"),
    ([[1, 2, 10**400]], " is not an array of numbers: int too large to convert to float"),
    (None, ": it is None, expected a number"),
]


@pytest.mark.parametrize(("inputs", "message"), WRONG_NUMBERS)
def test_what_cannot_be_a_number(networks: dict[str, rnn.Network], inputs: Any, message: str) -> None:
    expected = re.escape(f"inputs of sequence 0{message}")
    with pytest.raises(DataError, match=expected):
        Dataset([(inputs, 1)], task="sequence_classification", labels=NAMES)
    for use in (networks["classification"].predict, networks["classification"].trace):
        with pytest.raises(DataError, match=expected):
            use(Sequence(inputs))


def test_the_second_of_several_sequences_is_named(networks: dict[str, rnn.Network]) -> None:
    with pytest.raises(DataError, match=r"target of sequence 1: element 0 is 0\.5"):
        networks["classification"].evaluate([Sequence(X, CLASSES), Sequence(X, [0.5, 1, 0, 1])])


def test_members_of_enumerations_are_worth_their_text() -> None:
    class Letter(str, enum.Enum):
        A = "a"
        B = "b"

    data = Dataset([(X, [Letter.B, Letter.A, Letter.A, Letter.B])], task="transcription", labels=list(Letter))
    assert data.header.labels == ["a", "b"]
    assert data[0].target.tolist() == [1, 0, 0, 1]


def test_a_view_of_memory_of_several_dimensions() -> None:
    data = Dataset([(memoryview(X), [0])], task="transcription", labels=NAMES)
    assert (data[0].inputs == X).all()


def test_names_of_labels() -> None:
    def names(labels: Any) -> list[str]:
        return Dataset([(X, [1, 0])], task="transcription", labels=labels).header.labels

    assert names([b"a", "b"]) == names(np.array([b"a", b"b"])) == names(dict.fromkeys(NAMES)) == NAMES
    assert names(dict.fromkeys(NAMES).keys()) == names(iter(NAMES)) == names("ab") == NAMES
    assert names(range(2)) == names(np.arange(2)) == ["0", "1"]
    with pytest.raises(DataError, match=r"labels are a set, whose order differs from run to run; give a list"):
        names({"a", "b"})
    with pytest.raises(DataError, match="labels: element 1 is nan, expected a name"):
        names(["a", float("nan")])


@pytest.mark.parametrize("label", ["a\u00a0b", "\u3000", "\u2028x", "x\u0085", "é\u2003e"])
def test_white_space_is_ascii_s(tmp_path: Path, label: str) -> None:
    """Other white space may be part of a label, in arrays, files, configs, saves and dumps alike."""
    labels = [label, "b"]
    write_netcdf(tmp_path / "d.nc", [(np.repeat(X, 3, axis=0), f" {label}\t\n\v\f\r b ")], labels, task="transcription")
    data = Dataset.read(tmp_path / "d.nc", task="transcription")
    assert data.header.labels == labels
    assert data[0].target.tolist() == [0, 1]
    assert Dataset([(X, f"{label} b")], task="transcription").header.labels == sorted(labels)
    network = rnn.Network.build(rnn.Config({"task": "transcription", "hiddenSize": 2}), data.header)
    network.save(tmp_path / "n.save")
    assert rnn.Network.load(tmp_path / "n.save").header.labels == labels
    dump = rnn.dump(network, data[0])
    dump.write(tmp_path / "dump")
    assert rnn.read_dump(tmp_path / "dump").labels == dump.labels
    for space in " \t\n\v\f\r":
        with pytest.raises(DataError, match="a name holds no white space"):
            Dataset([(X, [0])], task="transcription", labels=[f"a{space}b"])


@pytest.mark.parametrize("target", [[0, 1], np.array([0, 1]), ["a", "b"], "a b", np.int64(1), 0.5])
def test_a_target_that_is_not_converted_is_not_taken_for_none(target: Any) -> None:
    sequence = Sequence(X, target, "t")
    for name in ("target_classes", "target_patterns"):
        with pytest.raises(DataError, match="the target of sequence 't' is not converted yet"):
            getattr(sequence, name)


@pytest.mark.parametrize(("inputs", "message"), [w for w in WRONG_NUMBERS if w[0] is not None])
def test_what_a_stream_does_not_take(inputs: Any, message: str) -> None:
    config = rnn.Config({"task": "classification", "hiddenSize": 2, "randSeed": 1, "bidirectional": False})
    stream = rnn.Network.build(config, rnn.DataHeader(1, INPUTS, 0, NAMES)).stream()
    with pytest.raises(DataError, match=re.escape(f"inputs{message}")):
        stream.push(inputs)
    expected = stream.push(X.astype(np.float16)).outputs
    stream.reset()
    assert np.array_equal(stream.push(X.astype(np.float16).tolist()).outputs, expected)


@pytest.mark.parametrize("num_dims", [1, 2])
def test_pictures_of_lists(num_dims: int) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra [plot]")
    inputs = np.random.default_rng(0).normal(size=(6,) * num_dims + (INPUTS,))
    config = rnn.Config({"task": "classification", "hiddenSize": 2, "randSeed": 1})
    network = rnn.Network.build(config, rnn.DataHeader(num_dims, INPUTS, 0, NAMES))
    sequence = Sequence(inputs.tolist())
    assert rnn.plot_jacobian(rnn.jacobian(network, sequence, [1] * num_dims), sequence) is not None


def test_arrays_that_are_not_aligned_are_copied() -> None:
    """Parts of a larger buffer may begin at any byte; compiled code may count on those that fit the type."""
    values = np.arange(12, dtype=np.float32).reshape(4, 3)
    part = np.frombuffer(b"x" + values.tobytes(), np.uint8)[1:].view(np.float32).reshape(4, 3)
    assert not part.flags.aligned
    found = as_numbers(part, "inputs")
    assert found.flags.aligned
    assert np.array_equal(found, values)
    assert as_numbers(values, "inputs") is values
    with pytest.raises(rnn.DataError, match="not aligned"):
        _core.SequenceBatch().add(part)
