# SPDX-License-Identifier: Apache-2.0
"""Dumps: RNNLIB's text files and the binary ones, by command, by RNNLIB's modes and from Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny import LABELS, images, run_cli, write_config, write_data

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def make_network(**values: object) -> rnn.Network:
    config = rnn.Config.read("x.config", **values)
    network = rnn.Network.build(config, rnn.Dataset.read("train.nc", task=config["task"]).header)
    network.save("net.save")
    return network


def first(task: str = "transcription") -> rnn.Sequence:
    return rnn.Dataset.read("train.nc", task=task)[0]


def test_text_files_are_rnnlibs() -> None:
    network = make_network()
    sequence = first()
    paths = rnn.dump(network, sequence).write("out")
    trace = network.trace(sequence)
    assert sorted(path.name for path in paths) == sorted(trace) == sorted(p.name for p in Path("out").iterdir())
    labels, dimensions, *units = Path("out/output_outputActivations").read_text().splitlines()
    assert labels == "LABELS: a b c blank"
    assert dimensions == "DIMENSIONS: 12"
    numbers = np.array([[float(word) for word in unit.split()] for unit in units])
    np.testing.assert_array_equal(numbers.T, trace["output_outputActivations"])
    assert not Path("out/hidden_0_0_states").read_text().startswith("LABELS")


def test_images_are_written_with_the_last_dimension_fastest() -> None:
    write_data(Path("train.nc"), images(width=5, height=3))
    network = make_network()
    rnn.dump(network, first()).write("out")
    dimensions, unit = Path("out/input_activations").read_text().splitlines()
    assert dimensions == "DIMENSIONS: 5 3"
    np.testing.assert_array_equal([float(x) for x in unit.split()], first().inputs.reshape(-1).astype(np.float64))


@pytest.mark.parametrize("precision", ["float", "double"])
@pytest.mark.parametrize(("kind", "path"), [("text", "out"), ("npz", "out.npz"), ("nc", "out.nc")])
def test_every_format_reads_back_bit_for_bit(kind: str, path: str, precision: str) -> None:
    network = make_network(precision=precision)
    written = rnn.dump(network, first())
    written.write(path, kind)  # type: ignore[arg-type]
    found = rnn.read_dump(path)
    assert set(found.variables) == set(written.variables)
    for name, values in written.variables.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
    assert found.labels == written.labels
    assert found.tag == ("" if kind == "text" else "seq0")


def test_unit_labels() -> None:
    network = make_network()
    sequence = first()
    labels = rnn.dump(network, sequence).labels
    assert labels["output_inputErrors"] == [*LABELS, "blank"]
    target = [LABELS[i] for i in sequence.target]  # type: ignore[union-attr]
    assert labels["output_forwardVariables"] == ["blank", *(x for label in target for x in (label, "blank"))]
    assert "hidden_0_0_states" not in labels


def test_two_classes_are_one_unit_of_the_second() -> None:
    sequences = [{"inputs": np.ones((4, 1)), "target": [0, 1, 0, 1]}]
    write_data(Path("train.nc"), sequences, "classification", labels=["no", "yes"])
    network = make_network(task="classification")
    assert rnn.dump(network, first("classification")).labels["output_outputActivations"] == ["yes"]


def test_a_single_point_has_no_dimensions() -> None:
    sequences = [{"inputs": np.ones((4, 1)) * i, "target": ["a", "b", "c"][i]} for i in range(3)]
    write_data(Path("train.nc"), sequences, "sequence_classification")
    network = make_network(task="sequence_classification")
    rnn.dump(network, first("sequence_classification")).write("out")
    assert Path("out/output_outputActivations").read_text().splitlines()[1] == "DIMENSIONS:"
    assert rnn.read_dump("out")["output_outputActivations"].shape == (3,)


# --- the command ---


@pytest.mark.parametrize(("kind", "path"), [("text", "out"), ("npz", "out.npz"), ("nc", "out.nc")])
def test_command(kind: str, path: str, capsys: Capture) -> None:
    network = make_network()
    assert run_cli("dump", "net.save", "train.nc", "--sequence", 2, "-o", path, "--format", kind) == 0
    assert path in capsys.readouterr().out
    expected = network.trace(rnn.Dataset.read("train.nc", task="transcription")[2])
    np.testing.assert_array_equal(rnn.read_dump(path)["hidden_0_1_states"], expected["hidden_0_1_states"])


def test_command_on_the_saves_own_data() -> None:
    make_network()
    write_data(Path("val.nc"), images(count=1))
    assert run_cli("dump", "net.save", "-o", "out", "--sequence=1") == 0
    assert run_cli("dump", "net.save", "train.nc", "--sequence=1", "-o", "same") == 0
    assert Path("out/input_activations").read_text() == Path("same/input_activations").read_text()


def test_a_file_without_targets_has_no_errors() -> None:
    make_network()
    rnn.write_netcdf("bare.nc", [{"inputs": np.ones((7, 3)), "target": None}], task="transcription")
    assert run_cli("dump", "net.save", "bare.nc", "-o", "out") == 0
    names = {path.name for path in Path("out").iterdir()}
    assert "hidden_0_0_states" in names
    assert not any(name.endswith("Errors") for name in names)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["dump", "net.save", "train.nc", "--sequence", "6", "-o", "out"], 2, "expected 0 to 5: train.nc has 6"),
        (["dump", "net.save", "train.nc", "--sequence", "-1", "-o", "out"], 2, "sequence is -1"),
        (["dump", "net.save", "--sequence", "6", "-o", "out"], 2, "expected 0 to 5"),
        (["dump", "net.save", "train.nc"], 2, "-o/--output"),
        (["dump", "x.config", "train.nc", "-o", "out"], 2, "needs a save"),
        (["dump", "net.save", "gone.nc", "-o", "out"], 1, "gone.nc: no such file"),
        (["dump", "net.save", "train.nc", "-o", "train.nc"], 1, "train.nc: cannot be made"),
        (["dump", "net.save", "train.nc", "-o", "gone/out.npz", "--format", "npz"], 1, "gone: cannot write"),
        (["dump", "net.save", "train.nc", "-o", "out", "--format", "xml"], 2, "invalid choice"),
    ],
)
def test_errors(arguments: list[str], status: int, message: str, capsys: Capture) -> None:
    make_network()
    assert run_cli(*arguments) == status
    assert message in capsys.readouterr().err


# --- RNNLIB's modes ---


@pytest.mark.parametrize("start", ["net.save", "x.config"])
def test_display_mode(start: str, capsys: Capture) -> None:
    make_network()
    arguments = ["--display=true", "--dumpPath=made/here", "--dataset=train", "--dataFileNum=0", "--sequence=3"]
    assert run_cli("train", start, *arguments) == 0
    assert "epoch" not in capsys.readouterr().out
    tagged = rnn.Dataset.read("train.nc", task="transcription")[3].inputs
    np.testing.assert_array_equal(rnn.read_dump("made/here")["input_activations"], tagged)


def test_jacobian_mode() -> None:
    network = make_network()
    assert run_cli("train", "net.save", "--jacobianCoords=4,1", "--dumpPath=out") == 0
    expected = network.jacobian(first(), [4], 1)
    found = rnn.read_dump("out")
    np.testing.assert_array_equal(found["input_errors"], expected["input_errors"])
    assert np.count_nonzero(found["output_outputErrors"]) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--display=true"], "dumpPath is not given"),
        (["--display=true", "--dumpPath=out", "--sequence=9"], "sequence is 9"),
        (["--jacobianCoords=12", "--dumpPath=out"], "12 is outside dimension 0"),
        (["--jacobianCoords=1,2,3", "--dumpPath=out"], "found 3"),
    ],
)
def test_errors_of_the_modes(arguments: list[str], message: str, capsys: Capture) -> None:
    make_network()
    assert run_cli("train", "net.save", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not Path("out").exists()


# --- reading ---


def test_dumps_of_rnnlib_are_read() -> None:
    Path("theirs").mkdir()
    Path("theirs/output_outputActivations").write_text("LABELS: a b\nDIMENSIONS: 3 \n0.1 0.2 1e-05 \n1 -2 nan \n")
    Path("theirs/readme").write_text("not a dump")
    found = rnn.read_dump("theirs")
    np.testing.assert_array_equal(found["output_outputActivations"], [[0.1, 1], [0.2, -2], [1e-5, np.nan]])
    assert found.labels == {"output_outputActivations": ["a", "b"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DIMENSIONS: 3\n1 2\n", "line 2: 2 values, expected 3"),
        ("LABELS: a\n1 2\n", "line 2: expected DIMENSIONS:"),
        ("DIMENSIONS: x\n", "not a number"),
        ("LABELS: a b\nDIMENSIONS: 1\n1\n", "2 labels, but 1 units"),
    ],
)
def test_damaged_text(text: str, message: str) -> None:
    Path("bad").mkdir()
    Path("bad/input_activations").write_text(text)
    with pytest.raises(rnn.FormatError, match=message):
        rnn.read_dump("bad")


def test_what_is_no_dump() -> None:
    Path("empty").mkdir()
    np.savez("text.npz", x=np.array(["a"]))
    Path("bad.npz").write_bytes(b"PK\3\4 and then nothing")
    for path, kind, message in (
        ("empty", rnn.FormatError, "no dump files"),
        ("gone", rnn.IoError, "no such file"),
        ("bad.npz", rnn.FormatError, "not a dump"),
        ("text.npz", rnn.FormatError, "not a dump"),
        ("train.nc", rnn.FormatError, "not a dump"),
    ):
        with pytest.raises(kind, match=message):
            rnn.read_dump(path)


def test_a_failed_write_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.npz").write_text("old")
    network = make_network()

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(rnn.IoError, match=r"out.npz: cannot be written: No space left"):
        rnn.dump(network, first()).write("out.npz", "npz")
    assert Path("out.npz").read_text() == "old"
    assert not list(Path().glob("*rnnlib-tmp*"))


def test_unknown_format() -> None:
    with pytest.raises(rnn.ConfigError, match="unknown dump format"):
        rnn.Dump({}).write("x", "xml")  # type: ignore[arg-type]


def test_config_may_hold_the_keys() -> None:
    write_config(Path("y.config"), display=True, dumpPath="out")
    assert run_cli("train", "y.config") == 0
    assert Path("out/input_activations").exists()
