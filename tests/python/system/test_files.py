# SPDX-License-Identifier: Apache-2.0
"""Files through Python: what writers keep, what is refused, names of any bytes, leftovers of killed processes."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.cli import main
from rnnlib_py.inspect.info import info
from rnnlib_py.system.files import is_netcdf, open_growing, open_to_read, read_text, replacing, write_atomically

ODD = os.fsdecode(b"gr\xfc\xdfe \xe2\x82\xac")  # Latin-1 and UTF-8 in one name


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def names_here() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def write_data(path: Path, count: int = 4) -> Path:
    random = np.random.default_rng(0)
    sequences = [(random.normal(size=(5, 2)), ["a", "b"]) for _ in range(count)]
    rnn.write_netcdf(path, sequences, task="transcription")
    return path


def make_network() -> rnn.Network:
    config = rnn.Config(task="transcription", hiddenSize=2)
    return rnn.Network.build(config, rnn.DataHeader(1, 2, 0, ["a", "b"]))


def run_command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """With an output that takes any character."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:backslashreplace"}
    command = [sys.executable, "-m", "rnnlib_py", *arguments]
    return subprocess.run(command, capture_output=True, check=False, env=environment)


def write_save(path: Path) -> None:
    make_network().save(path)


def write_dump(path: Path, form: str) -> None:
    rnn.Dump({"x": np.zeros((3, 2))}).write(path, form)  # type: ignore[arg-type]


def write_picture(path: Path) -> None:
    from rnnlib_py.plot.figure import new_figure, save_figure

    save_figure(new_figure(1, 1), path)


WRITERS: dict[str, Callable[[Path], object]] = {
    "a.nc": write_data,
    "a.save": write_save,
    "a.npz": lambda path: write_dump(path, "npz"),
    "b.nc": lambda path: write_dump(path, "nc"),
    "a.txt": lambda path: write_atomically(path, "text"),
    "a.png": write_picture,
}


@pytest.fixture(params=WRITERS)
def name(request: pytest.FixtureRequest) -> str:
    if request.param == "a.png":
        pytest.importorskip("matplotlib")
    return str(request.param)


def test_links_and_permissions_stay(name: str) -> None:
    real = Path("real" + Path(name).suffix)
    real.write_text("old")
    real.chmod(0o600)
    Path(name).symlink_to(real)
    WRITERS[name](Path(name))
    assert Path(name).is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert real.read_bytes() != b"old"
    assert names_here() == sorted([name, real.name])


def test_new_files_get_the_usual_permissions(name: str) -> None:
    before = os.umask(0o027)
    try:
        WRITERS[name](Path(name))
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path(name).stat().st_mode) == 0o640
    assert names_here() == [name]


def test_fifos_and_devices_are_never_replaced(name: str) -> None:
    os.mkfifo(name)
    with pytest.raises(rnn.IoError, match=f"{name}: cannot be written: is a FIFO; expected a file"):
        WRITERS[name](Path(name))
    assert stat.S_ISFIFO(Path(name).lstat().st_mode)
    Path(name).unlink()
    Path(name).symlink_to("/dev/null")
    with pytest.raises(rnn.IoError, match=f"{name}: cannot be written: is a device"):
        WRITERS[name](Path(name))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert names_here() == [name]


def test_names_of_any_bytes(name: str) -> None:
    odd = Path(f"{ODD} {name}")
    WRITERS[name](odd)
    assert names_here() == [odd.name]
    with replacing(odd) as temporary:
        temporary.write_bytes(b"new")
    assert odd.read_bytes() == b"new"


@pytest.mark.parametrize(
    "read",
    [
        rnn.Config.read,
        rnn.Network.load,
        _core.Save.read,
        rnn.read_log,
        rnn.read_dump,
        info,
        read_text,
        is_netcdf,
        open_to_read,
        lambda path: rnn.Dataset.read(path, "transcription"),
        lambda path: rnn.normalise([path]),
        lambda path: rnn.split(path, [0.5, 0.5]),
        lambda path: rnn.export_weights(path, "x.save"),
    ],
)
@pytest.mark.parametrize("kind", ["fifo", "device", "folder"])
def test_reading_what_never_ends_is_an_error(read: Callable[[Path], object], kind: str) -> None:
    path = Path("odd.npz")
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif read is rnn.read_dump:
        pytest.skip("a folder is a dump of RNNLIB's kind")
    else:
        path.mkdir()
    with pytest.raises((rnn.IoError, rnn.FormatError), match=f"{path}: (is|not) a"):
        read(path)


