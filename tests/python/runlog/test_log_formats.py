# SPDX-License-Identifier: Apache-2.0
"""What a run says of itself: RNNLIB's lines, and JSON lines as docs/logs.md describes them."""

from __future__ import annotations

import io
import json
import re
import signal
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import run_cli, start_cli, transcription, wait_for, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.runlog.events import EpochDone, Noted
from rnnlib_py.runlog.full_lines import took_line
from rnnlib_py.runlog.json_lines import json_line
from rnnlib_py.runlog.work import EpochWork

Capture = pytest.CaptureFixture[str]
Record = dict[str, Any]
DOCS = Path(__file__).parents[3] / "docs" / "logs.md"
NUMBER = r"\d+(\.\d+)?"
pytestmark = pytest.mark.usefixtures("folder")


def three_sets() -> Record:
    write_data(Path("val.nc"), transcription(seed=1))
    write_data(Path("test.nc"), transcription(seed=2))
    return {"valFile": "val.nc", "testFile": "test.nc"}


def records_of(**values: object) -> tuple[rnn.Run, list[Record]]:
    output = io.StringIO()
    run = rnn.train(rnn.Config.read("x.config", **values), output=output, log_format="json", error_output=io.StringIO())
    return run, [json.loads(line) for line in output.getvalue().splitlines()]


def only(records: list[Record], event: str) -> list[Record]:
    return [record for record in records if record["event"] == event]


# --- RNNLIB's lines ---


def test_an_epoch_is_told_as_rnnlib_does() -> None:
    output = io.StringIO()
    rnn.train(rnn.Config.read("x.config", **three_sets(), totalEpochs=1), output=output, console="full")
    rates = ["labelError", "seqError", "substitutions", "deletions", "insertions"]
    errors = [rf"ctcError {NUMBER}", *(rf"{name} {NUMBER}%" for name in rates)]
    lines = [
        rf"epoch 1 took {NUMBER} seconds \({NUMBER} secs/seq, {NUMBER} its/sec, {NUMBER} MwtOps/sec\)",
        *["-{40}", r"train errors \(running\):", *errors],
        *["-{40}", "validation errors:", *errors],
        *["-{40}", "test errors:", *errors],
        *["-{40}", *(rf"best network \({name}\)" for name in ("ctcError", "labelError", "seqError"))],
        *["-{40}", rf"pace: {NUMBER} sequences/s, {NUMBER} points/s, memory {NUMBER} [MG]iB", ""],
        "stopped: 1 epochs done .*",
    ]
    told = output.getvalue()
    assert re.search("^" + "\n".join(lines) + "$", told, re.MULTILINE), told


def test_numbers_of_long_epochs_have_no_exponents() -> None:
    line = took_line(7, EpochWork(1234567.0, 10, 12_345_678_901, 5_000_000))
    assert line == "epoch 7 took 1234567 seconds (123457 secs/seq, 10000 its/sec, 150000 MwtOps/sec)"


def test_time_left_is_told_after_every_epoch_but_the_last() -> None:
    output = io.StringIO()
    rnn.train(rnn.Config.read("x.config", totalEpochs=3), output=output, console="full")
    paces = [line for line in output.getvalue().splitlines() if line.startswith("pace: ")]
    assert [bool(re.search(r", \d+:\d\d left to epoch 3$", line)) for line in paces] == [True, True, False]


# --- JSON ---


