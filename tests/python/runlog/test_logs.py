# SPDX-License-Identifier: Apache-2.0
"""Logs read back: ours and RNNLIB's, their best and last epochs, statistics over several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import run_cli, transcription, write_data

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")

RULE = "-" * 40


def epoch_text(number: int, train: float, validation: float, label: float, more: str = "") -> str:
    return (
        f"epoch {number} took 2.1 seconds (0.1 secs/seq, 8535.67 its/sec, 2919.07 MwtOps/sec)\n{RULE}\n"
        f"train errors (running):\nctcError {train}\nlabelError {label}%\n{RULE}\n"
        f"validation errors:\nctcError {validation}\nlabelError {label}%\n{more}{RULE}\n"
        "best network (ctcError)\nbest network (labelError)\n\n"
    )


# As RNNLIB's: other lines between, a summary of the best networks at the end.
THEIRS = (
    "task = transcription\n1 2 3\nctcError 99\nsetting random seed to 1\n"
    + epoch_text(1, 20.5, 18.25, 90)
    + "warning: required time 3 > total time 2\nskipping\n"
    + epoch_text(2, 10, 9, 40.5, "_a->b 1.5e-1%\nseqError 100%\n")
    + epoch_text(3, 5, 12.0, 41)
    + f"{RULE}\nbest network (ctcError):\ntrain errors:\nctcError 777\nvalidation errors:\nctcError 778\n"
)


def test_a_run_is_read_back() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    run = rnn.train(rnn.Config.read("x.config", autosave=True, valFile="val.nc", totalEpochs=4))
    assert run.log_path is not None
    log = rnn.read_log(run.log_path)
    assert [epoch.epoch for epoch in log.epochs] == [1, 2, 3, 4]
    assert log.sets == ["train", "validation"]
    for found, expected in zip(log.epochs, run.history, strict=True):
        for name, errors in expected.errors.items():
            assert found.errors[name] == {n: pytest.approx(figure, rel=1e-5) for n, figure in errors.items()}
    assert log.best().epoch == run.best["ctcError"].epoch


def test_rnnlibs_form() -> None:
    Path("theirs.log").write_text(THEIRS)
    log = rnn.read_log("theirs.log")
    assert log.error_names == ["ctcError", "labelError", "_a->b", "seqError"]
    epochs, figures = log.curve("validation", "ctcError")
    assert (epochs.tolist(), figures.tolist()) == ([1, 2, 3], [18.25, 9, 12])
    assert log.curve("train", "labelError")[1].tolist() == [0.9, 0.405, 0.41]
    assert log.curve("validation", "_a->b")[1].tolist() == [0.0015]
    assert len(log.curve("test", "ctcError")[0]) == 0
    assert log.best().epoch == 2
    assert log.best("labelError").epoch == 2
    assert log.last.epoch == 3


def test_other_blocks_of_an_epoch_are_no_errors() -> None:
    more = f"{RULE}\nweight noise:\npriorMean 0.5\nbelowNoise 3%\n"
    text = epoch_text(1, 3, 4, 5, more).strip() + f"\n{RULE}\npace: 511 sequences/s, memory 83.6 MiB\n\n"
    Path("noise.log").write_text(text + f"stopped: done\n{RULE}\nbest network (ctcError): epoch 1, ctcError 4\n")
    log = rnn.read_log("noise.log")
    assert log.last.errors["validation"] == {"ctcError": 4, "labelError": 0.05}
    assert "\n".join(log.last.lines) == text.strip()


def test_json_lines() -> None:
    lines = [
        '{"event": "start", "seed": 1}',
        '{"event": "epoch", "epoch": 1, "errors": {"train": {"ctcError": 3.5}, "test": {"ctcError": null}}}',
        '{"event": "save", "epoch": 1}',
        '{"event": "epoch", "epoch": 2, "errors": {"train": {"ctcError": 2.5}, "test": {"ctcError": 1}}}',
        '{"event": "epoch", "epo',
    ]
    Path("run.jsonl").write_text("\n".join(lines))
    log = rnn.read_log("run.jsonl")
    assert log.curve("train", "ctcError")[1].tolist() == [3.5, 2.5]
    assert np.isnan(log.curve("test", "ctcError")[1][0])
    assert log.best().lines == [lines[3]]


def test_an_epoch_that_was_cut_short_or_run_again() -> None:
    text = epoch_text(1, 3, 4, 5) + epoch_text(2, 1, 1, 1) + epoch_text(2, 8, 9, 10)
    Path("cut.log").write_text(text + "epoch 3 took 1 seconds\n")
    log = rnn.read_log("cut.log")
    assert [epoch.epoch for epoch in log.epochs] == [1, 2]
    assert log.last.errors["train"]["ctcError"] == 8


def test_figures_that_are_not_finite_are_no_best() -> None:
    Path("nan.log").write_text(epoch_text(1, 3, float("nan"), 5) + epoch_text(2, 3, 7, 5))
    assert rnn.read_log("nan.log").best().epoch == 2


def test_without_a_validation_set_the_train_errors_decide() -> None:
    run = rnn.train(rnn.Config.read("x.config", autosave=True))
    assert rnn.read_log(run.log_path or "").best().epoch == run.best["ctcError"].epoch


@pytest.mark.parametrize(
    ("text", "message"), [("nothing here\n", "no epoch"), ("epoch 1 took 3 seconds\n", "no epoch")]
)
def test_what_is_no_log(text: str, message: str) -> None:
    Path("x.log").write_text(text)
    with pytest.raises(rnn.FormatError, match=message):
        rnn.read_log("x.log")


# --- commands ---


def test_best_and_last(capsys: Capture) -> None:
    Path("theirs.log").write_text(THEIRS)
    assert run_cli("best", "theirs.log") == 0
    assert capsys.readouterr().out == epoch_text(2, 10, 9, 40.5, "_a->b 1.5e-1%\nseqError 100%\n").strip() + "\n"
    assert run_cli("best", "theirs.log", "--error=seqError") == 0
    assert capsys.readouterr().out.startswith("epoch 2 ")
    assert run_cli("last", "theirs.log") == 0
    assert capsys.readouterr().out.startswith("epoch 3 took")
    assert run_cli("best", "theirs.log", "--error", "wordError") == 2
    assert "there are ctcError, labelError" in capsys.readouterr().err
    assert run_cli("last", "gone.log") == 1
    assert "gone.log: no such file" in capsys.readouterr().err


def test_statistics_over_runs(capsys: Capture) -> None:
    names = []
    for i, best in enumerate([4.0, 6.0, 8.0]):
        names.append(f"{i}.log")
        Path(names[-1]).write_text(epoch_text(1, 20, 30, 50) + epoch_text(2, 10 + i, best, 10 * best))
    found = rnn.log_statistics(names)["validation"]["ctcError"]
    assert (found.mean, found.std, found.min, found.max, found.runs) == (6, 2, 4, 8, 3)
    assert run_cli("stats", *names) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["validation", "labelError", "60%", "20%", "40%", "80%", "3"] in rows


# --- pictures ---


def test_plot_errors() -> None:
    Path("a.log").write_text(THEIRS)
    Path("b.log").write_text(epoch_text(1, 3, 4, 5))
    figure = rnn.plot_errors(["a.log", "b.log"], ["labelError"], ["validation"])
    (axes,) = figure.axes
    assert axes.get_ylabel() == "labelError (%)"
    curves = [line for line in axes.get_lines() if len(line.get_xdata()) == 3]
    np.testing.assert_allclose(curves[0].get_ydata(), [90, 40.5, 41])
    assert run_cli("plot-errors", "a.log", "b.log", "--sets", "train,validation", "-o", "p.png") == 0
    assert run_cli("plot-errors", "a.log", "--error=ctcError", "--error=_a->b", "--log-scale", "-o", "p.svg") == 0


def curves_of(figure: Any) -> dict[str, Any]:
    return {line.get_label(): line for line in figure.axes[0].get_lines() if not line.get_label().startswith("_")}


def test_plot_errors_of_runs() -> None:
    run = rnn.train(rnn.Config.read("x.config", valFile="train.nc"))
    figure = rnn.plot_errors(run, ["ctcError"])
    assert figure.get_suptitle() == "Errors of x.config"
    curves = curves_of(figure)
    assert list(curves) == ["train", "validation"]
    values = [epoch["validation"]["ctcError"] for epoch in run.history]
    np.testing.assert_array_equal(curves["validation"].get_ydata(), values)
    assert list(curves_of(rnn.plot_errors({"small": run, "large": run}, sets=["train"]))) == [
        "small: train",
        "large: train",
    ]
    assert list(curves_of(rnn.plot_errors([run, run], sets=["train"]))) == [
        "x.config (1): train",
        "x.config (2): train",
    ]
    Path("a.log").write_text(THEIRS)
    assert rnn.plot_errors("a.log").get_suptitle() == "Errors of a"
    assert rnn.plot_errors(rnn.read_log("a.log")).get_suptitle() == "Errors of a"
    with pytest.raises(rnn.ConfigError, match="the run has no epoch yet"):
        rnn.plot_errors(rnn.train(rnn.Config.read("x.config", totalEpochs=0)))
    for nothing in ([], {}):
        with pytest.raises(rnn.ConfigError, match="no logs were given"):
            rnn.plot_errors(nothing)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--error=wordError"], "no log has an error 'wordError'"),
        (["--sets=dev"], "unknown set 'dev'"),
        (["-o", "p.docx"], "ends in .png"),
    ],
)
def test_plot_errors_errors(arguments: list[str], message: str, capsys: Capture) -> None:
    Path("a.log").write_text(THEIRS)
    assert run_cli("plot-errors", "a.log", *arguments) == 2
    assert message in capsys.readouterr().err