@pytest.mark.parametrize("key", ["warmStart", "trainFile", "valFile"])
def test_a_run_refuses_fifos(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_data(Path("train.nc"))
    os.mkfifo("fifo")
    values = {"task": "transcription", "trainFile": "train.nc", "hiddenSize": "2", "totalEpochs": "1", key: "fifo"}
    Path("x.config").write_text("".join(f"{name} {value}\n" for name, value in values.items()))
    assert main(["train", "x.config", "--autosave=false"]) in (1, 2)
    assert "fifo: is" in capsys.readouterr().err


def test_logs_refuse_fifos() -> None:
    os.mkfifo("x.log")
    with pytest.raises(rnn.IoError, match=r"x\.log: "):
        open_growing(Path("x.log"))
    Path("y.log").write_text("before\n")
    with open_growing(Path("y.log"), append=True) as file:
        file.write(f"{ODD}\n")
    assert Path("y.log").read_bytes() == b"before\ngr\\udcfc\\udcdfe \xe2\x82\xac\n"


def test_a_run_with_odd_names() -> None:
    """Config, data files, saves and log are named by bytes that are not UTF-8; the config itself names one of them."""
    folder = Path(ODD)
    folder.mkdir()
    write_data(folder / f"{ODD}.nc")
    config = folder / f"{ODD}.config"
    values = {"task": "transcription", "hiddenSize": "2", "totalEpochs": "1", "autosave": "true", "randSeed": "1"}
    text = "".join(f"{name} {value}\n" for name, value in values.items()).encode()
    config.write_bytes(text + b"trainFile = " + os.fsencode(f"{ODD}.nc") + b"\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rnn.RunWarning)
        run = rnn.train(rnn.Config.read(config))
    assert run.last_save is not None
    assert run.log_path is not None and run.log_path.stat().st_size > 0
    assert rnn.Config.read(run.last_save)["trainFile"] == [f"{ODD}.nc"]
    assert rnn.Network.load(run.last_save).num_weights == run.network.num_weights
    assert rnn.train(rnn.Config.read(run.last_save, totalEpochs=2)).epoch == 2
    data = str(folder / f"{ODD}.nc")
    for arguments in (["info", data], ["stats", data], ["check", str(config)], ["predict", str(run.last_save), data]):
        done = run_command(*arguments)
        assert done.returncode == 0, done.stderr
    assert rnn.merge(folder / "m.nc", [data, data]).counts == [4, 4]
    rnn.normalise([data])
    rnn.split(data, [0.5, 0.5])


def test_messages_with_odd_names_can_be_printed() -> None:
    done = run_command("train", f"{ODD}.config")
    assert done.returncode == 2
    assert b"rnnlib-py: error: gr\\udcfc\\udcdfe" in done.stderr
    assert b"no such file" in done.stderr


KILLED = """
import os, signal
from pathlib import Path
from rnnlib_py.system.files import replacing
with replacing(Path("x.save")) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere leftovers are removed after a day")
def test_leftovers_of_killed_processes_are_removed() -> None:
    Path("x.save").write_text("old")
    for _ in range(3):  # the next process removes them, too
        done = subprocess.run([sys.executable, "-c", KILLED], check=False)
        assert done.returncode == -signal.SIGKILL
        assert len(names_here()) == 2
        assert Path("x.save").read_text() == "old"
    write_save(Path("y.save"))
    assert names_here() == ["x.save", "y.save"]


def test_a_process_that_still_writes_keeps_its_file() -> None:
    with replacing(Path("x.save")) as temporary:
        temporary.write_text("new")
        code = "from rnnlib_py.system.files import *\nwrite_atomically(Path('x.save'), 'other')"
        done = subprocess.run([sys.executable, "-c", code], check=False)
        assert done.returncode == 0
        assert Path("x.save").read_text() == "other"
    assert Path("x.save").read_text() == "new"
    assert names_here() == ["x.save"]