def test_events_of_a_run() -> None:
    run, records = records_of(**three_sets(), autosave=True)
    events = [record["event"] for record in records if record["event"] != "save"]
    assert events == ["start", "note", "epoch", "epoch", "end"]
    start, end = records[0], records[-1]
    assert (start["version"], start["seed"]) == (rnn.__version__, 7)
    assert start["config"]["hiddenSize"] == [3]
    assert start["config"]["learnRate"] == 0.01
    network = start["network"]
    assert network["weights"] == run.network.num_weights == sum(layer["weights"] for layer in network["layers"])
    assert [layer["name"] for layer in network["layers"]] == [layer.name for layer in run.network.layers]
    assert start["sets"]["test"] == {"sequences": 6, "files": ["test.nc"]}
    for record, epoch in zip(only(records, "epoch"), run.history, strict=True):
        assert record["epoch"] == epoch.epoch
        assert record["errors"] == epoch.errors
        assert record["improved"] == epoch.improved
        assert record["seconds"] == epoch.seconds
        assert (record["sequences"], record["points"], record["total_epochs"]) == (6, 72, 2)
        assert record["sequences_per_second"] == pytest.approx(6 / epoch.seconds)
        assert record["points_per_second"] == pytest.approx(72 / epoch.seconds)
        assert 1e7 < record["peak_memory_bytes"] < 1e11
    assert only(records, "epoch")[0]["seconds_left"] > 0
    assert only(records, "epoch")[1]["seconds_left"] == 0
    assert (end["status"], end["reason"], end["epoch"]) == ("finished", run.stopped, 2)
    assert end["best"]["ctcError"] == {
        "epoch": run.best["ctcError"].epoch,
        "error": run.best["ctcError"].error,
        "errors": run.best["ctcError"].errors,
        "save": str(run.best_saves["ctcError"]),
    }


def test_saves_are_told_when_they_are_there() -> None:
    run, records = records_of(autosave=True)
    told = only(records, "save")
    assert {record["path"] for record in told} == {str(p) for p in (run.last_save, *run.best_saves.values())}
    assert [(r["kind"], r["criterion"], r["epoch"]) for r in told[:4]] == [
        ("best", "ctcError", 1),
        ("best", "labelError", 1),
        ("best", "seqError", 1),
        ("last", None, 1),
    ]


def test_the_log_file_stays_rnnlibs() -> None:
    run, records = records_of(autosave=True)
    assert run.log_path is not None
    lines = run.log_path.read_text().splitlines()
    assert sum(line.startswith("epoch ") for line in lines) == len(only(records, "epoch"))
    assert "best network (ctcError)" in lines
    assert not any(line.startswith("{") for line in lines)


