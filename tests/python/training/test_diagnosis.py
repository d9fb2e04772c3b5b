# SPDX-License-Identifier: Apache-2.0
"""Warnings about runs that diverge, stand still, output only blanks, or learn their training set by heart."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from tiny import transcription, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.training.diagnosis import Diagnosis

CONFIG = rnn.Config(task="regression", hiddenSize=2, learnRate=0.25)
Epochs = list[dict[str, dict[str, float]]]


def errors(train: float, validation: float | None = None) -> dict[str, dict[str, float]]:
    found = {"train": {"sumSquaresError": train}}
    return found if validation is None else {**found, "validation": {"sumSquaresError": validation}}


def ctc(deletions: float, insertions: float = 0, substitutions: float = 0, error: float = 9) -> Any:
    rates = {"deletions": deletions, "insertions": insertions, "substitutions": substitutions}
    return {"train": {"ctcError": error, **rates}}


def diagnose(
    epochs: Epochs, diagnosis: Diagnosis | None = None, first: int = 1, best: float = float("inf")
) -> list[str]:
    """What is found; the selection set's errors are those of validation, else of training."""
    diagnosis = diagnosis or Diagnosis(CONFIG)
    found = []
    for epoch, values in enumerate(epochs, first):
        selection = next(iter(values.get("validation", values["train"]).values()))
        found += diagnosis.update(epoch, values, selection < best)
        best = min(best, selection)
    return found


def falling(count: int = 30) -> list[float]:
    return [100 * 0.95**i for i in range(count)]


# --- divergence ---


def test_a_good_run_says_nothing() -> None:
    assert diagnose([errors(e, 1.1 * e) for e in falling()]) == []


def test_ups_and_downs_say_nothing() -> None:
    jumps = [(1.2 if i % 3 == 0 else 1.0) * e for i, e in enumerate(falling())]
    assert diagnose([errors(e) for e in jumps]) == []


def test_three_rises_in_a_row() -> None:
    found = diagnose([errors(e) for e in [100, 50, 40, 45, 55, 70, 90, 130]])
    assert len(found) == 1
    assert found[0].startswith("epoch 6: the train error rises: in 3 epochs from sumSquaresError 40 to 70. ")
    assert "a smaller learnRate (now 0.25)" in found[0]


def test_small_rises_of_a_small_error_say_nothing() -> None:
    assert diagnose([errors(e) for e in [100, 1, 1.5, 2, 2.5, 1]]) == []


def test_divergence_is_said_again_after_it_has_ended() -> None:
    rise = [50, 60, 70, 80]
    assert len(diagnose([errors(e) for e in [100, *rise, 75, *rise[1:], 90]])) == 1  # never below 50, where it began
    found = diagnose([errors(e) for e in [100, *rise, 49, *rise]])
    assert [text.split(":")[0] for text in found] == ["epoch 5", "epoch 9"]


def test_worse_than_the_first_epoch() -> None:
    found = diagnose([errors(e) for e in [100, 120, 110, 120, 110]])
    assert len(found) == 1
    assert found[0].startswith(
        "epoch 4: training diverges: for 3 epochs the train error has been worse than in epoch 1"
    )


def test_worse_than_the_untrained_network() -> None:
    diagnosis = Diagnosis(CONFIG)
    diagnosis.begin({"sumSquaresError": 50})
    found = diagnose([errors(e) for e in [101, 90, 99, 40, 101]], diagnosis)
    assert [text.split(":")[0] for text in found] == ["epoch 1", "epoch 5"]
    assert "the train error is sumSquaresError 101, that of the untrained network was 50" in found[0]


def test_remedies_follow_the_config() -> None:
    values = [errors(e) for e in [50, 60, 70, 80]]
    with_rprop = diagnose(values, Diagnosis(rnn.Config(task="regression", hiddenSize=2, optimiser="rprop")))
    assert "learnRate" not in with_rprop[0]
    assert "momentum (now 0.9)" in diagnose(values)[0]


# --- blanks ---


def test_all_blank_for_five_epochs() -> None:
    found = diagnose([ctc(1, error=9 - i) for i in range(8)])
    assert len(found) == 1
    assert found[0].startswith("epoch 5: all outputs are blank: in 5 epochs no label was put out")
    for advice in ("more epochs", "larger learnRate", "adam or rmsprop", "shorter targets first"):
        assert advice in found[0]


