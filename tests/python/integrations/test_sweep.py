# SPDX-License-Identifier: Apache-2.0
"""Sweeps: what is best, going on after an interruption, pruning, several processes, settings that do not fit."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from tiny import run_cli, start_cli, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.integrations.optuna import PruneOnEpoch, Sweep, SweepTrial, sweep
from rnnlib_py.integrations.sweeping import workers
from rnnlib_py.integrations.sweeping.trials import sweep_table

pytestmark = pytest.mark.filterwarnings("ignore::rnnlib_py.RunWarning")
RATES = "learnRate=1e-6,0.01,0.05"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_data(tmp_path / "train.nc")
    write_data(tmp_path / "val.nc", transcription(seed=1))
    return write_config(tmp_path / "x.config", valFile="val.nc", optimiser="adam", totalEpochs=6, seqsPerWeightUpdate=3)


def outcomes(found: Sweep) -> list[SweepTrial]:
    """Without what differs from one time to the next."""
    return [replace(trial, seconds=0.0) for trial in found.trials]


def test_every_combination_and_the_best(config: Path, tmp_path: Path) -> None:
    told: list[SweepTrial] = []
    found = sweep(config, [RATES, "hiddenSize=2,4"], output_dir=tmp_path / "s", prune=False, on_trial=told.append)
    assert [trial.name for trial in found.trials] == [f"trial-000{i}" for i in range(1, 7)]
    assert {tuple(trial.values.values()) for trial in found.trials} == {
        (rate, size) for rate in ("1e-6", "0.01", "0.05") for size in ("2", "4")
    }
    assert told == found.trials and found.error_name == "labelError"
    assert found.best is not None and found.best.error == min(trial.error for trial in found.trials)
    for trial in found.trials:
        run = rnn.train(rnn.Config.read(config, **trial.values), output_dir=tmp_path / trial.name, threads=1)
        best = run.best["labelError"]
        assert (trial.error, trial.epoch, trial.epochs) == (best.error, best.epoch, run.epoch)
    assert found.best_save is not None
    assert found.best_save.read_text() == (tmp_path / found.best.name / "best_labelError.save").read_text()
    assert len(sweep_table(found)) == 7 and len(sweep_table(found, 2)) == 4


def test_same_seed_same_trials(config: Path, tmp_path: Path) -> None:
    space = ["learnRate=log:1e-4..0.1", "hiddenSize=2..5"]
    first, again, other = (
        sweep(config, space, output_dir=tmp_path / str(i), trials=3, seed=seed) for i, seed in enumerate([1, 1, 2])
    )
    assert outcomes(first) == outcomes(again)
    assert [trial.values for trial in first.trials] != [trial.values for trial in other.trials]
    longer = sweep(config, space, output_dir=tmp_path / "0", trials=5, resume=True)
    assert outcomes(longer)[:3] == outcomes(first) and len(longer.trials) == 5


def test_trials_under_way_go_on_where_they_were(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = ["learnRate=log:1e-3..0.1"]
    whole = sweep(config, space, output_dir=tmp_path / "whole", trials=3, prune=False)

    class Killed(BaseException):
        pass

    def killed_in_epoch_4(self: PruneOnEpoch, run: rnn.Run) -> bool:
        if run.epoch == 4 and len(list((tmp_path / "s").glob("trial-*"))) == 2:
            raise Killed
        return ordinary(self, run)

    ordinary = PruneOnEpoch.__call__
    monkeypatch.setattr(PruneOnEpoch, "__call__", killed_in_epoch_4)
    with pytest.raises(Killed):
        sweep(config, space, output_dir=tmp_path / "s", trials=3, prune=False)
    monkeypatch.setattr(PruneOnEpoch, "__call__", ordinary)
    with pytest.raises(rnn.ConfigError, match="holds a sweep; go on with it by --resume"):
        sweep(config, space, output_dir=tmp_path / "s", trials=3)
    found = sweep(config, space, output_dir=tmp_path / "s", trials=3, prune=False, resume=True)
    assert outcomes(found) == outcomes(whole)
    for name in ("trial-0001", "trial-0002", "trial-0003"):
        ends = [(tmp_path / folder / name / "last.save").read_text() for folder in ("whole", "s")]
        assert ends[0] == ends[1]


def test_time_limit_leaves_a_trial_unfinished(config: Path, tmp_path: Path) -> None:
    endless = rnn.Config.read(config, totalEpochs=-1, maxTestsNoBest=0)
    found = sweep(endless, ["hiddenSize=2,3"], output_dir=tmp_path / "s", prune=False, time_limit=0.5)
    assert [trial.state for trial in found.trials] == ["unfinished"]
    assert found.trials[0].epochs > 0
    further = sweep(endless, ["hiddenSize=2,3"], output_dir=tmp_path / "s", prune=False, resume=True, time_limit=0.5)
    assert "unfinished" in {trial.state for trial in further.trials}
    assert further.trials[0].name == "trial-0001"


def test_hopeless_trials_are_pruned(config: Path, tmp_path: Path) -> None:
    found = sweep(
        rnn.Config.read(config, totalEpochs=12),
        ["learnRate=0.05,0.06,0.07,0.08,0.09,1e-9,2e-9"],
        output_dir=tmp_path / "s",
    )
    by_rate = {trial.values["learnRate"]: trial for trial in found.trials}
    assert by_rate["1e-9"].state == "pruned" or by_rate["2e-9"].state == "pruned"
    assert all(trial.epochs < 12 for trial in found.trials if trial.state == "pruned")
    assert found.best is not None and found.best.state == "finished"


def test_a_trial_that_fails_does_not_end_the_sweep(config: Path, tmp_path: Path) -> None:
    rnn.train(rnn.Config.read(config), output_dir=tmp_path / "first")
    space = ["warmStart=none.save,first/last.save"]
    found = sweep(config, space, output_dir=tmp_path / "s")
    assert [trial.state for trial in found.trials] == ["failed", "finished"]
    assert "none.save" in found.trials[0].message and found.best == found.trials[1]
    assert outcomes(sweep(config, space, output_dir=tmp_path / "s", resume=True)) == outcomes(found)


def test_all_trials_fail(config: Path, tmp_path: Path) -> None:
    broken = rnn.Config.read(config, warmStart="no.save")
    with pytest.raises(rnn.Error, match=r"the first 3 trials failed, the last one since .*no\.save"):
        sweep(broken, ["hiddenSize=2,3,4,5"], output_dir=tmp_path / "s")


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"valFile": None}, {}, "give valFile"),
        ({}, {"error": "labelEror"}, "error labelEror: task transcription has ctcError, labelError"),
        ({}, {"trials": 0}, "trials is 0"),
        ({}, {"jobs": 0}, "jobs is 0"),
        ({}, {"threads": 0}, "threads is 0"),
        ({"learnRate": 0.1}, {}, "searched .* and given as a fixed value"),
    ],
)
def test_refused_before_training(
    config: Path, tmp_path: Path, changes: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(rnn.ConfigError, match=message):
        sweep(rnn.Config.read(config, **changes), [RATES], output_dir=tmp_path / "s", **options)
    assert not list(tmp_path.glob("s/trial*"))


def test_endless_grids_and_other_settings_are_refused(config: Path, tmp_path: Path) -> None:
    with pytest.raises(rnn.ConfigError, match="endlessly many combinations: say how many"):
        sweep(config, ["learnRate=0.1..0.2"], output_dir=tmp_path / "s")
    sweep(config, ["hiddenSize=2"], output_dir=tmp_path / "s")
    with pytest.raises(rnn.ConfigError, match="holds a sweep with another space"):
        sweep(config, ["hiddenSize=3"], output_dir=tmp_path / "s", resume=True)
    with pytest.raises(rnn.ConfigError, match="holds a sweep with another config"):
        sweep(rnn.Config.read(config, l2=0.1), ["hiddenSize=2"], output_dir=tmp_path / "s", resume=True)
    (tmp_path / "s" / "study.log").write_bytes(b"\x00 no journal\n")
    with pytest.raises(rnn.Error, match=r"study\.log: cannot be read as the journal"):
        sweep(config, ["hiddenSize=2"], output_dir=tmp_path / "s", resume=True)


def test_a_folder_is_for_one_sweep_at_a_time(config: Path, tmp_path: Path) -> None:
    def second(_: SweepTrial) -> None:
        with pytest.raises(rnn.ConfigError, match="another sweep is at work"):
            sweep(config, ["hiddenSize=2"], output_dir=tmp_path / "s", resume=True)

    sweep(config, ["hiddenSize=2"], output_dir=tmp_path / "s", on_trial=second)


def test_two_processes_find_the_same(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = sweep(config, [RATES], output_dir=tmp_path / "one", prune=False)
    arguments = ["--set", RATES, "-o", tmp_path / "two", "--jobs", "2", "--no-pruning"]
    assert run_cli("sweep", config, *arguments) == 0
    shown = capsys.readouterr().out
    assert "best: labelError" in shown and f"picture: {tmp_path / 'two' / 'sweep.png'}" in shown
    two = sweep(config, [RATES], output_dir=tmp_path / "two", resume=True)
    assert {t.values["learnRate"]: t.error for t in two.trials} == {t.values["learnRate"]: t.error for t in one.trials}


def test_sigterm_saves_in_all_processes(config: Path, tmp_path: Path) -> None:
    endless = ["--totalEpochs=-1", "--maxTestsNoBest=0"]
    arguments = ["--set", "hiddenSize=2,3", "-o", tmp_path / "s", "--jobs", "2", *endless]
    process = start_cli("sweep", config, *arguments)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("s/trial-*/last.save"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    for log in tmp_path.glob("s/trial-*/log.jsonl"):
        assert json.loads(log.read_text().splitlines()[-1])["status"] == "interrupted"


def test_signals_end_a_sweep_of_several_processes_as_they_end_a_run(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_work", _wait)
    for number, kind in ((signal.SIGTERM, rnn.TrainingTerminated), (signal.SIGINT, rnn.TrainingInterrupted)):
        threading.Timer(1.0, os.kill, (os.getpid(), number)).start()
        with pytest.raises(kind):
            sweep(config, [RATES], output_dir=tmp_path / f"s{number}", jobs=2)


def _wait(*_: object) -> None:
    time.sleep(60)


def test_a_process_that_dies_is_told(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", _die)
    with pytest.raises(rnn.Error, match="a process of the sweep ended with status 9"):
        sweep(config, [RATES], output_dir=tmp_path / "s", jobs=2)


def _die(*_: object) -> None:
    os._exit(9)


def test_in_an_objective_of_ones_own(config: Path, tmp_path: Path) -> None:
    def objective(trial: Any) -> float:
        prune = PruneOnEpoch(trial, "labelError")
        values = {"learnRate": trial.suggest_float("learnRate", 1e-3, 0.1, log=True)}
        run = rnn.train(rnn.Config.read(config, **values), output_dir=tmp_path / f"{trial.number}", on_epoch=prune)
        if prune.pruned:
            raise optuna.TrialPruned
        return run.best["labelError"].error

    study = optuna.create_study(
        pruner=optuna.pruners.ThresholdPruner(upper=-1.0, n_warmup_steps=2), sampler=optuna.samplers.RandomSampler(1)
    )
    study.optimize(objective, n_trials=2)
    assert [trial.state.name for trial in study.trials] == ["PRUNED", "PRUNED"]
    assert all(sorted(trial.intermediate_values) == [1, 2] for trial in study.trials)
    wrong = PruneOnEpoch(study.ask(), "classificationError")
    with pytest.raises(rnn.ConfigError, match="no error 'classificationError'; there are ctcError"):
        rnn.train(rnn.Config.read(config), output_dir=tmp_path / "w", on_epoch=wrong)