def test_warnings_are_events_and_text_on_the_error_output(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--optimiser=rprop", "--log-format", "json") == 0
    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert [record["text"] for record in only(told, "warning")] == ["learnRate 0.01 has no effect: optimiser is rprop."]
    assert err == "rnnlib-py: warning: learnRate 0.01 has no effect: optimiser is rprop.\n"


def test_going_on_is_an_event() -> None:
    part, _ = records_of(autosave=True)
    output = io.StringIO()
    config = rnn.Config.read(part.last_save or "", totalEpochs=3, optimiser="adam")
    rnn.train(config, output=output, log_format="json")
    (resume,) = only([json.loads(line) for line in output.getvalue().splitlines()], "resume")
    del resume["time"]
    assert resume == {
        "event": "resume",
        "save": str(part.last_save),
        "epoch": 2,
        "sequences_done": 0,
        "afresh": ["optimiser"],
    }


def test_a_run_that_fails_ends_with_its_reason(capsys: Capture) -> None:
    sequences = [{"inputs": np.ones((3, 1)), "target": np.full((3, 1), 1e30)}]
    write_data(Path("r.nc"), sequences, "regression", labels=None)
    write_config(Path("r.config"), task="regression", trainFile="r.nc", learnRate=100)
    assert run_cli("train", "r.config", "--log-format=json") == 1
    out, err = capsys.readouterr()
    end = json.loads(out.splitlines()[-1])
    assert (end["event"], end["status"], end["epoch"]) == ("end", "failed", 1)
    assert end["reason"] in err


def test_an_interrupted_run_ends_as_such() -> None:
    write_config(Path("long.config"), totalEpochs=-1, maxTestsNoBest=0)
    process = start_cli("train", "long.config", "--log-format=json", "--autosave=false")
    assert process.stdout is not None
    wait_for(process, '"event": "epoch"')
    process.send_signal(signal.SIGINT)
    records = [json.loads(line) for line in process.stdout]
    process.stdout.close()
    assert process.wait(timeout=60) == 130
    assert (records[-1]["event"], records[-1]["status"]) == ("end", "interrupted")
    assert records[-1]["reason"].startswith("interrupted ")
    assert "autosave is off: not saved" in only(records, "note")[0]["text"]


def test_quiet_leaves_the_end(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--log-format=json", "--quiet") == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert json.loads(out)["status"] == "finished"


def test_times_and_numbers() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone.utc)
    assert json_line(Noted(("one", "zwei ü")), moment) == (
        '{"event": "note", "time": "2026-01-02T03:04:05.678Z", "text": "one\\nzwei ü"}'
    )
    work = EpochWork(0.0, 0, 0, 0)
    errors = {"train": {"sumSquaresError": float("inf"), "x": float("nan")}}
    record = json.loads(json_line(EpochDone(1, None, errors, [], 0, work, None, None)))
    assert record["errors"]["train"] == {"sumSquaresError": None, "x": None}
    assert record["total_epochs"] is record["peak_memory_bytes"] is record["seconds_left"] is None


# --- bad usage ---


def test_an_unknown_format(capsys: Capture) -> None:
    assert run_cli("train", "x.config", "--log-format=xml") == 2
    assert "invalid choice: 'xml'" in capsys.readouterr().err
    with pytest.raises(rnn.ConfigError, match="log format is 'xml', expected one of text, json"):
        rnn.train("x.config", log_format="xml")


@pytest.mark.parametrize("option", ["--log-format=json", "--tensorboard=board"])
@pytest.mark.parametrize("mode", ["errorTest", "gradCheck"])
def test_modes_that_do_not_train_refuse_the_options(mode: str, option: str, capsys: Capture) -> None:
    assert run_cli("train", "x.config", f"--{mode}=true", option) == 2
    assert f"but the config says {mode} true" in capsys.readouterr().err
    assert not Path("board").exists()


# --- docs/logs.md ---


def documented_fields() -> dict[str, set[str]]:
    """Event -> fields, from the page's tables."""
    text = DOCS.read_text(encoding="utf-8")
    events = re.split(
        r"^### Event `(\w+)`$", text.partition("## JSON lines")[2].partition("\n## ")[0], flags=re.MULTILINE
    )
    found = {"": set(re.findall(r"^\| `([\w.]+)` \|", events[0], re.MULTILINE))}
    for name, part in zip(events[1::2], events[2::2], strict=True):
        found[name] = set(re.findall(r"^\| `([\w.\[\]<>]+)` \|", part, re.MULTILINE))
    return found


def fields_of(record: Record) -> set[str]:
    """Names with a dot for nesting; names that are data (sets, errors, keys) are not fields."""
    found: set[str] = set()
    for name, value in record.items():
        found.add(name)
        if name == "network":
            found |= {f"network.{n}" for n in value} | {f"network.layers[].{n}" for n in value["layers"][0]}
        if name == "sets":
            found |= {f"sets.<set>.{n}" for n in next(iter(value.values()))}
        if name == "noise":
            found |= {f"noise.{n}" for n in value}
        if name == "best":
            found |= {f"best.<error>.{n}" for n in next(iter(value.values()))}
    return found


def test_every_field_is_documented_and_every_documented_field_is_there() -> None:
    run, records = records_of(**three_sets(), autosave=True, optimiser="rprop", mdl=True)
    rest = io.StringIO()
    config = rnn.Config.read(run.last_save or "", totalEpochs=3)
    rnn.train(config, output=rest, error_output=io.StringIO(), log_format="json")
    records += [json.loads(line) for line in rest.getvalue().splitlines()]
    records.append(json.loads(json_line(Noted(("x",)))))
    documented = documented_fields()
    common = documented.pop("")
    assert common == {"event", "time"}
    assert set(documented) == {record["event"] for record in records}
    for record in records:
        assert fields_of(record) - common == documented[record["event"]], record["event"]
