# SPDX-License-Identifier: Apache-2.0
"""Error rates count every sequence: targets that do not fit the output, empty targets, sequences without a target."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, framewise, run_cli, start_cli, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py._core import SkippedTarget
from rnnlib_py.data.batching import batches
from rnnlib_py.model.skipped_targets import skipped_summary

pytestmark = [
    pytest.mark.usefixtures("folder"),
    pytest.mark.filterwarnings("ignore::rnnlib_py.SkippedTargetWarning"),
]
RATES = ["labelError", "seqError", "substitutions", "deletions", "insertions"]


def with_too_long(count: int = 2, seed: int = 0) -> list[dict[str, Any]]:
    """Eight sequences, of which the first ones have targets that need 5 steps where there are 3."""
    sequences = transcription(count=8, seed=seed)
    for i in range(count):
        inputs = np.random.default_rng(i).normal(size=(3, 3))
        sequences[i] = {"inputs": inputs, "target": ["a", "a", "b", "c"], "tag": f"long{i}"}
    return sequences


def dataset(sequences: list[dict[str, Any]], task: str = "transcription") -> rnn.Dataset:
    return rnn.Dataset(sequences, task=task, labels=LABELS if task == "transcription" else None)


def config(**values: object) -> rnn.Config:
    return rnn.Config.read("x.config", **{"initWeightRange": 3, "precision": "double", **values})


def build(data: rnn.Dataset, **values: object) -> rnn.Network:
    return rnn.Network.build(config(**values), data.header)


def silent(data: rnn.Dataset, **values: object) -> rnn.Network:
    """A network whose outputs are all blank."""
    network = build(data, initWeightRange=0, **values)
    network.set_weights({"bias_to_output": [0, 0, 0, 9]})
    return network


def distance(target: list[str], output: list[str]) -> int:
    row = list(range(len(output) + 1))
    for i, label in enumerate(target):
        before, row = row, [i + 1]
        for j, found in enumerate(output):
            row.append(min(before[j] + (label != found), before[j + 1] + 1, row[j] + 1))
    return row[-1]


def test_the_best_path_of_every_sequence_counts_against_its_target() -> None:
    sequences = with_too_long()
    data = dataset(sequences)
    network = build(data)
    read = [p.labels for p in network.predict(data)]
    assert any(read[0] + read[1])  # something is read where targets are too long, too
    edits = [distance(s["target"], labels) for s, labels in zip(sequences, read, strict=True)]
    errors = network.evaluate(data)
    assert errors["labelError"] == pytest.approx(sum(edits) / sum(len(s["target"]) for s in sequences))
    assert errors["seqError"] == np.mean([e > 0 for e in edits])
    assert sum(errors[name] for name in RATES[2:]) == pytest.approx(errors["labelError"])
    assert errors["skippedTargets"] == 2
    fitting = network.evaluate(dataset(sequences[2:]))
    assert errors["ctcError"] == pytest.approx(fitting["ctcError"])
    assert "skippedTargets" not in fitting
    assert errors["labelError"] != fitting["labelError"]  # it was said to be that


def test_the_training_criterion_stands_first_also_when_the_first_batch_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = dataset(with_too_long())
    expected = build(data).evaluate(data)
    monkeypatch.setattr("rnnlib_py.data.batching.MAX_POINTS", 1)  # a batch per sequence
    errors = build(data).evaluate(list(data))
    assert errors == pytest.approx(expected)
    assert list(errors) == list(expected)
    assert next(iter(errors)) == "ctcError"


def test_legacy_errors_leave_targets_that_do_not_fit_out() -> None:
    sequences = with_too_long()
    fitting = build(dataset(sequences)).evaluate(dataset(sequences[2:]))
    assert build(dataset(sequences), legacyErrors=True).evaluate(dataset(sequences)) == pytest.approx(fitting)


def test_errors_by_label_count_targets_that_do_not_fit() -> None:
    data = dataset(with_too_long(count=8))
    errors = silent(data, confusionMatrix=True).evaluate(data)
    assert errors["_a_deletions"] == pytest.approx(0.5)  # nothing is read
    assert "ctcError" not in errors
    assert errors["labelError"] == 1
    assert build(data, confusionMatrix=True, legacyErrors=True).evaluate(data) == {}


def test_one_warning_tells_how_many_targets_do_not_fit_and_names_the_first() -> None:
    data = dataset(with_too_long(count=7))
    with pytest.warns(rnn.SkippedTargetWarning) as said:
        build(data).evaluate(data)
    (warning,) = said
    assert "7 targets need more steps than the network's output has: long0 (needs 5, has 3), long1" in str(
        warning.message
    )
    assert "long4 (needs 5, has 3) and 2 more; training and ctcError leave them out, " in str(warning.message)
    assert warning.filename == __file__


def test_the_summary_of_one_target_and_of_many() -> None:
    one = [SkippedTarget("seq0", 8, 4)]
    text = "sequence seq0: its target needs 8 steps, the network's output has 4; training and ctcError leave it out"
    assert skipped_summary(one, config()) == f"{text}, the other errors count it"
    assert skipped_summary(one, config(legacyErrors=True)).endswith("; training and all errors leave it out")
    assert skipped_summary(one * 2, config(), total=60).startswith("2 of 60 targets need more steps")


@pytest.mark.parametrize("batch", [True, False])
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("noisy", [False, True])
def test_running_errors_and_those_of_other_sets_count_every_sequence(batch: bool, legacy: bool, noisy: bool) -> None:
    """The weights stay as they are: all sets have the same errors, whichever way they are measured."""
    data = dataset(with_too_long())
    write_data(Path("train.nc"), with_too_long())
    noise = {"testDistortions": True, "mdl": True, "mdlSamples": 2, "mdlInitStdDev": 1e-9, "mdlLearnRate": 0}
    fixed = {"learnRate": 0, "batchLearn": batch, "legacyErrors": legacy, "totalEpochs": 1, **(noise if noisy else {})}
    run = rnn.train(config(valFile="train.nc", testFile="train.nc", **fixed))
    expected = run.network.evaluate(data)
    assert ("skippedTargets" in expected) is not legacy
    for errors in run.history[0].errors.values():
        assert {name: errors.get(name) for name in expected} == pytest.approx(expected)
        assert ("skippedTargets" in errors) is not legacy


def test_the_best_network_has_the_lowest_error_over_all_sequences() -> None:
    write_data(Path("val.nc"), with_too_long(count=5))
    run = rnn.train(config(valFile="val.nc", optimiser="adam", learnRate=0.05, totalEpochs=12, initWeightRange=0.1))
    rates = [epoch["validation"]["labelError"] for epoch in run.history]
    assert run.best["labelError"].error == min(rates)
    network = run.network.evaluate(rnn.Dataset.read("val.nc", task="transcription"))
    assert network["labelError"] == pytest.approx(rates[-1])
    assert min(rates) > 5 * 2 / (5 * 4 + 3 * 3) - 1e-9  # of 4 labels on 3 points at least one is missing, and a repeat


def test_log_json_and_error_test_say_how_many_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write_data(Path("val.nc"), with_too_long(count=3))
    assert run_cli("train", "x.config", "--valFile=val.nc", "--autosave=true", "--log-format=json") == 0
    said = capsys.readouterr()
    events = [json.loads(line) for line in said.out.splitlines()]
    for epoch in (event for event in events if event["event"] == "epoch"):
        assert epoch["errors"]["validation"]["skippedTargets"] == 3
        assert "skippedTargets" not in epoch["errors"]["train"]
    (text,) = [event["text"] for event in events if event["event"] == "warning"]
    assert text.startswith("validation set: 3 of 8 targets need more steps than the network's output has: long0 (needs")
    assert said.err.count("more steps than the network's output has: long0") == 1
    log = next(Path().glob("*.log")).read_text()
    assert re.search(r"validation errors:\n(\w+ \S+\n)+skippedTargets 3\n", log)
    save = next(Path().glob("*.last.save"))
    out, err = start_cli("test", save).communicate()  # a process of its own shows its warnings
    assert re.search(r"^skippedTargets +3$", out, re.MULTILINE)
    assert err.count("validation set: 3 targets need more steps") == 1
    last = rnn.read_log(next(Path().glob("*.log"))).epochs[-1]
    assert last.errors["validation"]["skippedTargets"] == 3


def test_a_run_that_goes_on_within_an_epoch_knows_what_was_left_out() -> None:
    write_data(Path("train.nc"), with_too_long())
    whole = rnn.train(config(totalEpochs=1, autosave=True, saveEvery=1e-9))
    assert whole.history[0]["train"]["skippedTargets"] == 2
    trainer = _core.Trainer(whole.network.core, config().core, 1, 1)
    batch = next(batches(dataset(with_too_long()), whole.network.converted))
    trainer.begin_epoch(8)
    trainer.train(batch.sequences)
    save = _core.Save()
    save.config = config().core
    save.store_network(whole.network.core)
    save.store_trainer(trainer, whole.network.core)
    other = _core.Trainer(whole.network.core, config().core, 1, 1)
    save.restore_trainer(whole.network.core, other)
    assert [target.tag for target in other.skipped()] == ["long0", "long1"]


# --- empty targets ---


def test_labels_read_where_no_target_has_any_are_no_error_rate_of_zero() -> None:
    data = dataset([{**s, "target": []} for s in transcription()])
    network = build(data)
    read = [p.labels for p in network.predict(data)]
    assert any(read)
    errors = network.evaluate(data)
    assert errors["labelError"] == errors["insertions"] == np.inf
    assert errors["deletions"] == errors["substitutions"] == 0
    assert errors["seqError"] == np.mean([bool(labels) for labels in read])
    mixed = transcription()
    mixed[0]["target"] = []
    assert np.isfinite(network.evaluate(dataset(mixed))["labelError"])
    assert silent(data).evaluate(data)["labelError"] == 0  # nothing is read, as it should be


# --- sequences without any target ---


def half_without(task: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Sequences of which every second has no target, and those that have one."""
    with_target = framewise(count=4)
    if task == "sequence_classification":
        with_target = [{**s, "target": i % 2} for i, s in enumerate(with_target)]
        without = [{**s, "target": -1} for s in framewise(count=4, seed=1)]
    elif task == "regression":
        with_target = [{**s, "target": s["inputs"][:, :1]} for s in with_target]
        zero = np.zeros(8)
        without = [{**s, "target": s["inputs"][:, :1], "importance": zero} for s in framewise(count=4, seed=1)]
    else:
        without = [{**s, "target": np.full(8, -1)} for s in framewise(count=4, seed=1)]
    both = [s for pair in zip(with_target, without, strict=True) for s in pair]
    return both, with_target


