# SPDX-License-Identifier: Apache-2.0
"""Standard output and error of the command: closed, full, of another encoding, and safe for terminals."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli, saves, start_cli, write_config

import rnnlib_py as rnn
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.console import console
from rnnlib_py.system.output import Output, OutputError, json_text, printable
from rnnlib_py.training.progress import LineProgress, make_progress

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")
has_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")

FOREIGN = ["é", "日"]
ESCAPES = "\x1b[31m\x9b2J"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def finished_bytes(encoding: str, *arguments: object) -> tuple[int, bytes, str]:
    """Status, output and error output of the command in an environment of that encoding."""
    command = [sys.executable, "-m", "rnnlib_py", *map(str, arguments)]
    package = str(Path(rnn.__file__).absolute().parents[1])
    environment = {**os.environ, "PYTHONPATH": package, "PYTHONIOENCODING": encoding}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr.decode(encoding)


def make_save() -> Path:
    rnn.train("x.config").network.save("net.save")
    return Path("net.save")


def foreign_config() -> Path:
    """Of data whose labels, tags and name few encodings have."""
    sequences = [{"inputs": np.ones((6, 3)), "target": target, "tag": "日"} for target in (FOREIGN, FOREIGN[:1])]
    rnn.write_netcdf("日.nc", sequences, task="transcription")
    return write_config(Path("foreign.config"), trainFile="日.nc", confusionMatrix=True, autosave=True)


# --- what is written ---


def test_control_characters_become_escapes() -> None:
    assert printable("a\x1b[0m\n\x07é日\x9b\u202e\u2028") == r"a\x1b[0m\n\x07é日\x9b\u202e\u2028"
    assert printable(r"a\n") == r"a\n"


def test_json_text_is_one_line_of_utf_8_that_reads_back() -> None:
    record = {"tag": "a\n\x1b\x9bé日\u2028\u202e\udcff", "value": 1.5}
    text = json_text(record)
    assert not CONTROL.search(text)
    assert "é日" in text
    assert json.loads(text.encode("utf-8")) == record


@pytest.mark.parametrize(
    ("encoding", "shown"), [("ascii", r"\xe9\u65e5"), ("cp1252", r"é\u65e5"), ("utf-8", "é日"), ("utf-16", "é日")]
)
def test_an_output_writes_what_its_encoding_lacks_as_escapes(encoding: str, shown: str) -> None:
    binary = io.BytesIO()
    stream = io.TextIOWrapper(binary, encoding)
    Output(stream).write("é日\n")
    assert binary.getvalue().decode(encoding) == f"{shown}\n"


def test_an_output_writes_json_in_utf_8_after_what_came_before() -> None:
    binary = io.BytesIO()
    output = Output(io.TextIOWrapper(binary, "latin-1"))
    output.write("é\n")
    output.write_json('"日"\n')
    assert binary.getvalue() == "é\n".encode("latin-1") + '"日"\n'.encode()


def test_an_output_escapes_control_characters_but_line_feeds_and_tabs() -> None:
    stream = io.StringIO()
    Output(stream).write("a\tb\n\x1b[2J\r")
    assert stream.getvalue() == "a\tb\n\\x1b[2J\\r"


class Full(io.StringIO):
    """A file on a full disk."""

    def write(self, _: str) -> int:
        raise OSError(28, "No space left on device")


def test_an_output_fails_once() -> None:
    output = Output(Full())
    with pytest.raises(OutputError, match="No space left on device"):
        output.write("a")
    output.write("b")
    assert output.failure is not None
    closed = io.StringIO()
    closed.close()
    with pytest.raises(OutputError, match="closed"):
        Output(closed).write("a")
    Output(None).write("a")


def test_progress_that_cannot_be_shown_ends_and_the_run_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnlib_py.training.progress.LINE_EVERY", 0.0)
    written: list[str] = []
    monkeypatch.setattr(LineProgress, "update", lambda *_: written.append("") or Full().write(""))
    assert rnn.train("x.config", progress=io.StringIO()).epoch == 2
    assert len(written) == 1
    closed = io.StringIO()
    closed.close()
    make_progress(closed).start(1, 2)


def test_a_run_in_python_goes_on_without_its_output() -> None:
    with pytest.warns(UserWarning, match="the output cannot be written \\(No space left on device\\)"):
        assert rnn.train("x.config", output=Full()).epoch == 2
    errors = io.StringIO()
    assert rnn.train("x.config", output=Full(), error_output=errors).epoch == 2
    assert errors.getvalue().count("the run goes on without it") == 1


def test_the_streams_are_put_back(capsys: Capture) -> None:
    before = sys.stdout, sys.stderr
    with console() as output:
        print("\x1b", file=sys.stdout)
        assert sys.stdout is output
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out == "\\x1b\n"


# --- closed and full ---


def close(*descriptors: int) -> Callable[[], None]:
    def closing() -> None:
        for descriptor in descriptors:
            os.close(descriptor)

    return closing


@pytest.mark.parametrize("descriptors", [(1,), (2,), (0, 1, 2)])
def test_closed_streams_are_like_quiet(descriptors: tuple[int, ...]) -> None:
    save = make_save()
    config = write_config(Path("y.config"), autosave=True)
    for arguments in (["train", config], ["predict", save, "train.nc"], ["info", save], ["--version"], ["--help"]):
        status, out, err = finished(start_cli(*arguments, before=close(*descriptors)))
        assert (status, err) == (0, "")
        assert (out == "") == (1 in descriptors)
    assert len(saves(Path())) >= 1
    assert finished(start_cli("train", "nowhere.config", before=close(*descriptors)))[0] == 2
    assert finished(start_cli("trian", before=close(*descriptors)))[0] == 2


def test_what_is_opened_does_not_get_the_number_of_a_closed_stream() -> None:
    """Else messages of libraries would land in the log."""
    code = (
        "import os, sys; from rnnlib_py.cli.console import console\n"
        "with console(): sys.exit(min(os.open(os.devnull, os.O_RDONLY), 99))"
    )
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=close(1, 2), timeout=60, check=False)
    assert done.returncode > 2


@has_full_device
def test_a_run_goes_on_when_the_output_is_full() -> None:
    config = write_config(Path("y.config"), autosave=True)
    for arguments in ([], ["--log-format=json"]):
        with Path("/dev/full").open("w") as full:
            status, _, err = finished(start_cli("train", config, *arguments, stdout=full))
        assert (status, err) == (
            0,
            "rnnlib-py: warning: the output cannot be written (No space left on device); the run goes on without it\n",
        )
    logs = sorted(Path().glob("*.log"))
    assert len(saves(Path())) == len(logs) == 2
    assert "the run goes on without it" in logs[0].read_text()
    assert "stopped: 2 epochs done" in logs[0].read_text()


@has_full_device
def test_other_commands_end_with_a_sentence_when_the_output_is_full() -> None:
    save = make_save()
    for arguments in (["predict", save, "train.nc"], ["info", save], ["check", "x.config"], ["--help"], ["--version"]):
        with Path("/dev/full").open("w") as full:
            status, _, err = finished(start_cli(*arguments, stdout=full))
        assert (status, err) == (
            1,
            "rnnlib-py: error: the standard output cannot be written: No space left on device\n",
        )


@has_full_device
def test_a_full_error_output_changes_nothing() -> None:
    config = write_config(Path("y.config"), optimiser="rprop", autosave=True)  # a warning: learnRate has no effect
    with Path("/dev/full").open("w") as full:
        status, out, _ = finished(start_cli("train", config, stderr=full))
        assert status == 0
        assert "epoch 2" in out
        assert finished(start_cli("train", "nowhere.config", stderr=full))[0] == 2


# --- encodings ---


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_labels_that_the_encoding_lacks(encoding: str) -> None:
    config = foreign_config()
    commands = [["train", config], ["info", "日.nc"], ["check", config], ["test"], ["info"]]
    for command in commands:
        arguments = command if len(command) > 1 else [*command, saves(Path())[-1]]
        status, out, err = finished_bytes(encoding, *arguments)
        assert (status, err) == (0, "")
        assert out.decode(encoding)
        if command == ["train", config]:
            assert r"in \u65e5.nc" in out.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_json_is_utf_8_everywhere(encoding: str) -> None:
    status, out, _ = finished_bytes(encoding, "train", foreign_config(), "--log-format=json")
    events = [json.loads(line) for line in out.decode("utf-8").splitlines()]
    assert status == 0
    assert events[0]["sets"]["train"]["files"] == ["日.nc"]
    status, out, _ = finished_bytes(encoding, "predict", saves(Path())[-1], "日.nc")
    assert status == 0
    assert [json.loads(line)["tag"] for line in out.decode("utf-8").splitlines()] == ["日", "日"]


# --- terminals ---


def test_tags_and_labels_cannot_steer_a_terminal(capsys: Capture) -> None:
    labels = ["a\x9b2J\u202e", "b"]  # the engine refuses those of ASCII
    sequences = [
        {"inputs": np.ones((6, 3)), "target": labels, "tag": f"first\n{ESCAPES}"},
        {"inputs": np.ones((2, 3)), "target": ["b", "b", "b"], "tag": f"short\r{ESCAPES}"},
    ]
    rnn.write_netcdf("evil.nc", sequences, task="transcription")
    config = write_config(Path("evil.config"), trainFile="evil.nc", confusionMatrix=True, autosave=True)
    assert run_cli("train", config) == 0
    save = saves(Path())[0]
    for arguments in (
        ["check", config],
        ["info", "evil.nc"],
        ["info", save],
        ["test", save],
        ["predict", save, "evil.nc"],
        ["stats", "evil.nc"],
        ["jacobian", save, "evil.nc", "--coords", "0"],
        ["check-gradient", config],
        ["train", config, "--log-format=json"],
        ["dump", save, f"none{ESCAPES}.nc", "-o", "x"],
        [f"train{ESCAPES}"],
        ["train", config, f"--{ESCAPES}=1"],
        ["train", config, f"--learnRate={ESCAPES}"],
    ):
        run_cli(*arguments)
    out, err = capsys.readouterr()
    for text in (out, err, *(path.read_text() for path in Path().glob("evil@*.log"))):
        assert not CONTROL.search(text)
        assert r"\x1b[31m" in text or "\\u001b[31m" in text
    assert not [line for line in err.splitlines() if not line.startswith("rnnlib-py: ")]


# --- before the command begins ---


def start_in(code: str) -> subprocess.CompletedProcess[str]:
    """Runs `code` before the command's package is imported."""
    script = Path("rnnlib-py")
    script.write_text(f"{code}\nfrom rnnlib_py.cli import main\nraise SystemExit(main())\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1])}
    return subprocess.run(
        [sys.executable, str(script), "--version"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


IMPORTING = """
import builtins
before = builtins.__import__
def importing(name, *rest, **named):
    if name == "netCDF4":
        raise {error}
    return before(name, *rest, **named)
builtins.__import__ = importing
"""


def test_ctrl_c_while_the_package_is_imported() -> None:
    done = start_in(IMPORTING.format(error="KeyboardInterrupt"))
    assert done.returncode in (130, -2)
    assert done.stderr == "rnnlib-py: interrupted\n"


@pytest.mark.parametrize(
    "error", ["ModuleNotFoundError(\"No module named 'netCDF4'\")", 'ImportError("libhdf5.so: cannot open")']
)
def test_a_package_that_is_missing_or_broken(error: str) -> None:
    done = start_in(IMPORTING.format(error=error))
    assert done.returncode == 1
    assert done.stderr.startswith("rnnlib-py: error: ")
    assert "pip install" in done.stderr
    assert done.stderr.count("\n") == 1


# --- what is left ---


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            RuntimeError("all\nis lost"),
            "error: this is a fault in rnnlib-py: RuntimeError: all is lost (test_console.py, ",
        ),
        (RecursionError("too deep"), "please report it, with the command and what it prints with --debug"),
        (PermissionError(13, "Permission denied", "a.nc"), "error: a.nc: Permission denied"),
        (OSError(24, "Too many open files"), "error: Too many open files"),
        (MemoryError(), "error: there is not enough memory"),
        (ModuleNotFoundError("No module named 'h5py'", name="h5py"), "error: the package h5py is missing; pip install"),
        (
            ImportError("libhdf5.so: cannot open", name="netCDF4.x"),
            "error: the package netCDF4 cannot be used (libhdf5",
        ),
    ],
)
def test_every_exception_becomes_a_sentence(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setitem(COMMANDS, "info", replace(COMMANDS["info"], run=fail))
    assert run_cli("info", "train.nc") == 1
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1
    assert run_cli("info", "train.nc", "--debug") == 1
    assert "Traceback" in capsys.readouterr().err


def test_long_messages_are_cut(capsys: Capture) -> None:
    Path("long.config").write_text("hiddenSize " + "x" * 100_000, encoding="utf-8")
    assert run_cli("train", "long.config") == 2
    assert run_cli("train", "x" * 100_000 + ".config") == 2
    assert all(len(line) < 2100 for line in capsys.readouterr().err.splitlines())