@pytest.mark.parametrize("rest", [ctc(0.99), ctc(1, insertions=0.01), ctc(0.9, substitutions=0.1)])
def test_outputs_with_a_label_are_not_blank(rest: Any) -> None:
    assert diagnose([*[ctc(1)] * 4, rest, *[ctc(1)] * 4]) == []
    assert len(diagnose([*[ctc(1)] * 5, rest, *[ctc(1)] * 5])) == 2


# --- standstill ---


def test_standstill_after_ten_epochs() -> None:
    assert diagnose([errors(100)] * 10) == []
    found = diagnose([errors(100 - i / 100) for i in range(30)])
    assert len(found) == 1
    assert found[0].startswith(
        "epoch 11: training stands still: in 10 epochs the train error has changed by less than 0.5%"
    )
    assert "a larger learnRate" in found[0]


def test_standstill_is_said_again_after_it_has_ended() -> None:
    found = diagnose([errors(e) for e in [*[100] * 11, *[50] * 11]])
    assert [text.split(":")[0] for text in found] == ["epoch 11", "epoch 22"]


def test_an_error_of_zero_and_blanks_are_not_called_a_standstill() -> None:
    assert diagnose([errors(0)] * 20) == []
    assert [text.split(":")[1] for text in diagnose([ctc(1)] * 20)] == [" all outputs are blank"]


# --- overfitting ---


def test_overfitting() -> None:
    values = [errors(100 * 0.9**i, 100 * 0.9**i if i < 8 else 60 + 2 * i) for i in range(30)]
    found = diagnose(values)
    assert len(found) == 1
    assert found[0].startswith(
        "epoch 18: overfitting: since epoch 8 no error on the validation set has become better "
        "(sumSquaresError was 47.8297, is 94), while the train error has fallen from 47.8297 to 16.6772. "
    )
    assert "mdl true" in found[0]


def test_no_overfitting_while_another_error_becomes_better() -> None:
    diagnosis, found = Diagnosis(CONFIG), []
    for i in range(30):
        found += diagnosis.update(i, errors(100 * 0.9**i, 50 + i), improved=i % 5 == 0)
    assert found == []


def test_noise_on_a_level_is_no_overfitting() -> None:
    noise = [20, 31, 26, 35, 24, 33, 28, 30, 25, 34, 27, 32, 29, 26, 33]
    assert diagnose([errors(100 - i, v) for i, v in enumerate(noise)]) == []


# --- in saves ---


def tour() -> Epochs:
    """Every kind of trouble of regression, with its end."""
    values = [100, 60, 70, 80, 90, 50, *[40] * 12, *[100 * 0.9**i for i in range(8, 30)], *[200, 220, 230, 240]]
    return [errors(e, 30 if i < 20 else 31 + i) for i, e in enumerate(values)]


@pytest.mark.parametrize("at", [0, 1, 3, 5, 12, 17, 25, 40])
def test_a_resumed_run_says_what_the_uninterrupted_one_says(at: int) -> None:
    epochs = tour()
    diagnosis = Diagnosis(CONFIG)
    diagnosis.begin({"sumSquaresError": 110})
    whole = Diagnosis(CONFIG)
    whole.begin({"sumSquaresError": 110})
    best = min((e["validation"]["sumSquaresError"] for e in epochs[:at]), default=float("inf"))
    before = diagnose(epochs[:at], diagnosis)
    save = _core.Save()
    diagnosis.store(save)
    text = save.get_value("trainer_watch")
    assert text is not None
    assert "\n" not in text
    later = Diagnosis(CONFIG)
    later.restore(save, "x.save")
    found = before + diagnose(epochs[at:], later, at + 1, best)
    assert found == diagnose(epochs, whole)
    assert len({text.split(":")[1] for text in found}) >= 4


def test_a_save_without_it_resets_it() -> None:
    diagnosis = Diagnosis(CONFIG)
    diagnosis.restore(_core.Save(), "x.save")
    assert diagnose([errors(e) for e in falling()], diagnosis) == []


