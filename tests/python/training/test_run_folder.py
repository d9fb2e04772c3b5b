# SPDX-License-Identifier: Apache-2.0
"""A folder for the files of a run: fixed names, no run lost, going on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from tiny import left_behind, run_cli, start_cli, transcription, wait_for, write_config, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")

FILES = ["best.save", "best_labelError.save", "best_seqError.save", "config", "last.save", "log.jsonl", "log.txt"]


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


def records(place: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (place / "log.jsonl").read_text().splitlines()]


def wait_until_it_exists(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} was never made"
        time.sleep(0.01)


def many_epochs(**values: object) -> Path:
    """A config whose run takes some seconds."""
    write_data(Path("many.nc"), transcription(count=400, length=60))
    return write_config(
        Path("y.config"), **{"trainFile": "many.nc", "hiddenSize": 20, "totalEpochs": 12, "saveEvery": 0.02, **values}
    )


def test_the_files_have_fixed_names() -> None:
    run = rnn.train("x.config", output_dir="runs/a")
    assert names(Path("runs/a")) == FILES
    assert left_behind(Path()) == []
    assert run.last_save == Path("runs/a/last.save")
    assert run.best_saves["ctcError"] == Path("runs/a/best.save")
    assert run.best_saves["labelError"] == Path("runs/a/best_labelError.save")
    assert [record["event"] for record in records(Path("runs/a")) if record["event"] in ("start", "epoch", "end")] == [
        "start",
        "epoch",
        "epoch",
        "end",
    ]
    assert "epoch 2 took" in Path("runs/a/log.txt").read_text()


def test_config_and_saves_find_their_data_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there"
    there.mkdir()
    write_data(there / "own.nc")
    write_config(there / "z.config", trainFile="own.nc")
    rnn.train(there / "z.config", output_dir="run")
    monkeypatch.chdir("/")
    again = rnn.train(tmp_path / "run" / "config")
    assert again.make_save().text() == rnn.Config.read(tmp_path / "run" / "last.save").save.text()  # type: ignore[union-attr]
    assert (
        rnn.train(rnn.Config.read(tmp_path / "run" / "last.save", totalEpochs=3), output_dir=tmp_path / "b").epoch == 3
    )


@pytest.mark.parametrize("option", [[], ["--totalEpochs=3"]])
def test_a_folder_with_a_run_is_refused(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config", "-o", "run") == 0
    before = contents(Path("run"))
    capsys.readouterr()
    assert run_cli("train", "x.config", "-o", "run", *option) == 2
    err = capsys.readouterr().err
    assert "run: holds a run already (" in err
    assert "--resume" in err
    assert "--force" in err
    assert contents(Path("run")) == before


@pytest.mark.parametrize("name", FILES)
def test_one_file_of_a_run_is_enough_to_refuse(name: str) -> None:
    Path("run").mkdir()
    (Path("run") / name).write_text("precious")
    with pytest.raises(rnn.ConfigError, match="holds a run already"):
        rnn.train("x.config", output_dir="run")
    assert contents(Path("run")) == {name: b"precious"}


def test_other_files_in_the_folder_stay() -> None:
    Path("run").mkdir()
    Path("run/notes.txt").write_text("mine")
    rnn.train("x.config", output_dir="run")
    rnn.train("x.config", output_dir="run", force=True)
    assert Path("run/notes.txt").read_text() == "mine"


def test_force_begins_anew_and_leaves_nothing_of_the_old_run() -> None:
    rnn.train("x.config", output_dir="run")
    Path("run/best_oldError.save").write_text("old")
    rnn.train(rnn.Config.read("x.config", totalEpochs=1), output_dir="run", force=True)
    assert names(Path("run")) == FILES
    assert Path("run/log.txt").read_text().count("rnnlib-py ") == 1
    assert [record["event"] for record in records(Path("run"))].count("start") == 1


def test_force_with_a_wrong_config_loses_nothing() -> None:
    rnn.train("x.config", output_dir="run")
    before = contents(Path("run"))
    with pytest.raises(rnn.IoError):
        rnn.train(rnn.Config.read("x.config", trainFile="missing.nc"), output_dir="run", force=True)
    with pytest.raises(rnn.ConfigError):
        rnn.train(rnn.Config.read("x.config", freeze="no_layer"), output_dir="run", force=True)
    assert contents(Path("run")) == before


@pytest.mark.parametrize("save", ["last.save", "best.save"])
def test_force_does_not_remove_the_save_it_was_given(save: str) -> None:
    rnn.train("x.config", output_dir="run")
    before = contents(Path("run"))
    with pytest.raises(rnn.ConfigError, match=f"run/{save}: --force would remove it with the other files of the run"):
        rnn.train(f"run/{save}", output_dir="run", force=True)
    assert contents(Path("run")) == before


def test_an_error_before_the_first_epoch_makes_no_folder() -> None:
    with pytest.raises(rnn.ConfigError):
        rnn.train(rnn.Config.read("x.config", freeze="no_layer"), output_dir="run")
    assert not Path("run").exists()


def test_resume_begins_where_there_is_nothing_and_goes_on_where_there_is() -> None:
    whole = rnn.train(rnn.Config.read("x.config", totalEpochs=4), output_dir="whole")
    assert run_cli("train", "x.config", "-o", "run", "--resume", "--totalEpochs=2") == 0
    assert run_cli("train", "x.config", "-o", "run", "--resume", "--totalEpochs=4") == 0
    assert Path("run/last.save").read_text() == (whole.last_save or Path()).read_text()
    assert Path("run/best.save").read_text() == Path("whole/best.save").read_text()
    log = Path("run/log.txt").read_text()
    assert [log.count(f"epoch {epoch} took") for epoch in range(1, 6)] == [1, 1, 1, 1, 0]
    assert "going on from run/last.save after epoch 2" in log
    assert [len(epoch.errors) for epoch in rnn.read_log("run/log.jsonl").epochs] == [1, 1, 1, 1]
    assert [epoch.errors for epoch in rnn.read_log("run/log.txt").epochs] == [
        epoch.errors for epoch in rnn.read_log("whole/log.txt").epochs
    ]


def test_resume_of_a_finished_run_ends_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config", "-o", "run") == 0
    before = contents(Path("run"))
    capsys.readouterr()
    assert run_cli("train", "x.config", "-o", "run", "--resume") == 0
    out = capsys.readouterr().out
    assert "stopped: 2 epochs done" in out
    assert "in run/best.save" in out  # made by the run before
    after = contents(Path("run"))
    assert {name: after[name] for name in after if "log" not in name} == {
        name: before[name] for name in before if "log" not in name
    }


def test_resume_goes_on_with_the_settings_of_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config", "-o", "run") == 0
    write_config(Path("x.config"), learnRate=0.5)
    capsys.readouterr()
    assert run_cli("train", "x.config", "-o", "run", "--resume", "--totalEpochs=3") == 0
    err = capsys.readouterr().err
    assert "learnRate is 0.01 there and 0.5 here" in err
    assert "totalEpochs is" not in err
    assert "learnRate 0.01" in Path("run/last.save").read_text()


def test_a_line_of_the_log_that_was_cut_short_is_not_joined_with_the_next() -> None:
    rnn.train("x.config", output_dir="run")
    whole = Path("run/log.jsonl").read_text()
    Path("run/log.jsonl").write_text(whole + '{"event": "epo')
    rnn.train(rnn.Config.read("x.config", totalEpochs=3), output_dir="run", resume=True)
    assert Path("run/log.jsonl").read_text().startswith(whole)
    assert [record["event"] for record in records(Path("run"))].count("epoch") == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--resume"], "need the folder of a run"),
        (["--force"], "need the folder of a run"),
        (["-o", "run", "--resume", "--force"], "give one of them"),
        (["-o", "run", "--autosave=false"], "autosave is false"),
        (["-o", "train.nc"], "train.nc: is a file, expected a folder"),
        (["-o", ""], "the name of the folder for the run's files (-o, output_dir) is empty"),
        (["-o", "run", "--time-limit", "soon"], "--time-limit is 'soon', expected a time such as"),
        (["-o", "run", "--time-limit=0"], "expected more than 0 seconds"),
        (["-o", "run", "--errorTest=true"], "are for training, but the config says errorTest true"),
    ],
)
def test_contradictions_are_bad_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not Path("run").exists()


def test_a_folder_that_cannot_be_made_is_an_error_before_training() -> None:
    Path("file").write_text("")
    with pytest.raises((rnn.IoError, rnn.ConfigError), match="file"):
        rnn.train("x.config", output_dir="file/run")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="Windows has no such signals and no such locks")
def test_only_one_process_trains_in_a_folder() -> None:
    process = start_cli("train", many_epochs(totalEpochs=-1), "-o", "run")
    try:
        wait_until_it_exists(Path("run/last.save"))
        with pytest.raises(rnn.ConfigError, match="another process is training in this folder"):
            rnn.train("x.config", output_dir="run", resume=True)
        with pytest.raises(rnn.ConfigError, match="another process is training in this folder"):
            rnn.train("x.config", output_dir="run", force=True)
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert rnn.train(rnn.Config.read("y.config", totalEpochs=1), output_dir="run", resume=True).epoch >= 1


def test_killed_limited_and_terminated_runs_end_as_if_never_stopped() -> None:
    """kill -9, SIGTERM, a time limit, and then to the end: bit for bit the saves of a run that nothing stopped."""
    config = many_epochs()
    assert run_cli("train", config, "-o", "whole", "--quiet") == 0

    process = start_cli("train", config, "-o", "run", "--resume")
    wait_until_it_exists(Path("run/last.save"))
    process.kill()
    process.communicate()
    process = start_cli("train", config, "-o", "run", "--resume")
    wait_for(process, "  train ctcError ")
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, out + err
    assert "to go on: rnnlib-py train run/config -o run --resume" in out
    limited = rnn.train(config, output_dir="run", resume=True, time_limit=0.05)
    assert limited.stopped.startswith("time limit")
    process = start_cli("train", config, "-o", "run", "--resume")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err

    for name in ("last.save", "best.save", "best_labelError.save"):
        assert Path("run", name).read_text() == Path("whole", name).read_text()
    assert [epoch.errors for epoch in rnn.read_log("run/log.txt").epochs] == [
        epoch.errors for epoch in rnn.read_log("whole/log.txt").epochs
    ]
    assert names(Path("run")) == FILES
    shutil.rmtree("whole")


def test_half_written_files_of_a_killed_run_are_removed_by_the_next() -> None:
    """However often a run is killed while it writes, nothing stays beside its files."""
    config = many_epochs(hiddenSize=120, saveEvery=0.001, totalEpochs=1)
    for delay in (0.05, 0.1, 0.15):
        process = start_cli("train", config, "-o", "run", "--resume")
        wait_until_it_exists(Path("run/last.save"))
        time.sleep(delay)
        process.kill()
        process.communicate()
    rnn.train(rnn.Config.read(config, saveEvery=0), output_dir="run", resume=True)
    assert names(Path("run")) == FILES


def test_the_command_saves_unless_autosave_is_false(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("train", "x.config") == 0
    (save,) = [name for name in left_behind(Path()) if name.endswith(".last.save")]
    assert f"saving to {save}" in capsys.readouterr().out
    for path in Path().glob("*@*"):
        path.unlink()
    assert run_cli("train", "x.config", "--autosave=false") == 0
    assert left_behind(Path()) == []
    assert "saving to" not in capsys.readouterr().out


def test_a_path_of_the_run_may_hold_spaces() -> None:
    Path("a b").mkdir()
    run = rnn.train("x.config", output_dir=Path("a b") / "c d")
    assert run.last_save is not None
    assert os.fspath(run.last_save) == "a b/c d/last.save"


def test_a_run_elsewhere_finds_its_language_files() -> None:
    """The save of a run in a folder reads with the dictionary that lies beside the config."""
    Path("words.txt").write_text("ab a b\nc\n")
    config = write_config(Path("y.config"), dictionary="words.txt")
    rnn.train(config, output_dir="runs/a")
    Path("words.txt").rename("other.txt")
    assert run_cli("predict", "runs/a/last.save", "train.nc") == 1
    Path("other.txt").rename("words.txt")
    assert run_cli("predict", "runs/a/last.save", "train.nc", "--format=text", "-o", "found.txt") == 0
    assert set("".join(Path("found.txt").read_text().split("ab"))) <= {"c", "\n"}
    with pytest.raises(rnn.IoError, match=r"languageModel: no file nowhere\.arpa"):
        rnn.train(rnn.Config.read(config, languageModel="nowhere.arpa"), output_dir="runs/b")
