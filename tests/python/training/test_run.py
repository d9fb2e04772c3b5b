# SPDX-License-Identifier: Apache-2.0
"""Runs: epochs, best networks, stopping, saves, and going on from them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from tiny import framewise, images, left_behind, transcription, unsealed, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.runlog.best import BestTracker
from rnnlib_py.training.run_files import run_name

pytestmark = pytest.mark.usefixtures("folder")


def same_weights(one: rnn.Network, two: rnn.Network) -> bool:
    return all(np.array_equal(w, two.weights[name]) for name, w in one.weights.items())


def config(**values: object) -> rnn.Config:
    return rnn.Config.read("x.config", **values)


def test_history_has_the_errors_of_every_epoch_and_set() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    write_data(Path("test.nc"), transcription(seed=2))
    run = rnn.train(config(valFile="val.nc", testFile="test.nc", totalEpochs=3))
    assert [epoch.epoch for epoch in run.history] == [1, 2, 3]
    for epoch in run.history:
        assert list(epoch.errors) == ["train", "validation", "test"]
        assert next(iter(epoch["validation"])) == "ctcError"
    assert run.stopped.startswith("3 epochs done")
    test = rnn.Dataset.read("test.nc", task="transcription")
    assert run.network.evaluate(test) == pytest.approx(run.history[-1]["test"])


def test_training_learns() -> None:
    run = rnn.train(config(optimiser="adam", learnRate=0.05, totalEpochs=60))
    assert run.history[0]["train"]["labelError"] > 0.5
    assert rnn.Dataset.read("train.nc", task="transcription")
    assert run.network.evaluate(rnn.Dataset.read("train.nc", task="transcription"))["labelError"] < 0.1


def test_first_running_errors_of_batch_learning_are_those_of_the_starting_weights() -> None:
    data = rnn.Dataset.read("train.nc", task="transcription")
    start = rnn.Network.build(config(), data.header).evaluate(data)
    run = rnn.train(config(batchLearn=True, totalEpochs=1))
    assert run.history[0]["train"] == pytest.approx(start)


def test_penalties_are_in_the_train_errors() -> None:
    data = rnn.Dataset.read("train.nc", task="transcription")
    weights = np.concatenate([w.ravel() for w in rnn.Network.build(config(), data.header).weights.values()])
    run = rnn.train(config(batchLearn=True, totalEpochs=1, l1=0.01, l2=0.02))
    train = run.history[0]["train"]
    assert train["l1ErrorBits"] == pytest.approx(np.log2(np.e) * 0.01 * np.abs(weights).sum(), rel=1e-6)
    assert train["l2ErrorBits"] == pytest.approx(np.log2(np.e) * 0.02 / 2 * (weights**2).sum(), rel=1e-6)


@pytest.mark.parametrize(
    ("task", "sequences", "labels", "criteria"),
    [
        ("transcription", transcription(), None, ["ctcError", "labelError", "seqError"]),
        ("classification", framewise(), ["x", "y", "z"], ["crossEntropyError", "classificationError"]),
        ("regression", [{"inputs": np.ones((4, 2)), "target": np.ones((4, 1))}], None, ["sumSquaresError"]),
    ],
)
def test_criteria_of_the_tasks(
    task: str, sequences: list[object], labels: list[str] | None, criteria: list[str]
) -> None:
    rnn.write_netcdf("task.nc", sequences, labels, task=task)
    run = rnn.train(config(task=task, trainFile="task.nc"))
    assert list(run.best) == criteria
    assert run.best[criteria[0]].error == min(epoch["train"][criteria[0]] for epoch in run.history)


def test_best_follows_the_validation_set() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    run = rnn.train(config(valFile="val.nc", learnRate=0.1, totalEpochs=6))
    figures = [epoch["validation"]["ctcError"] for epoch in run.history]
    best = run.best["ctcError"]
    assert best.error == min(figures)
    assert best.epoch == figures.index(min(figures)) + 1
    assert best.errors == run.history[best.epoch - 1].errors


def epoch_errors(error: float) -> dict[str, dict[str, float]]:
    return {"train": {"sumSquaresError": error}}


def test_best_tracker() -> None:
    tracker = BestTracker()
    improved = [tracker.update(i + 1, epoch_errors(error)) for i, error in enumerate([3, 2, 2, 2.5, float("nan"), 1])]
    assert [bool(names) for names in improved] == [True, True, False, False, False, True]
    assert tracker.best["sumSquaresError"].epoch == 6
    assert tracker.epochs_without(8) == 2


def test_early_stopping_after_more_than_the_limit_without_a_new_best() -> None:
    # In batch mode the order stays: shuffled, the sum of equal errors differs in its last bits, and may be a new best.
    run = rnn.train(config(learnRate=0, batchLearn=True, maxTestsNoBest=3, totalEpochs=-1))
    assert len(run.history) == 1 + 3 + 1  # the first is best; three without are allowed
    assert "no new best network in 4 epochs" in run.stopped


def test_no_early_stopping_when_it_is_off() -> None:
    assert len(rnn.train(config(learnRate=0, maxTestsNoBest=0, totalEpochs=8)).history) == 8


def test_threads_do_not_change_the_weights() -> None:
    one = rnn.train(config(), threads=1)
    two = rnn.train(config(), threads=2)
    assert same_weights(one.network, two.network)
    assert [epoch.errors for epoch in one.history] == [epoch.errors for epoch in two.history]


def test_same_seed_same_run_and_other_seed_other_order() -> None:
    assert same_weights(rnn.train(config()).network, rnn.train(config()).network)
    start = rnn.train(config(totalEpochs=0, autosave=True))
    assert start.last_save is not None
    text = unsealed(start.last_save.read_text())
    other = text.replace(re.search(r"trainer_random \S+", text)[0], f"trainer_random {rnn.Random(99).state}")  # type: ignore[index]
    Path("other.save").write_text(other)
    one, two = (rnn.train(rnn.Config.read(name, totalEpochs=1)) for name in (start.last_save, "other.save"))
    assert not same_weights(one.network, two.network)  # the same starting weights in another order


def test_batch_learning_keeps_the_order() -> None:
    one = rnn.train(config(batchLearn=True, totalEpochs=1, autosave=True))
    assert one.last_save is not None
    saved = rnn.Config.read(one.last_save).save
    assert saved is not None
    fresh = rnn.train(config(batchLearn=True, totalEpochs=0, autosave=True))
    assert fresh.last_save is not None
    start = rnn.Config.read(fresh.last_save).save
    assert start is not None
    assert saved.get_value("trainer_random") == start.get_value("trainer_random")  # nothing was drawn


# --- saves ---


def test_autosave_writes_log_last_and_best() -> None:
    run = rnn.train(config(autosave=True))
    names = left_behind(Path())
    assert run.log_path is not None
    stem = run.log_path.name.removesuffix(".log")
    assert re.fullmatch(r"x@\d{4}\.\d\d\.\d\d-\d\d\.\d\d\.\d\d\.\d{6}", stem)
    kinds = ["best_ctcError.save", "best_labelError.save", "best_seqError.save", "last.save", "log"]
    assert names == [f"{stem}.{kind}" for kind in kinds]
    assert same_weights(rnn.Network.load(run.last_save or ""), run.network)


def test_without_autosave_nothing_is_written() -> None:
    rnn.train(config())
    assert left_behind(Path()) == []


def test_best_save_is_the_network_of_that_epoch() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    run = rnn.train(config(valFile="val.nc", learnRate=0.1, totalEpochs=6, autosave=True))
    data = rnn.Dataset.read("val.nc", task="transcription")
    for name, best in run.best.items():
        assert rnn.Network.load(run.best_saves[name]).evaluate(data)[name] == pytest.approx(best.error, rel=1e-6)


def test_run_names() -> None:
    assert run_name(config()).startswith("x@")
    one = config()
    one.path = Path("some.where/deep.er@home/x@2010.01.02-10.11.12.000001.last.save")
    assert run_name(one).startswith("x@2")
    one.path = Path("dots.in.folder/lines.v2.config")
    assert run_name(one).startswith("lines.v2@")
    assert run_name(rnn.Config()).startswith("network@")


def test_files_lie_beside_the_config_and_data_are_found_there(tmp_path: Path) -> None:
    there = tmp_path / "a.b@c"
    there.mkdir()
    write_data(there / "own.nc")
    write_config(there / "y.config", trainFile="own.nc", autosave=True)
    run = rnn.train(there / "y.config")
    assert left_behind(Path()) == []
    assert len(left_behind(there)) == 5
    assert run.last_save is not None
    assert len(rnn.train(rnn.Config.read(run.last_save, totalEpochs=3)).history) == 1


def test_the_current_folder_comes_first(tmp_path: Path) -> None:
    there = tmp_path / "sub"
    there.mkdir()
    write_data(there / "train.nc", transcription(count=2))
    assert len(config().files("trainFile")) == 1
    write_config(there / "x.config")
    assert rnn.Config.read(there / "x.config").files("trainFile") == [Path("train.nc")]


def test_saves_hold_the_defaults() -> None:
    run = rnn.train(config(autosave=True, totalEpochs=1))
    text = (run.last_save or Path()).read_text()
    for line in ("momentum 0.9", "loadWeights true", "inputSize 3", "targetLabels a,b,c", "trainer_epoch 1"):
        assert f"\n{line}\n" in text


# --- going on ---


@pytest.mark.parametrize("optimiser", ["steepest", "rprop", "rmsprop", "adam"])
@pytest.mark.parametrize("precision", ["float", "double"])
def test_going_on_is_as_if_never_stopped(optimiser: str, precision: str) -> None:
    settings = {"optimiser": optimiser, "precision": precision, "autosave": True, "batchLearn": False}
    settings["learnRate"] = None if optimiser == "rprop" else 0.01
    write_data(Path("more.nc"), transcription(count=5, seed=3))
    files = ["train.nc", "more.nc"]
    whole = rnn.train(config(**settings, trainFile=files, totalEpochs=5))
    part = rnn.train(config(**settings, trainFile=files, totalEpochs=2))
    rest = rnn.train(rnn.Config.read(part.last_save or "", totalEpochs=5))
    assert rest.epoch == whole.epoch == 5
    assert [epoch.errors for epoch in rest.history] == [epoch.errors for epoch in whole.history[2:]]
    assert same_weights(rest.network, whole.network)
    assert rest.best == whole.best
    assert rest.last_save is not None
    assert whole.last_save is not None
    assert rest.last_save.name != whole.last_save.name
    assert rest.last_save.read_text() == whole.last_save.read_text()


def test_patience_goes_on_too() -> None:
    part = rnn.train(config(learnRate=0, batchLearn=True, maxTestsNoBest=4, totalEpochs=3, autosave=True))
    rest = rnn.train(rnn.Config.read(part.last_save or "", totalEpochs=-1))
    assert rest.epoch == 6
    assert len(rest.history) == 3


def test_another_optimiser_is_reset_with_a_note() -> None:
    part = rnn.train(config(autosave=True))
    output = io.StringIO()
    rest = rnn.train(rnn.Config.read(part.last_save or "", optimiser="rmsprop", totalEpochs=3), output=output)
    assert "optimiser's state is reset" in output.getvalue()
    assert len(rest.history) == 1
    again = io.StringIO()
    rnn.train(rnn.Config.read(part.last_save or "", totalEpochs=3), output=again)
    assert "is reset" not in again.getvalue()


def test_nothing_to_do_still_saves() -> None:
    run = rnn.train(config(totalEpochs=0, autosave=True))
    assert run.history == []
    data = rnn.Dataset.read("train.nc", task="transcription")
    assert same_weights(rnn.Network.load(run.last_save or ""), rnn.Network.build(config(), data.header))


# --- files of a set ---


def test_several_files_are_one_set() -> None:
    sequences = transcription(count=6)
    write_data(Path("one.nc"), sequences[:2])
    write_data(Path("two.nc"), sequences[2:])
    settings = {"batchLearn": True, "precision": "double", "totalEpochs": 3}
    split = rnn.train(config(trainFile=["one.nc", "two.nc"], **settings))
    whole = rnn.train(config(**settings))
    for name, w in whole.network.weights.items():
        np.testing.assert_allclose(split.network.weights[name], w, rtol=1e-10, atol=1e-14)


def test_data_fraction() -> None:
    half = rnn.train(config(dataFraction=0.5, batchLearn=True))
    write_data(Path("half.nc"), transcription(count=6)[:3])
    assert same_weights(half.network, rnn.train(config(trainFile="half.nc", batchLearn=True)).network)


def test_two_dimensional_run() -> None:
    write_data(Path("images.nc"), images())
    run = rnn.train(
        config(trainFile="images.nc", hiddenSize=[2, 3], hiddenBlock=[[2, 2]], inputBlock=[2, 1], subsampleSize=3)
    )
    assert len(run.history) == 2


# --- log ---


def test_log_is_the_console_output() -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    output = io.StringIO()
    run = rnn.train(config(autosave=True, valFile="val.nc"), output=output, console="full")
    assert run.log_path is not None
    text = run.log_path.read_text()
    assert text == output.getvalue()
    assert re.search(
        r"^epoch 2 took \S+ seconds \(\S+ secs/seq, \S+ its/sec, \S+ MwtOps/sec\)\n-+\n"
        r"train errors \(running\):\nctcError \S+\nlabelError \S+%\n",
        text,
        re.MULTILINE,
    )
    assert re.search(r"^validation errors:\nctcError \d", text, re.MULTILINE)
    assert text.count("best network (ctcError)\n") == sum("ctcError" in epoch.improved for epoch in run.history)
    assert "seed 7" in text


def test_skipped_targets_are_reported_once_per_run() -> None:
    sequences = transcription()
    sequences[1] = {"inputs": np.zeros((2, 3)), "target": ["a", "a"], "tag": "short"}
    write_data(Path("short.nc"), sequences)
    output, errors = io.StringIO(), io.StringIO()
    run = rnn.train(
        config(trainFile="short.nc", valFile="short.nc", autosave=True, totalEpochs=3),
        output=output,
        error_output=errors,
    )
    text = "sequence short: its target needs 3 steps, the network's output has 2"
    assert errors.getvalue().count(text) == 1
    assert (run.log_path or Path()).read_text().count(text) == 1
    assert np.isfinite(run.history[-1]["train"]["ctcError"])


def test_warnings_without_a_console_are_python_warnings() -> None:
    with pytest.warns(rnn.RunWarning, match="learnRate 0.01 has no effect"):
        rnn.train(config(optimiser="rprop"))


def test_the_caller_can_end_a_run() -> None:
    seen: list[int] = []

    def on_epoch(run: rnn.Run) -> bool:
        seen.append(run.epoch)
        return run.epoch < 2

    run = rnn.train(config(totalEpochs=9), on_epoch=on_epoch)
    assert seen == [1, 2]
    assert run.stopped == "stopped by the caller"


def test_a_mapping_is_a_config() -> None:
    run = rnn.train({"task": "transcription", "trainFile": "train.nc", "hiddenSize": 2, "totalEpochs": 1})
    assert run.epoch == 1
