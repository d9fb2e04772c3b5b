# SPDX-License-Identifier: Apache-2.0
"""Command lines that are nearly right, and files of the wrong kind: one sentence, and status 1 or 2."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli, saves, write_config

import rnnlib_py as rnn
from rnnlib_py.system.file_kind import is_image, kind_of

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def sentence(capsys: Capture) -> str:
    """What was said on standard error: one line of no great length, and nothing on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rnnlib-py: error: ")
    assert err.count("\n") == 1
    assert len(err) < 2500
    return err


# --- RNNLIB's way ---


@pytest.mark.parametrize("arguments", [["x.config"], ["--totalEpochs=2", "x.config"], ["--quiet", "x.config"]])
def test_a_config_alone_is_trained(arguments: list[str]) -> None:
    assert run_cli(*arguments, "--autosave=true") == 0
    assert len(saves(Path())) == 1


def test_a_save_alone_goes_on() -> None:
    config = write_config(Path("y.config"), autosave=True)
    assert run_cli(config) == 0
    (save,) = saves(Path())
    assert run_cli(save, "--totalEpochs=3") == 0
    assert {rnn.Config.read(path)["totalEpochs"] for path in saves(Path())} == {2, 3}


def test_a_config_of_another_name_alone_is_trained() -> None:
    Path("x.config").rename("mine.txt")
    assert run_cli("mine.txt", "--autosave=true") == 0
    assert len(saves(Path())) == 1


def test_a_missing_config_alone_is_said_to_be_missing(capsys: Capture) -> None:
    assert run_cli("nowhere.config") == 2
    assert "nowhere.config: no such file" in sentence(capsys)


# --- slips ---


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["trian", "x.config"], "'trian' is no command and no file; did you mean 'train'?"),
        (["predcit", "x.save", "x.nc"], "did you mean 'predict'?"),
        (["check_gradient", "x.config"], "did you mean 'check-gradient'?"),
        (["zzz"], "'zzz' is no command and no file; there are train, sweep, test, predict"),
        (["train", "x.config", "--quite"], "unknown key 'quite'; did you mean --quiet?"),
        (["info", "train.nc", "--quite"], "info has no option --quite; did you mean --quiet?"),
        (["info", "train.nc", "--zzz=1"], "info has no option --zzz=1\n"),
        (["train", "x.config", "--lr=0.1"], "--lr=0.1: unknown key 'lr'; did you mean learnRate?"),
        (["train", "x.config", "--learning_rate=0.1"], "did you mean learnRate?"),
        (["train", "x.config", "--batchSize=4"], "did you mean seqsPerWeightUpdate?"),
        (["train", "x.config", "--batch_size=4"], "did you mean seqsPerWeightUpdate?"),
        (["train", "x.config", "--epochs=4"], "did you mean totalEpochs?"),
        (["train", "x.config", "--seed=4"], "did you mean randSeed?"),
        (["train", "x.config", "--dropout_rate=0.5"], "did you mean dropout?"),
        (["train", "x.config", "--hidden=4"], "did you mean hiddenSize?"),
        (["train", "x.config", "--device=cuda"], "unknown key 'device'; the engine runs on processors"),
        (["train", "x.config", "--zzzqqq=4"], "unknown key 'zzzqqq'\n"),
        (["train", "x.config", "y.config"], "train takes CONFIG|SAVE"),
        (["train"], "the following arguments are required: CONFIG|SAVE; usage: rnnlib-py train"),
        ([], "required: COMMAND; usage: rnnlib-py"),
        (["--quiet"], "required: COMMAND"),
    ],
)
def test_slips(arguments: list[str], says: str, capsys: Capture) -> None:
    assert run_cli(*arguments) == 2
    assert says in sentence(capsys)


def test_many_arguments_too_many_are_one_sentence(capsys: Capture) -> None:
    names = [f"images/a-rather-long-name-of-an-image-{i}.png" for i in range(2000)]
    assert run_cli("align", "x.save", *names) == 2
    said = sentence(capsys)
    assert "align takes SAVE FILE.nc" in said
    assert "; 1999 arguments are too many: 'images/" in said
    assert "and 1996 more" in said
    assert run_cli("x" * 70000) == 2
    assert run_cli("train", "x.config", "--" + "x" * 70000 + "=1") == 2
    assert all(len(line) < 2500 for line in capsys.readouterr().err.splitlines())


def test_keys_of_other_programs_in_files_and_mappings() -> None:
    Path("other.config").write_text("task transcription\nbatch_size 3\n", encoding="utf-8")
    with pytest.raises(rnn.ConfigError, match=r'line 2 of other.config: unknown key "batch_size"; did you mean seqs'):
        rnn.Config.read("other.config")
    with pytest.raises(rnn.ConfigError, match=r'unknown key "lr"; did you mean learnRate\?'):
        rnn.Config({"lr": 0.1})
    with pytest.raises(rnn.ConfigError, match="runs on processors"):
        rnn.Config(task="transcription", device="cuda")
    with pytest.raises(rnn.ConfigError, match=r'unknown key "zzzqqq"$'):
        rnn.Config()["zzzqqq"]


def test_demo_may_stand_behind_an_option(capsys: Capture) -> None:
    assert run_cli("--debug", "demo", "--help") == 0
    assert "rnnlib-py demo" in capsys.readouterr().out


