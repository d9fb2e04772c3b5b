# SPDX-License-Identifier: Apache-2.0
"""The console of a run: a line per epoch that fits, and which network is saved where."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from tiny import framewise, run_cli, start_cli, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.runlog.events import EpochDone
from rnnlib_py.runlog.short_lines import epoch_line
from rnnlib_py.runlog.work import EpochWork

pytestmark = pytest.mark.usefixtures("folder")

TRAIN = {"ctcError": 6.9712, "labelError": 0.041, "seqError": 0.5, "substitutions": 0.02}
VALIDATION = {"ctcError": 7.1, "labelError": 0.059, "seqError": 0.6, "substitutions": 0.03}


def done(**more: object) -> EpochDone:
    fields: dict[str, object] = {
        "epoch": 12,
        "total_epochs": 40,
        "errors": {"train": TRAIN, "validation": VALIDATION},
        "improved": ["labelError"],
        "epochs_without_best": 0,
        "work": EpochWork(15.51, 100, 1000, 10),
        "peak_memory": None,
        "seconds_left": 161.0,
        **more,
    }
    return EpochDone(**fields)  # type: ignore[arg-type]


def test_a_line_has_all_that_matters() -> None:
    assert epoch_line(done(), None) == (
        "epoch 12/40  train ctcError 6.97 labelError 4.1 %  val labelError 5.9 % *  15.5 s  2:41 left"
    )


def test_what_matters_least_is_left_out_first() -> None:
    assert epoch_line(done(), 80) == "epoch 12/40  train labelError 4.1 %  val labelError 5.9 % *  15.5 s  2:41 left"
    assert epoch_line(done(), 75) == "epoch 12/40  train labelError 4.1 %  val labelError 5.9 % *  2:41 left"
    assert epoch_line(done(), 50) == "epoch 12/40  val labelError 5.9 % *  2:41 left"
    assert epoch_line(done(), 40) == "epoch 12/40  val labelError 5.9 % *"
    three = done(errors={"train": TRAIN, "validation": VALIDATION, "test": VALIDATION})
    assert "test labelError 5.9 %" in epoch_line(three, 120)
    assert "test" not in epoch_line(three, 80)


@pytest.mark.parametrize("width", [20, 40, 60, 79, 80, 100, 200])
def test_lines_fit(width: int) -> None:
    line = epoch_line(done(errors={"train": TRAIN, "validation": VALIDATION, "test": VALIDATION}), width)
    assert len(line) <= max(width, len("epoch 12/40  val labelError 5.9 % *"))


def test_the_star_names_the_error_that_is_best_when_it_is_not_the_one_shown() -> None:
    assert "val labelError 5.9 % *ctcError  " in epoch_line(done(improved=["ctcError"]), None)
    assert "*" not in epoch_line(done(improved=[]), None)
    alone = epoch_line(done(errors={"train": TRAIN}), None)
    assert "train ctcError 6.97 labelError 4.1 % *  " in alone


def test_other_tasks_and_runs_without_end() -> None:
    regression = done(
        errors={"train": {"sumSquaresError": 1234.5678}}, total_epochs=None, seconds_left=None, improved=[]
    )
    assert epoch_line(regression, None) == "epoch 12  train sumSquaresError 1235  15.5 s"
    long = done(work=EpochWork(3725.0, 1, 1, 1), learn_rate_factor=0.25, total_epochs=12, seconds_left=0.0)
    assert epoch_line(long, None).endswith("rate x0.25  1:02:05")
    nothing = done(errors={"train": {}}, improved=[])
    assert epoch_line(nothing, 80).startswith("epoch 12/40  train  ")


def console(**values: object) -> list[str]:
    output = io.StringIO()
    rnn.train(rnn.Config.read("x.config", **values), output=output)
    return output.getvalue().splitlines()


def test_a_run_says_a_line_per_epoch_and_where_its_best_networks_are() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    lines = console(valFile="val.nc", totalEpochs=3, autosave=True)
    assert [line[:9] for line in lines if line.startswith("epoch")] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert len(lines) < 15
    best = [line for line in lines if line.startswith("best ")]
    assert [line.split()[1] for line in best] == ["ctcError", "labelError", "seqError"]
    for line in best:
        assert "(validation set, epoch " in line
        assert Path(line.split(", in ")[1]).is_file()


def test_the_log_file_and_the_full_console_have_the_blocks() -> None:
    output = io.StringIO()
    run = rnn.train(rnn.Config.read("x.config", autosave=True), output=output, console="full")
    assert run.log_path is not None
    assert run.log_path.read_text() == output.getvalue()
    assert "train errors (running):\nctcError" in output.getvalue()
    with pytest.raises(rnn.ConfigError, match="console is 'long', expected one of short, full"):
        rnn.train("x.config", console="long")


def test_errors_per_class_only_with_verbose() -> None:
    rnn.write_netcdf("c.nc", framewise(), ["x", "y", "z"], task="classification")
    for verbose in (False, True):
        for style in ("short", "full"):
            output = io.StringIO()
            config = rnn.Config.read("x.config", task="classification", trainFile="c.nc", verbose=verbose)
            run = rnn.train(config, output=output, console=style)
            assert any(name.startswith("_") for name in run.history[-1]["train"])
            assert ("\n_x " in output.getvalue()) == (verbose and style == "full")


def test_skipped_targets_are_told_of_once_with_the_first_few_names() -> None:
    sequences = transcription(count=20)
    for i in range(8):
        sequences[i] = {"inputs": np.zeros((2, 3)), "target": ["a", "a"], "tag": f"short{i}"}
    write_data(Path("short.nc"), sequences)
    output, errors = io.StringIO(), io.StringIO()
    config = rnn.Config.read("x.config", trainFile="short.nc", valFile="short.nc", totalEpochs=3)
    rnn.train(config, output=output, error_output=errors)
    (line,) = (line for line in errors.getvalue().splitlines() if "short0" in line)
    assert "8 of 20 targets" in line
    assert "short7" not in line
    assert "short" not in errors.getvalue().replace(line, "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo terminal")
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_of_an_epoch_is_wider_than_the_terminal(width: int) -> None:
    import fcntl
    import pty
    import struct
    import termios

    write_data(Path("val.nc"), transcription(seed=1))
    config = write_config(Path("y.config"), valFile="val.nc", testFile="val.nc", totalEpochs=12)
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = start_cli("train", config, "--autosave=false", stdout=follower)
    os.close(follower)
    text = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    process.communicate(timeout=60)
    lines = [line for line in text.decode().splitlines() if line.startswith("epoch")]
    assert len(lines) == 12
    assert max(map(len, lines)) <= width
    assert all(re.match(r"epoch +\d+/12  .*labelError", line) for line in lines)


def test_quiet_says_only_which_networks_are_best(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config", "--quiet") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["best"] * 3