@pytest.mark.parametrize("task", ["classification", "sequence_classification", "regression"])
def test_sequences_without_a_target_do_not_lower_the_mean(task: str) -> None:
    both, with_target = half_without(task)
    labels = None if task == "regression" else ["no", "yes"]
    all_data, data = (rnn.Dataset(s, task=task, labels=labels) for s in (both, with_target))
    network = build(data, task=task)
    expected = network.evaluate(data)
    assert network.evaluate(all_data) == pytest.approx(expected)
    criterion = next(iter(expected))
    legacy = build(data, task=task, legacyErrors=True).evaluate(all_data)
    assert legacy[criterion] == pytest.approx(expected[criterion] / 2)
    write_data(Path("train.nc"), both, task=task, labels=labels)
    run = rnn.train(config(task=task, learnRate=0, batchLearn=True, totalEpochs=1, valFile="train.nc"))
    assert run.history[0]["train"] == pytest.approx(expected)
    assert run.history[0]["validation"] == pytest.approx(expected)
    assert network.evaluate(all_data[1]) == {}


def test_a_test_without_any_target_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    both, _ = half_without("classification")
    write_data(Path("train.nc"), both, task="classification", labels=["no", "yes"])
    write_data(Path("none.nc"), both[1::2], task="classification", labels=["no", "yes"])
    run = rnn.train(config(task="classification", autosave=True, totalEpochs=1))
    for command in (["test", run.last_save, "none.nc"], ["test", run.last_save, "--testFile=none.nc"]):
        capsys.readouterr()
        assert run_cli(*command) == 1
        said = capsys.readouterr()
        assert "no sequence has a target" in said.err
        assert said.out == ""
    assert run_cli("test", run.last_save, "none.nc", "--legacyErrors=true") == 0
    assert re.search(r"^crossEntropyError +0$", capsys.readouterr().out, re.MULTILINE)


def test_gradient_check_without_a_target_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    both, _ = half_without("classification")
    write_data(Path("train.nc"), both, task="classification", labels=["no", "yes"])
    path = write_config(Path("y.config"), task="classification", sequence=1)
    assert run_cli("check-gradient", path) == 1
    assert "it has no target" in capsys.readouterr().err


def test_warnings_of_an_evaluation_are_off_when_they_are_filtered() -> None:
    data = dataset(with_too_long())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", rnn.SkippedTargetWarning)
        assert build(data).evaluate(data)["skippedTargets"] == 2


def test_progress_and_start_of_a_run_with_too_long_targets_first() -> None:
    write_data(Path("train.nc"), with_too_long(count=7))
    output = io.StringIO()
    run = rnn.train(config(totalEpochs=2), output=output, error_output=io.StringIO(), console="full")
    assert run.history[-1]["train"]["skippedTargets"] == 7
    assert "best network (ctcError)" in output.getvalue()