GOOD: dict[str, Any] = {"start": None, "first": [1, "e", 2.0, None, False, True], "best": None, "active": {}}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        json.dumps({**GOOD, "recent": []}),
        json.dumps({**GOOD, "recent": [[1, "e", 2.0]]}),
        json.dumps({**GOOD, "recent": [[1, "e", float("nan"), None, False, True]]}),
        json.dumps({**GOOD, "recent": [[1, "e", 2.0, None, 3, True]]}),
        json.dumps({**GOOD, "recent": [GOOD["first"]], "active": {"standstill": "x"}}),
        json.dumps({**GOOD, "recent": [GOOD["first"]], "start": "x"}),
    ],
)
def test_damaged_state_is_an_error(text: str) -> None:
    save = _core.Save()
    save.set_value("trainer_watch", text)
    with pytest.raises(rnn.FormatError, match=r"x.save: trainer_watch: damaged"):
        Diagnosis(CONFIG).restore(save, "x.save")


def test_state_that_no_longer_fits_the_window_does_no_harm() -> None:
    save = _core.Save()
    save.set_value("trainer_watch", json.dumps({**GOOD, "recent": [GOOD["first"]], "active": {"standstill": 0.0}}))
    diagnosis = Diagnosis(CONFIG)
    diagnosis.restore(save, "x.save")
    assert diagnose([errors(1)], diagnosis) == []


# --- real runs ---


def run_of(**values: object) -> tuple[rnn.Run, str, str]:
    output, error_output = io.StringIO(), io.StringIO()
    run = rnn.train(rnn.Config.read("x.config", **values), output=output, error_output=error_output)
    return run, output.getvalue(), error_output.getvalue()


@pytest.mark.usefixtures("folder")
def test_a_run_of_blanks_says_so_once_after_the_epoch_and_in_its_log() -> None:
    run, output, error_output = run_of(optimiser="adam", learnRate=0.001, totalEpochs=60, autosave=True)
    blank = [epoch.epoch for epoch in run.history if epoch["train"]["deletions"] == 1]
    assert len(blank) > 5
    warned = [epoch.epoch for epoch in run.history if any("all outputs are blank" in text for text in epoch.warnings)]
    assert warned == [blank[0] + 4]
    assert error_output.count("all outputs are blank") == 1
    assert "all outputs are blank" not in output
    log = (run.log_path or Path()).read_text()
    took, warning = log.index(f"epoch {warned[0]} took"), log.index("warning: epoch")
    assert took < warning < log.index(f"epoch {warned[0] + 1} took")


@pytest.mark.usefixtures("folder")
def test_a_resumed_run_does_not_repeat_itself() -> None:
    settings = {"optimiser": "adam", "learnRate": 0.001, "autosave": True}
    whole = run_of(**settings, totalEpochs=60)[0]
    warned = next(epoch.epoch for epoch in whole.history if epoch.warnings)
    for stop in (warned - 1, warned):
        part = run_of(**settings, totalEpochs=stop)[0]
        rest = rnn.train(rnn.Config.read(part.last_save or "", totalEpochs=60), error_output=io.StringIO())
        assert [e.warnings for e in part.history + rest.history] == [e.warnings for e in whole.history]
        assert rest.last_save is not None
        assert whole.last_save is not None
        assert rest.last_save.read_text() == whole.last_save.read_text()


@pytest.mark.usefixtures("folder")
def test_an_absurd_learning_rate() -> None:
    error_output = run_of(learnRate=50, totalEpochs=4)[2]
    assert "epoch 1: training diverges: the train error is ctcError" in error_output
    assert "a smaller learnRate (now 50)" in error_output


@pytest.mark.usefixtures("folder")
def test_a_run_that_learns_says_nothing() -> None:
    write_data(Path("val.nc"), transcription(count=20, seed=1))
    error_output = run_of(optimiser="adam", learnRate=0.05, totalEpochs=20, valFile="val.nc")[2]
    assert error_output == ""


def test_a_number_that_is_none_ends_the_run_with_advice(tmp_path: Path) -> None:
    sequence = {"inputs": [[1.0], [2.0], [3.0]], "target": [[1e30], [1e30], [1e30]]}
    rnn.write_netcdf(tmp_path / "r.nc", [sequence], task="regression")
    config = {"task": "regression", "trainFile": str(tmp_path / "r.nc"), "hiddenSize": 2, "learnRate": 100}
    with pytest.raises(rnn.NumericError, match=r"^epoch 2: .*training diverges.*a smaller learnRate \(now 100\)"):
        rnn.train(config)
