# SPDX-License-Identifier: Apache-2.0
"""Learning rates from epoch to epoch."""

from pathlib import Path

import pytest
from tiny import write_config

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.training.schedule import LearnRateSchedule

pytestmark = pytest.mark.usefixtures("folder")


def schedule(name: str, **values: object) -> LearnRateSchedule:
    return LearnRateSchedule(rnn.Config({"learnRateSchedule": name, **values}))


def test_factors() -> None:
    assert [schedule("constant").factor(n) for n in (0, 5)] == [1, 1]
    assert [schedule("exponential", learnRateDecay=0.1).factor(n) for n in range(3)] == pytest.approx([1, 0.1, 0.01])
    cosine = schedule("cosine", totalEpochs=4)
    assert [cosine.factor(n) for n in range(6)] == pytest.approx([1, 0.853553, 0.5, 0.146447, 0, 0], abs=1e-6)


def test_plateau_waits_and_lowers() -> None:
    plateau = schedule("plateau", learnRateDecay=0.5, learnRatePatience=1)
    factors = []
    for error in (5.0, 4.0, 4.5, 4.2, 3.9, 4.0, 4.0, 4.0, 4.0):
        factors.append(plateau.factor(0))
        plateau.update({"ctcError": error, "labelError": 0.0})
    assert factors == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert plateau.factor(0) == 0.125


def test_plateau_goes_on_from_a_save() -> None:
    values = {"learnRatePatience": 1, "learnRateDecay": 0.25}
    errors = [3.0, 3.5, 3.25, 2.0, 2.5, 2.5, 2.5, 1.0]
    whole = schedule("plateau", **values)
    for stop in range(len(errors)):
        begun, resumed = schedule("plateau", **values), schedule("plateau", **values)
        for error in errors[:stop]:
            begun.update({"ctcError": error})
        save = _core.Save()
        begun.store(save)
        resumed.restore(save, "x.save")
        for error in errors[stop:]:
            resumed.update({"ctcError": error})
        whole = schedule("plateau", **values)
        for error in errors:
            whole.update({"ctcError": error})
        assert resumed.factor(0) == whole.factor(0) == 0.0625


def test_damaged_state_is_refused() -> None:
    save = _core.Save()
    save.set_value("trainer_plateau", "[1,2]")
    with pytest.raises(rnn.FormatError, match=r"x\.save: trainer_plateau: damaged"):
        schedule("plateau").restore(save, "x.save")


def test_cosine_needs_an_end() -> None:
    with pytest.raises(rnn.ConfigError, match="cosine needs totalEpochs"):
        rnn.train(rnn.Config.read("x.config", learnRateSchedule="cosine", totalEpochs=-1))


def vectors(run: rnn.Run) -> list[str]:
    """Weights and the optimiser's state, as a save has them; its checksum covers the settings, too."""
    return [line for line in run.make_save().text().splitlines() if line.startswith("weightContainer_")]


def test_rate_zero_changes_nothing_and_factors_are_those_of_smaller_rates() -> None:
    values = {"trainFile": "train.nc", "momentum": 0, "totalEpochs": 2}
    run = rnn.train(rnn.Config.read("x.config", **values, learnRateSchedule="exponential", learnRateDecay=0.5))
    assert [epoch.learn_rate_factor for epoch in run.history] == [1, 0.5]
    by_hand = rnn.train(rnn.Config.read("x.config", **{**values, "totalEpochs": 1}, autosave=True))
    assert by_hand.last_save
    second = rnn.train(rnn.Config.read(by_hand.last_save, totalEpochs=2, learnRate=0.005))
    assert vectors(second) == vectors(run)


def test_the_log_names_the_factor(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:
        rnn.train(rnn.Config.read("x.config", learnRateSchedule="exponential"), output=file, console="full")
    lines = (tmp_path / "out").read_text().splitlines()
    assert lines.count("learning rates times 0.5") == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"learnRateDecay": 0.1}, "learnRateDecay 0.1 has no effect: learnRateSchedule is constant"),
        ({"learnRatePatience": 2}, "learnRatePatience 2 has no effect: learnRateSchedule is constant"),
        ({"optimiser": "rprop", "warmupUpdates": 3}, "warmupUpdates 3 has no effect: optimiser is rprop"),
        ({"saveEvery": 3}, "saveEvery 3 has no effect: autosave is false"),
        ({"dropout": 0.5}, "dropout 0.5 has no effect: there is one level"),
    ],
)
def test_keys_without_effect(values: dict[str, object], message: str) -> None:
    write_config(Path("y.config"), learnRate=None, **values)
    assert any(message in text for text in rnn.Config.read("y.config").warnings())
