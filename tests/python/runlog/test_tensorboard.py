# SPDX-License-Identifier: Apache-2.0
"""TensorBoard files, read back record by record."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny import run_cli, transcription, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")


def proto() -> Any:
    reason = "needs tensorboardX (the extra [tensorboard], which the extra [test] has)"
    return pytest.importorskip("tensorboardX.proto.event_pb2", reason=reason)


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    value = crc32c(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read(path: Path) -> list[Any]:
    """A file's events. TFRecord: length, its checksum, data, their checksum, little-endian."""
    data, events = path.read_bytes(), []
    while data:
        (length,) = struct.unpack_from("<Q", data)
        assert struct.unpack_from("<I", data, 8) == (masked(data[:8]),)
        record = data[12 : 12 + length]
        assert struct.unpack_from("<I", data, 12 + length) == (masked(record),)
        events.append(proto().Event.FromString(record))
        data = data[16 + length :]
    return events


def files(board: Path, set_name: str) -> list[Path]:
    return sorted((board / set_name).glob("events.out.tfevents.*"), key=lambda path: path.stat().st_mtime_ns)


def scalars(path: Path) -> dict[tuple[str, int], float]:
    """(tag, step) -> value."""
    values = ((event.step, value) for event in read(path) for value in event.summary.value)
    return {(value.tag, step): value.simple_value for step, value in values if value.HasField("simple_value")}


def texts(path: Path) -> dict[str, str]:
    values = [value for event in read(path) for value in event.summary.value if value.HasField("tensor")]
    return {value.tag: value.tensor.string_val[0].decode() for value in values}


def config(**values: object) -> rnn.Config:
    return rnn.Config.read("x.config", **values)


def test_every_error_of_every_set_is_a_scalar() -> None:
    proto()
    write_data(Path("val.nc"), transcription(seed=1))
    board = Path("runs") / "one"
    run = rnn.train(config(valFile="val.nc", confusionMatrix=True), tensorboard=board)
    assert sorted(path.name for path in board.iterdir()) == ["train", "validation"]
    for name in ("train", "validation"):
        (path,) = files(board, name)
        assert read(path)[0].file_version == "brain.Event:2"
        found = scalars(path)
        for epoch in run.history:
            for error, figure in epoch[name].items():
                assert found.pop((error, epoch.epoch)) == pytest.approx(figure, rel=1e-6)
        if name == "train":
            assert found.pop(("speed/epoch_seconds", 2)) == pytest.approx(run.history[1].seconds, rel=1e-6)
            points = found.pop(("speed/points_per_second", 2))
            assert points == pytest.approx(72 / run.history[1].seconds, rel=1e-6)
            assert 1e7 < found.pop(("memory/peak_bytes", 1)) < 1e11
            found = {key: value for key, value in found.items() if "/" not in key[0]}
        assert found == {}


def test_config_network_and_warnings_are_texts() -> None:
    proto()
    rnn.train(config(learnRate=50), tensorboard="board", error_output=io.StringIO())
    found = texts(files(Path("board"), "train")[0])
    assert "    learnRate 50\n" in found["config/text_summary"]
    assert "hidden_0_0" in found["network/text_summary"]
    assert "training diverges" in found["warnings/text_summary"]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    proto()
    assert run_cli("train", "x.config", "--tensorboard", "board", "--log-format", "json") == 0
    assert run_cli("train", "x.config", "--tensorboard=board2") == 0
    assert capsys.readouterr().err == ""
    for board in ("board", "board2"):
        assert ("ctcError", 2) in scalars(files(Path(board), "train")[0])


def test_a_run_that_goes_on_purges_what_lay_behind_its_save() -> None:
    proto()
    part = rnn.train(config(autosave=True), tensorboard="board")
    rnn.train(rnn.Config.read(part.last_save or "", totalEpochs=4), tensorboard="board")
    first, second = files(Path("board"), "train")
    (begin,) = [event for event in read(second) if event.HasField("session_log")]
    assert (begin.session_log.status, begin.step) == (proto().SessionLog.START, 3)
    steps = [{step for _, step in scalars(path)} for path in (first, second)]
    assert steps == [{1, 2}, {3, 4}]


def test_without_the_package_the_run_does_not_begin(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "tensorboardX"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    assert run_cli("train", "x.config", "--tensorboard=board", "--autosave=true") == 2
    assert "pip install 'rnnlib-py[tensorboard]'" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["train.nc", "x.config"]


def test_a_folder_that_cannot_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    proto()
    assert run_cli("train", "x.config", "--tensorboard=x.config/board") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "x.config/board: cannot be made: Not a directory" in err


FULL = """
import resource, signal, sys
import rnnlib_py as rnn
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2500, 2500))
try:
    rnn.train(rnn.Config.read("x.config", totalEpochs=50, randSeed=7), tensorboard="board", output=sys.stdout)
except rnn.IoError as error:
    print("IoError:", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_full_disk_ends_the_run_with_an_error_and_not_by_waiting() -> None:
    proto()
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=False, timeout=120)
    assert "epoch  1/50 " in done.stdout, done.stderr
    assert "IoError: board: TensorBoard files cannot be written: File too large" in done.stdout
