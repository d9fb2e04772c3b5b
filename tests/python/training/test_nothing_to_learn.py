# SPDX-License-Identifier: Apache-2.0
"""A set without one target of use ends a run before its first epoch; `check` says so; maxTestsNoBest ends all runs."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, framewise, images, left_behind, run_cli, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.runlog.best import BestTracker

pytestmark = pytest.mark.usefixtures("folder")
Capture = pytest.CaptureFixture[str]


def too_long(count: int = 4) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    return [{"inputs": rng.normal(size=(3, 3)), "target": list("ababc"), "tag": f"long{i}"} for i in range(count)]


def without(task: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str] | None]:
    """Sequences without a target, the same with one, and the labels."""
    given = framewise()
    if task == "classification":
        return [{**s, "target": np.full(8, -1)} for s in given], given, ["no", "yes"]
    if task == "sequence_classification":
        return [{**s, "target": -1} for s in given], [{**s, "target": 1} for s in given], ["no", "yes"]
    if task == "regression":
        good = [{**s, "target": s["inputs"][:, :1]} for s in given]
        return [{**s, "importance": np.zeros(8)} for s in good], good, None
    if task == "too long":
        return too_long(), transcription(), LABELS
    return [{**s, "target": []} for s in transcription()], transcription(), LABELS


TASKS = {
    "classification": "none of its 4 sequences has a target: all classes are -1, or their importance is 0",
    "sequence_classification": "none of its 4 sequences has a target: all classes are -1",
    "regression": "none of its 4 sequences has a target: the importance of every target is 0",
    "empty": "none of its 6 sequences has a target: no label sequence has a label",
    "too long": "0 of 4 targets fit the network's output: long0 (needs 5, has 3), long1 (needs 5, has 3), ",
}


def write_both(task: str) -> str:
    """bad.nc and good.nc; returns the override that names the task."""
    bad, good, labels = without(task)
    name = task if task in ("classification", "sequence_classification", "regression") else "transcription"
    write_data(Path("bad.nc"), bad, task=name, labels=labels)
    write_data(Path("good.nc"), good, task=name, labels=labels)
    return f"--task={name}"


@pytest.mark.parametrize(
    ("task", "bad_set"),
    [
        (task, name)
        for task in TASKS
        for name in ("train", "validation", "test")
        if (task, name) != ("too long", "test")
    ],
)
def test_a_set_without_a_target_of_use_is_an_error_before_the_first_epoch(
    task: str, bad_set: str, capsys: Capture
) -> None:
    files = {"train": "good.nc", "validation": "good.nc", "test": "good.nc", bad_set: "bad.nc"}
    keys = {"train": "trainFile", "validation": "valFile", "test": "testFile"}
    overrides = [write_both(task), *(f"--{keys[name]}={path}" for name, path in files.items())]
    assert run_cli("train", "x.config", "--autosave=true", *overrides) == 1
    said = capsys.readouterr()
    assert "epoch 1" not in said.out
    assert f"error: {bad_set} set: {TASKS[task]}" in said.err
    assert left_behind(Path()) == []

    assert run_cli("check", "x.config", *overrides) == 1
    said = capsys.readouterr()
    words = TASKS[task].split(": long0")[0]
    assert f"error: {bad_set} set: {words}" in said.out
    config = rnn.Config.read("x.config", **dict(text.removeprefix("--").split("=") for text in overrides))
    with pytest.raises(rnn.DataError, match=re.escape(words)):
        rnn.train(config)


def test_the_error_names_blocks_with_which_training_works(capsys: Capture) -> None:
    write_data(Path("train.nc"), images(width=6, target=2))
    blocks = ["--inputBlock=6,1", "--hiddenSize=2,3", "--hiddenBlock=2,2"]
    assert run_cli("train", "x.config", *blocks) == 1
    error = capsys.readouterr().err
    assert "0 of 4 targets fit the network's output: seq0 (needs 2, has 1), " in error
    found = re.search(r"all targets would fit with inputBlock (\S+) and hiddenBlock (\S+)", error)
    assert found is not None
    assert (
        run_cli("train", "x.config", "--hiddenSize=2,3", f"--inputBlock={found[1]}", f"--hiddenBlock={found[2]}") == 0
    )


def test_the_error_says_when_no_blocks_would_do(capsys: Capture) -> None:
    write_data(Path("train.nc"), too_long())
    assert run_cli("train", "x.config") == 1
    assert "no blocks would do: 4 of the targets need more steps than their inputs have" in capsys.readouterr().err


def test_empty_and_too_long_targets_together_are_of_no_use(capsys: Capture) -> None:
    write_data(Path("train.nc"), [*too_long(2), {"inputs": np.ones((3, 3)), "target": []}])
    assert run_cli("train", "x.config") == 1
    assert re.search(r"0 of 3 targets fit .*, 1 are empty; no blocks", capsys.readouterr().err)


def test_one_target_of_use_is_enough() -> None:
    write_data(Path("train.nc"), [*too_long(), transcription()[0]])
    output, errors = io.StringIO(), io.StringIO()
    run = rnn.train(rnn.Config.read("x.config", valFile="train.nc"), output=output, error_output=errors)
    assert len(run.history) == 2
    summary = "train set and validation set: 4 of 5 targets need more steps than the network's output has: long0"
    assert errors.getvalue().count(summary) == 1
    assert errors.getvalue().count("need more steps than the network's output") == 1
    assert output.getvalue().index("train set: 5 sequences") < output.getvalue().index("epoch 1/2 ")


def test_targets_of_a_test_set_need_not_fit(capsys: Capture) -> None:
    """Its errors decide on nothing, and what is read can be compared with targets that are too long."""
    write_data(Path("long.nc"), too_long())
    assert run_cli("train", "x.config", "--testFile=long.nc", "--totalEpochs=1", "--console=full") == 0
    said = capsys.readouterr()
    assert "test set: 4 of 4 targets need more steps" in said.err
    tested = said.out[said.out.index("test errors:") :]
    assert "labelError" in tested
    assert "ctcError" not in tested[: tested.index("----")]
    assert run_cli("check", "x.config", "--testFile=long.nc") == 0


def test_a_run_that_goes_on_or_starts_warm_is_checked_too(capsys: Capture) -> None:
    write_data(Path("long.nc"), too_long())
    save = rnn.train(rnn.Config.read("x.config", autosave=True, totalEpochs=1)).last_save
    before = left_behind(Path())
    for command in (
        [save, "--valFile=long.nc", "--totalEpochs=3"],
        [save, "--trainFile=long.nc", "--totalEpochs=3"],
        ["x.config", f"--warmStart={save}", "--trainFile=long.nc", "--autosave=true"],
    ):
        assert run_cli("train", *command) == 1
        assert "0 of 4 targets fit" in capsys.readouterr().err
    assert left_behind(Path()) == before
    assert run_cli("train", save, "--trainFile=long.nc", "--errorTest=true") == 0  # rates can be told
    said = capsys.readouterr()
    assert "labelError" in said.out
    assert "train set: 4 targets need more steps" in said.err


def test_a_tracker_without_any_best_counts_epochs_from_where_it_began() -> None:
    tracker = BestTracker()
    assert tracker.update(1, {"train": {"something": 1.0}}) == []
    assert tracker.epochs_without(5) == 5  # 0 for ever, it was: maxTestsNoBest ended nothing
    assert tracker.update(6, {"train": {"labelError": 0.5}}) == ["labelError"]  # also without the training criterion
    assert tracker.epochs_without(8) == 2
    tracker = BestTracker()
    tracker.restore(_core.Save(), "a save of RNNLIB's")
    tracker.begin(40)
    assert tracker.epochs_without(43) == 3


def test_max_tests_no_best_ends_a_run_whose_errors_are_never_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BestTracker, "update", lambda *_: [])
    run = rnn.train(rnn.Config.read("x.config", totalEpochs=-1, maxTestsNoBest=3))
    assert len(run.history) == 4
    assert run.stopped == "no new best network in 4 epochs (maxTestsNoBest 3)"
