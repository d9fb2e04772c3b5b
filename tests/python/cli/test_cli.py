# SPDX-License-Identifier: Apache-2.0
"""The command rnnlib-py: what it prints, and its exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli, saves, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py.config import key_docs

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def make_save(**values: object) -> Path:
    run = rnn.train(rnn.Config.read("x.config", autosave=True, **values))
    assert run.last_save is not None
    assert run.log_path is not None
    for path in [run.log_path, *run.best_saves.values()]:
        path.unlink()
    return run.last_save.rename("net.save")


# --- train ---


def test_train(capsys: Capture) -> None:
    assert run_cli("train", "x.config") == 0
    out, err = capsys.readouterr()
    assert "epoch 2/2  train ctcError " in out
    assert "stopped: 2 epochs done" in out
    assert err == ""


def test_train_with_overrides_the_last_wins(capsys: Capture) -> None:
    arguments = ["--totalEpochs=5", "--hiddenSize=4", "x.config", "--totalEpochs=1", "--autosave=true"]
    assert run_cli("train", *arguments) == 0
    assert "epoch 2" not in capsys.readouterr().out
    (save,) = saves(Path())
    assert rnn.Config.read(save)["hiddenSize"] == [4]


@pytest.mark.parametrize("removal", ["--learnRate=", '--learnRate=""'])
def test_an_empty_override_removes_the_key(removal: str) -> None:
    assert run_cli("train", "x.config", removal, "--autosave=true") == 0
    assert rnn.Config.read(saves(Path())[0])["learnRate"] == 1e-4


def test_train_goes_on_from_a_save(capsys: Capture) -> None:
    save = make_save()
    capsys.readouterr()
    assert run_cli("train", save, "--totalEpochs=3") == 0
    out = capsys.readouterr().out
    assert "going on from net.save after epoch 2" in out
    assert "epoch 3/3  train " in out
    assert len(saves(Path())) == 1


def test_quiet_prints_only_the_final_errors(capsys: Capture) -> None:
    assert run_cli("--quiet", "train", "x.config") == 0
    before = capsys.readouterr()
    assert run_cli("train", "x.config", "--quiet") == 0
    out, err = capsys.readouterr()
    assert [line.split(", in ")[0] for line in out.splitlines()] == [
        line.split(", in ")[0] for line in before.out.splitlines()
    ]
    assert err == before.err == ""
    assert out.startswith("best ctcError ")
    assert "epoch 2/2" not in out


def test_warnings_go_to_the_error_output_and_the_log_once(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--optimiser=rprop", "--autosave=true") == 0
    out, err = capsys.readouterr()
    assert err == "rnnlib-py: warning: learnRate 0.01 has no effect: optimiser is rprop.\n"
    log = next(Path().glob("*.log")).read_text()
    assert log.count("warning: learnRate") == 1
    assert "warning" not in out


def test_going_on_warns_only_about_what_was_set_now(capsys: Capture) -> None:
    save = make_save(optimiser="adam")
    capsys.readouterr()
    assert run_cli("train", save, "--totalEpochs=3", "--momentum=0.5") == 0
    assert capsys.readouterr().err == "rnnlib-py: warning: momentum 0.5 has no effect: optimiser is adam.\n"


def test_error_test_mode(capsys: Capture) -> None:
    save = make_save()
    capsys.readouterr()
    assert run_cli("train", save, "--errorTest=true") == 0
    by_mode = capsys.readouterr().out
    assert run_cli("test", save) == 0
    assert capsys.readouterr().out == by_mode


def test_gradient_check_mode(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--gradCheck=true") == 0
    assert "gradient check passed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "override",
    [
        "--task=prediction",
        "--mixtures=20",
    ],
)
def test_what_is_not_available_is_refused(override: str, capsys: Capture) -> None:
    assert run_cli("train", "x.config", override) == 2
    assert "not available in this version" in capsys.readouterr().err


# --- test ---


def test_test_prints_a_table(capsys: Capture) -> None:
    write_data(Path("val.nc"), transcription(seed=1))
    save = make_save(valFile="val.nc")
    capsys.readouterr()
    assert run_cli("test", save) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["error", "train", "validation"]
    errors = rnn.Network.load(save).evaluate(rnn.Dataset.read("val.nc", task="transcription"))
    figures = {row.split()[0]: row.split()[2] for row in rows}
    assert float(figures["ctcError"]) == pytest.approx(errors["ctcError"], rel=1e-5)
    assert float(figures["labelError"].removesuffix("%")) == pytest.approx(100 * errors["labelError"], rel=1e-5)


def test_test_on_files(capsys: Capture) -> None:
    write_data(Path("one.nc"), transcription(seed=1))
    write_data(Path("two.nc"), transcription(seed=2))
    save = make_save()
    Path("train.nc").unlink()
    capsys.readouterr()
    assert run_cli("test", save, "one.nc", "two.nc") == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["error", "one.nc", "two.nc"]


def test_test_needs_a_save(capsys: Capture) -> None:
    assert run_cli("test", "x.config") == 2
    assert "needs a save" in capsys.readouterr().err


# --- predict ---


def test_predict(capsys: Capture) -> None:
    save = make_save()
    capsys.readouterr()
    assert run_cli("predict", save, "train.nc") == 0
    text = capsys.readouterr().out
    found = rnn.Network.load(save).predict(rnn.Dataset.read("train.nc", task="transcription"))
    for line, prediction in zip(text.splitlines(), found, strict=True):
        expected = prediction.record()
        found_record = json.loads(line)
        confidence = found_record.pop("confidence")
        assert confidence == (pytest.approx(np.prod(expected["confidences"]), abs=1e-5) if expected["labels"] else None)
        assert found_record == {**expected, "text": "".join(expected["labels"])}
    assert run_cli("predict", save, "train.nc", "-o", "out.jsonl") == 0
    assert capsys.readouterr().out == ""
    assert Path("out.jsonl").read_text() == text


def test_predict_needs_no_targets(capsys: Capture) -> None:
    save = make_save()
    rnn.write_netcdf("bare.nc", [{"inputs": np.ones((7, 3)), "target": None}], task="transcription")
    capsys.readouterr()
    assert run_cli("predict", save, "bare.nc") == 0
    assert json.loads(capsys.readouterr().out)["tag"] == "#0"


def test_predict_into_a_folder_that_is_not_there(capsys: Capture) -> None:
    save = make_save()
    capsys.readouterr()
    assert run_cli("predict", save, "train.nc", "-o", "nowhere/out.jsonl") == 1
    assert "nowhere: cannot write" in capsys.readouterr().err


# --- check-gradient ---


def test_check_gradient(capsys: Capture) -> None:
    assert run_cli("check-gradient", "x.config", "--sequence=3") == 0
    out = capsys.readouterr().out
    assert re.search(r"^bias_to_output +4 weights, largest relative difference", out, re.MULTILINE)
    assert out.endswith("gradient check passed\n")


def test_check_gradient_fails_when_the_numbers_differ(capsys: Capture) -> None:
    arguments = ["check-gradient", "x.config", "--pert=0.5", "--sigFigs=12"]
    assert run_cli(*arguments) == 1
    first = capsys.readouterr().out
    assert "mismatch: bias_to_output[0]: exact " in first
    assert run_cli(*arguments, "--breakOnError=false") == 1
    assert capsys.readouterr().out.count("mismatch: ") > first.count("mismatch: ")


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("--sequence=6", "sequence is 6, expected 0 to 5"),
        ("--dataFileNum=1", "dataFileNum is 1, expected 0 to 0"),
        ("--dataset=val", "valFile is not given"),
    ],
)
def test_check_gradient_of_a_sequence_that_is_not_there(override: str, message: str, capsys: Capture) -> None:
    assert run_cli("check-gradient", "x.config", override) == 2
    assert message in capsys.readouterr().err


# --- info ---


def test_info_of_data(capsys: Capture) -> None:
    assert run_cli("info", "train.nc") == 0
    out = capsys.readouterr().out
    assert "6 sequences of 1 dimensions, 72 points of 3 inputs" in out
    assert re.search(r"^inputs +float32 +numTimesteps 72, inputPattSize 3$", out, re.MULTILINE)
    assert re.search(r"^a +\d+$", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("task", "target"),
    [
        ("classification", [0, 1, 0, 1]),
        ("sequence_classification", 1),
        ("regression", np.ones((4, 2))),
        ("sequence_regression", [1.0]),
    ],
)
def test_info_knows_the_targets(task: str, target: object, capsys: Capture) -> None:
    sequences = [{"inputs": np.ones((4, 1)) * i, "target": target} for i in range(2)]
    rnn.write_netcdf("task.nc", sequences, ["x", "y"] if "class" in task else None, task=task)
    assert run_cli("info", "task.nc") == 0
    out = capsys.readouterr().out
    # One label per sequence is written as a string, like a transcription of one label.
    assert f"task {task}" in out or (task == "sequence_classification" and "task transcription" in out)


def test_info_of_data_without_targets(capsys: Capture) -> None:
    rnn.write_netcdf("bare.nc", [{"inputs": np.ones((7, 3)), "target": None}], task="transcription")
    assert run_cli("info", "bare.nc") == 0
    assert "1 sequences of 1 dimensions, 7 points" in capsys.readouterr().out


def test_info_of_a_save(capsys: Capture) -> None:
    save = make_save()
    capsys.readouterr()
    assert run_cli("info", save) == 0
    out = capsys.readouterr().out
    assert "trained for 2 epochs" in out
    assert "3 labels: a b c" in out
    assert re.search(r"^hidden_0_1 +lstm +\+1 +3 ", out, re.MULTILINE)
    assert "best ctcError: " in out


# --- usage ---


def test_version(capsys: Capture) -> None:
    assert run_cli("--version") == 0
    assert capsys.readouterr().out == f"rnnlib-py {rnn.__version__}\n"


def test_train_help_lists_every_key(capsys: Capture) -> None:
    assert run_cli("train", "--help") == 0
    out = capsys.readouterr().out
    for group, keys in key_docs.keys_by_group().items():
        assert f"\n{group}:\n" in out
        for key in keys:
            assert f"\n  {key.name}  <" in out
    assert "<real >= 0>  [default 1e-4]" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required"),
        (["learn"], "no command"),
        (["train"], "CONFIG|SAVE"),
        (["train", "x.config", "y.config"], "too many: 'y.config'"),
        (["train", "--learnrate=1", "x.config"], "did you mean learnRate?"),
        (["train", "--learnRate", "1", "x.config"], "write --learnRate=value"),
        (["train", "--learnRate=fast", "x.config"], "--learnRate=fast"),
        (["train", "nowhere.config"], "nowhere.config: no such file"),
        (["train", "."], "is a folder"),
        (["info", "nowhere.nc"], "nowhere.nc: no such file"),
        (["info", "train.nc", "--task=regression"], "info takes no config keys"),
        (["predict", "x.config", "train.nc"], "needs a save"),
    ],
)
def test_bad_usage_is_status_2(arguments: list[str], message: str, capsys: Capture) -> None:
    assert run_cli(*arguments) == 2
    assert message in capsys.readouterr().err


def test_errors_are_one_line_and_debug_shows_where(capsys: Capture) -> None:
    assert run_cli("train", "nowhere.config") == 2
    err = capsys.readouterr().err
    assert err.startswith("rnnlib-py: error: ")
    assert err.count("\n") == 1
    assert run_cli("train", "nowhere.config", "--debug") == 2
    assert "Traceback" in capsys.readouterr().err


def test_config_documentation_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / "docs" / "config.md"
    assert page.read_text(encoding="utf-8") == key_docs.markdown(), (
        "run: python -m rnnlib_py.config.key_docs > docs/config.md"
    )
