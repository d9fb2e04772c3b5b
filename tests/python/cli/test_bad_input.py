# SPDX-License-Identifier: Apache-2.0
"""Bad input: a clear error and a non-zero status, nothing written, nothing lost."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from tiny import (
    framewise,
    images,
    left_behind,
    run_cli,
    saves,
    start_cli,
    transcription,
    write_data,
)

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def refused(capsys: Capture, *arguments: object, status: int) -> str:
    """Runs `train` with autosave, which must fail with one line and write nothing; returns the line."""
    assert run_cli("train", "x.config", "--autosave=true", *arguments) == status
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert left_behind(Path()) == []
    lines = [line for line in err.splitlines() if line.startswith("rnnlib-py: error: ")]
    assert len(lines) == 1
    return lines[0]


# --- configs ---


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("--hiddenSize=0", ["hiddenSize", "0"]),
        ("--hiddenSize=-3", ["hiddenSize", "-3"]),
        ("--hiddenSize=many", ["hiddenSize", "many"]),
        ("--hiddenSize=", ["hiddenSize"]),
        ("--hiddenType=gruu", ["hiddenType", "gruu"]),
        ("--task=translation", ["task", "translation"]),
        ("--task=", ["task"]),
        ("--optimiser=sgd", ["optimiser", "sgd"]),
        ("--learnRate=-1", ["learnRate", "-1"]),
        ("--momentum=1.5", ["momentum", "1.5"]),
        ("--dataFraction=0", ["dataFraction"]),
        ("--precision=half", ["precision", "half"]),
        ("--threads=0", ["threads", "0"]),
        ("--hiddenBlock=2", ["hiddenBlock"]),
        ("--subsampleSize=2,3", ["subsampleSize"]),
        ("--inputBlock=2,2", ["inputBlock"]),
        ("--bidirectional=true,false", ["bidirectional"]),
        ("--trainFile=", ["trainFile"]),
    ],
)
def test_config_values(override: str, words: list[str], capsys: Capture) -> None:
    error = refused(capsys, override, status=2)
    assert all(word in error for word in words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("hiddensize 4", ["line 2 of x.config", "hiddensize", "hiddenSize"]),
        ("learnRate fast", ["line 2 of x.config", "learnRate", "fast"]),
        ("hiddenBlock 3;;4", ["line 2 of x.config", "hiddenBlock"]),
    ],
)
def test_config_lines(line: str, words: list[str], capsys: Capture) -> None:
    Path("x.config").write_text(f"task transcription\n{line}\n")
    error = refused(capsys, status=2)
    assert all(word in error for word in words)


def test_a_config_that_is_no_text(capsys: Capture) -> None:
    assert run_cli("train", "train.nc") == 1
    assert "train.nc: is a netCDF or HDF5 file, expected a config or a save" in capsys.readouterr().err


# --- data files ---


def test_missing_data_file(capsys: Capture) -> None:
    assert "trainFile: no file gone.nc in the current folder or in" in refused(capsys, "--trainFile=gone.nc", status=1)


@pytest.mark.parametrize("key", ["trainFile", "valFile", "testFile"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"this is no netCDF file", "is text, expected a netCDF file"),
        (b"CDF\x01", "cut short"),
        (b"\x89HDF\r\n\x1a\n" + bytes(64), "damaged or cut short"),
    ],
)
def test_damaged_data_files(key: str, content: bytes, words: str, capsys: Capture) -> None:
    Path("bad.nc").write_bytes(content)
    error = refused(capsys, f"--{key}=bad.nc", status=1)
    assert "bad.nc" in error
    assert words in error


def test_truncated_data_file(capsys: Capture) -> None:
    whole = Path("train.nc").read_bytes()
    Path("train.nc").write_bytes(whole[: len(whole) // 2])
    assert "train.nc" in refused(capsys, status=1)


def test_a_folder_is_no_data_file(capsys: Capture) -> None:
    Path("folder").mkdir()
    assert "folder" in refused(capsys, "--trainFile=folder", status=1)


@pytest.mark.parametrize(
    ("variable", "index", "value", "words"),
    [
        ("inputs", 13, float("nan"), ["seq1", "nan"]),
        ("inputs", 13, float("inf"), ["seq1", "inf"]),
        ("seqDims", 2, 0, ["seq2", "seqDims"]),
        ("seqDims", 2, -4, ["seq2", "seqDims"]),
        ("seqDims", 2, 13, ["seqDims", "73", "72"]),
    ],
)
def test_damaged_variables(variable: str, index: int, value: float, words: list[str], capsys: Capture) -> None:
    with netCDF4.Dataset("train.nc", "a") as file:
        file.variables[variable][index] = value
    error = refused(capsys, status=1)
    assert all(word in error for word in ["train.nc", *words])


@pytest.mark.parametrize("key", ["valFile", "testFile"])
def test_damage_in_the_other_sets_is_found_before_the_first_epoch(key: str, capsys: Capture) -> None:
    write_data(Path("other.nc"))
    with netCDF4.Dataset("other.nc", "a") as file:
        file.variables["inputs"][60] = float("nan")
    assert "seq5" in refused(capsys, f"--{key}=other.nc", status=1)


def test_empty_validation_set(capsys: Capture) -> None:
    with netCDF4.Dataset("empty.nc", "w") as file:
        for name, size in {"numSeqs": 0, "numTimesteps": 0, "inputPattSize": 3, "numLabels": 3, "m": 2}.items():
            file.createDimension(name, size)
    error = refused(capsys, "--valFile=empty.nc", status=1)
    assert "empty.nc" in error


def test_class_out_of_range(capsys: Capture) -> None:
    rnn.write_netcdf("train.nc", framewise(), ["x", "y", "z"], task="classification")
    with netCDF4.Dataset("train.nc", "a") as file:
        file.variables["targetClasses"][9] = 3
    error = refused(capsys, "--task=classification", status=1)
    assert "seq1" in error
    assert "3" in error


def test_task_without_its_targets(capsys: Capture) -> None:
    assert "targetPatt" in refused(capsys, "--task=regression", status=1)


def relabel(path: str, *labels: bytes) -> None:
    with netCDF4.Dataset(path, "a") as file:
        file.variables["labels"][:] = (
            np.array([label.ljust(2, b"\0") for label in labels], "S2").view("S1").reshape(-1, 2)
        )


def test_unknown_labels_are_warned_about_with_counts(capsys: Capture) -> None:
    relabel("train.nc", b"a", b"b", b"x")
    assert run_cli("train", "x.config", "--autosave=true") == 0
    err = capsys.readouterr().err
    assert re.fullmatch(r"rnnlib-py: warning: train\.nc: (\d+) labels .*: 'c' \1 times\n", err)
    assert next(Path().glob("*.log")).read_text().count("'c' ") == 1


def test_all_labels_unknown(capsys: Capture) -> None:
    relabel("train.nc", b"x", b"y", b"z")
    assert "train.nc" in refused(capsys, status=1)


def test_label_named_blank(capsys: Capture) -> None:
    with netCDF4.Dataset("train.nc") as old, netCDF4.Dataset("blank.nc", "w") as new:
        for name, dimension in old.dimensions.items():
            new.createDimension(name, 6 if name == "maxLabelLength" else len(dimension))
        for name, variable in old.variables.items():
            copy = new.createVariable(name, variable.dtype, variable.dimensions)
            if name != "labels":
                copy[:] = variable[:]
        names = np.array([b"a", b"b", b"blank"], "S6")
        new.variables["labels"][:] = names.view("S1").reshape(3, 6)
    assert "blank" in refused(capsys, "--trainFile=blank.nc", status=1)


def test_files_that_do_not_match_each_other(capsys: Capture) -> None:
    write_data(Path("labels.nc"), labels=["a", "b", "c", "d"])
    error = refused(capsys, "--trainFile=train.nc,labels.nc", status=1)
    assert "labels.nc does not match train.nc: it has 4 labels, expected 3" in error
    write_data(Path("images.nc"), images())
    error = refused(capsys, "--valFile=images.nc", status=1)
    assert "images.nc does not match train.nc: numDims is 2, expected 1" in error


def test_files_that_do_not_match_the_save(capsys: Capture) -> None:
    save = rnn.train("x.config").network
    save.save("net.save")
    write_data(Path("labels.nc"), labels=["a", "b", "c", "d"])
    for command in (["train", "net.save", "--trainFile=labels.nc"], ["test", "net.save", "labels.nc"]):
        assert run_cli(*command) == 1
        assert "labels.nc does not match net.save" in capsys.readouterr().err
    write_data(Path("images.nc"), images())
    assert run_cli("predict", "net.save", "images.nc") == 1
    assert "images.nc does not match net.save: numDims is 2" in capsys.readouterr().err


# --- while training ---


def test_nan_error_stops_and_names_epoch_and_sequence(capsys: Capture) -> None:
    """Regression with a huge learning rate: the squared error overflows within a few updates."""
    sequences = [{"inputs": np.ones((5, 1)) * i, "target": np.ones((5, 1)), "tag": f"seq{i}"} for i in range(1, 5)]
    rnn.write_netcdf("reg.nc", sequences, task="regression")
    arguments = ["--task=regression", "--trainFile=reg.nc", "--hiddenType=identity", "--autosave=true"]
    assert run_cli("train", "x.config", *arguments, "--totalEpochs=1", "--learnRate=1e-6") == 0
    (save,) = saves(Path())
    capsys.readouterr()
    assert run_cli("train", save, "--learnRate=1e30", "--totalEpochs=50") == 1
    error = capsys.readouterr().err
    assert re.search(r"rnnlib-py: error: epoch 2: .*seq\d", error)
    assert saves(Path()) == [save]
    assert "error: epoch 2" in sorted(Path().glob("*.log"))[-1].read_text()
    assert all(np.isfinite(w).all() for w in rnn.Network.load(save).weights.values())


def test_targets_that_do_not_fit_are_reported_once_and_training_goes_on(capsys: Capture) -> None:
    sequences = transcription()
    sequences[3] = {"inputs": np.zeros((2, 3)), "target": ["b", "b"], "tag": "short"}
    write_data(Path("train.nc"), sequences)
    assert run_cli("train", "x.config", "--totalEpochs=3") == 0
    out, err = capsys.readouterr()
    assert "epoch 3/3 " in out
    assert err.count("sequence short: its target needs 3 steps, the network's output has 2") == err.count("\n") == 1


def test_child_processes_are_quiet_about_success() -> None:
    process = start_cli("train", "x.config", "--quiet", stdout=subprocess.DEVNULL)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")


# --- memory ---

TOO_LARGE = """
import resource
from pathlib import Path
import numpy as np
import rnnlib_py as rnn

config = rnn.Config(task="transcription", hiddenSize=[50], threads=1)
net = rnn.Network.build(config, rnn.DataHeader(2, 1, 0, ["a"]))
size = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmSize" in line)
resource.setrlimit(resource.RLIMIT_AS, (size * 1024 + 2**28, resource.RLIM_INFINITY))
small, large = (rnn.Sequence(np.zeros((n, n, 1), np.float32), None, tag=str(n)) for n in (10, 1500))
try:
    net.predict([small, large])
except MemoryError as error:
    print(type(error).__name__, error)
print(len(net.predict(small)))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="limits what a process may take as Linux does")
def test_too_little_memory_names_the_sequence() -> None:
    done = subprocess.run([sys.executable, "-c", TOO_LARGE], capture_output=True, text=True, check=True)
    assert re.fullmatch(
        r"OutOfMemoryError sequence '1500' \(number \d\) of shape 1500x1500: "
        r"not enough memory, about \d{4} MiB are needed\n1\n",
        done.stdout,
    )