# --- files of the wrong kind ---


def make_files() -> dict[str, str]:
    """Files by their names, and what they are called."""
    rng = np.random.default_rng(1)
    Path("image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + rng.bytes(70000))
    Path("image.jpg").write_bytes(b"\xff\xd8\xff\xe0" + rng.bytes(70000))
    Path("sound.wav").write_bytes(b"RIFF" + struct.pack("<I", 70000) + b"WAVE" + rng.bytes(70000))
    Path("random.bin").write_bytes(b"\xfe" + rng.bytes(70000))
    Path("latin.txt").write_bytes("é ".encode("latin-1") * 30000)
    Path("long.txt").write_text("x" * 70000, encoding="utf-8")
    Path("nul.txt").write_bytes(b"\x00" * 70000)
    Path("empty").touch()
    Path("folder").mkdir()
    np.savez("arrays.npz", a=np.ones(3))
    with zipfile.ZipFile("archive.zip", "w") as archive:
        archive.writestr("é.txt", rng.bytes(70000))
    return {
        "image.png": "a PNG image",
        "image.jpg": "a JPEG image",
        "sound.wav": "a sound file",
        "random.bin": "of no known kind",
        "latin.txt": "",
        "long.txt": "",
        "nul.txt": "",
        "empty": "",
        "folder": "folder",
        "arrays.npz": "a zip archive or npz file",
        "archive.zip": "a zip archive or npz file",
        "train.nc": "a netCDF",
        "x.config": "",
        "net.save": "a save",
        "nowhere": "no ",
    }


SAVE_COMMANDS = [
    ["test", "FILE"],
    ["predict", "FILE", "train.nc"],
    ["dump", "FILE", "-o", "out"],
    ["jacobian", "FILE", "--coords", "0"],
    ["weights", "FILE"],
    ["plot-weights", "FILE", "-o", "p.png"],
    ["average", "FILE", "net.save", "-o", "out.save"],
    ["export", "FILE", "--weights-only", "-o", "out.save"],
    ["train", "x.config", "--warmStart=FILE"],
]
CONFIG_COMMANDS = [["train", "FILE"], ["FILE"], ["check-gradient", "FILE"]]
DATA_COMMANDS = [
    ["test", "net.save", "FILE"],
    ["predict", "net.save", "FILE"],
    ["dump", "net.save", "FILE", "-o", "out"],
    ["jacobian", "net.save", "FILE", "--coords", "0"],
    ["merge", "out.nc", "FILE"],
    ["train", "x.config", "--trainFile=FILE"],
    ["train", "x.config", "--valFile=FILE"],
]
OTHER_COMMANDS = [
    ["info", "FILE"],
    ["check", "FILE"],
    ["best", "FILE"],
    ["last", "FILE"],
    ["stats", "FILE"],
    ["plot-errors", "FILE", "-o", "p.png"],
    ["plot-variables", "FILE", "-o", "p.png"],
    ["normalise", "--like", "FILE", "train.nc"],
    ["split", "FILE", "--fractions", "0.5,0.5", "-o", "a,b"],
]


def run_on(commands: list[list[str]], name: str, capsys: Capture) -> list[str]:
    """What each command says about a file; none may succeed, or print more than a sentence."""
    said = []
    for command in commands:
        assert run_cli(*(word.replace("FILE", name) for word in command)) in (1, 2), command
        said.append(sentence(capsys))
        assert "fault in rnnlib-py" not in said[-1]
    return said


def test_files_of_the_wrong_kind_where_a_save_or_a_config_is_expected(capsys: Capture) -> None:
    rnn.train("x.config").network.save("net.save")
    for name, kind in make_files().items():
        commands = SAVE_COMMANDS if name == "x.config" else [*SAVE_COMMANDS, *CONFIG_COMMANDS]
        if name != "net.save":
            assert all(kind in said for said in run_on(commands, name, capsys)), name


def test_files_of_the_wrong_kind_where_data_are_expected(capsys: Capture) -> None:
    rnn.train("x.config").network.save("net.save")
    for name, kind in make_files().items():
        if name != "train.nc":
            said = run_on(DATA_COMMANDS, name, capsys)
            assert all(kind in text for text in said), name
        if "image" in name:
            assert "write_netcdf makes one of images" in said[0]


def test_files_of_the_wrong_kind_elsewhere_are_no_faults(capsys: Capture) -> None:
    rnn.train("x.config").network.save("net.save")
    for name in make_files():
        for command in OTHER_COMMANDS:
            before = Path("train.nc").read_bytes()
            run_cli(*(word.replace("FILE", name) for word in command))
            out, err = capsys.readouterr()
            assert "fault in rnnlib-py" not in err, command
            assert len(err.splitlines()) <= 1, command
            assert len(err) + len(out) < 5000, command
            Path("train.nc").write_bytes(before)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"BM\x00\x00", "a BMP image"),
        (b"\x89HDF\r\n\x1a\n", "a netCDF or HDF5 file"),
        ("hällo\n".encode()[:2], "text"),
        (b"\xff\xfe", "of no known kind (it begins with b'\\xff\\xfe')"),
        (b"trainer_format 1\n", "a save"),
        (b"\x00\x01", "of no known kind (it begins with b'\\x00\\x01')"),
    ],
)
def test_kinds(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
    assert is_image(head) == ("image" in kind)
