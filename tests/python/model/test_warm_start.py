# SPDX-License-Identifier: Apache-2.0
"""New runs that begin with a save's weights, also where labels were added, removed or put in another order."""

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from tiny import transcription, write_config, write_data

import rnnlib_py as rnn

OLD = ["a", "b", "c"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def classes(labels: list[str], points: int = 6) -> list[dict[str, Any]]:
    rng = np.random.default_rng(4)
    return [{"inputs": rng.normal(size=(points, 2)), "target": rng.integers(0, len(labels), points)} for _ in range(3)]


def network(labels: list[str], task: str, hidden: int = 3, seed: int = 7, warm: str | None = None) -> rnn.Network:
    """A network for such labels; with `warm` as training from that save begins."""
    sequences = transcription() if task == "transcription" else classes(labels)
    if task == "transcription":
        known = [{**s, "target": [label for label in s["target"] if label in labels]} for s in sequences]
        sequences = [s for s in known if s["target"]]
    rnn.write_netcdf("x.nc", sequences, labels, task=task)
    config = write_config(Path("x.config"), task=task, trainFile="x.nc", hiddenSize=hidden, randSeed=seed)
    more = {"warmStart": warm} if warm else {}
    return rnn.train(rnn.Config.read(config, learnRate=0, **more)).network


def saved(made: rnn.Network) -> str:
    made.save("old.save")
    return "old.save"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("task", ["transcription", "classification"])
def test_output_units_follow_their_labels(task: str) -> None:
    old = network(OLD, task)
    new = network(["c", "x", "a", "b", "y"], task, seed=8, warm=saved(old))
    fresh = network(["c", "x", "a", "b", "y"], task, seed=8)
    where = {"c": (0, 2), "a": (2, 0), "b": (3, 1)}
    if task == "transcription":
        where["blank"] = (5, 3)
    for name, rows in new.weights.items():
        if "output" not in name:
            assert np.array_equal(rows, old.weights[name])
            continue
        for to, source in where.values():
            assert np.array_equal(rows[to], old.weights[name][source])
        for i in (1, 4):
            assert np.array_equal(rows[i], fresh.weights[name][i])


@pytest.mark.usefixtures("place")
def test_predictions_stay_when_labels_are_put_in_another_order() -> None:
    old = network(OLD, "transcription")
    new = network(["b", "c", "a"], "transcription", seed=8, warm=saved(old))
    inputs = [rnn.Sequence(s["inputs"]) for s in transcription(seed=5)]
    before = [p.outputs for p in old.predict(inputs)]
    after = [p.outputs for p in new.predict(inputs)]
    for x, y in zip(before, after, strict=True):
        assert y == pytest.approx(x[:, [1, 2, 0, 3]], rel=1e-5)


@pytest.mark.usefixtures("place")
def test_new_labels_share_what_old_ones_had() -> None:
    """The odds of old labels stay as they were; the same seed draws the same weights for new ones."""
    old = network(OLD, "transcription")
    labels = ["x", "b", "a", "y", "c"]
    new = network(labels, "transcription", seed=8, warm=saved(old))
    again = network(labels, "transcription", seed=8, warm="old.save")
    inputs = [rnn.Sequence(s["inputs"]) for s in transcription(seed=5)]
    where = [labels.index(label) for label in OLD] + [len(labels)]
    found = zip(old.predict(inputs), new.predict(inputs), again.predict(inputs), strict=True)
    for before, after, same in found:
        odds = np.log(after.outputs[:, where])
        expected = np.log(before.outputs)
        assert odds - odds[:, -1:] == pytest.approx(expected - expected[:, -1:], abs=1e-4)
        assert after.outputs[:, where].sum() < before.outputs.sum()
        assert np.array_equal(after.outputs, same.outputs)


@pytest.mark.usefixtures("place")
def test_the_log_names_labels_that_came_and_went() -> None:
    old = saved(network(OLD, "transcription"))
    sequences = [{**s, "target": ["a"]} for s in transcription()]
    rnn.write_netcdf("y.nc", sequences, ["ø", "a", "b", "ß"], task="transcription")
    config = rnn.Config.read(write_config(Path("y.config"), trainFile="y.nc", hiddenSize=3, totalEpochs=0))
    with Path("log.txt").open("w", encoding="utf-8") as file:
        rnn.train(rnn.Config.read(config.path, warmStart=old), output=file)
    assert "2 labels are new and random: ø, ß; 1 label is no longer there: c" in Path("log.txt").read_text("utf-8")


@pytest.mark.usefixtures("place")
def test_a_good_network_does_not_diverge_because_of_noise(recwarn: pytest.WarningsRecorder) -> None:
    write_data(Path("train.nc"))
    keys = {"optimiser": "adam", "learnRate": 0.05, "totalEpochs": 60, "hiddenSize": 8}
    good = rnn.train(rnn.Config.read(write_config(Path("x.config"), **keys)))
    save = saved(good.network)
    config = rnn.Config.read("x.config", warmStart=save, inputNoiseDev=1, learnRate=1e-6, totalEpochs=1)
    run = rnn.train(config)
    errors = [r.history[-1].errors["train"]["ctcError"] for r in (good, run)]
    assert errors[1] > 3 * errors[0]
    assert not [str(warning.message) for warning in recwarn if "diverges" in str(warning.message)]


@pytest.mark.usefixtures("place")
def test_data_that_were_prepared_otherwise() -> None:
    made = network(OLD, "transcription")
    made.recipe = '{"kind": "lines", "version": 1, "height": 48, "invert": "auto"}'
    old = saved(made)
    config = write_config(Path("y.config"), trainFile="y.nc", hiddenSize=3, totalEpochs=0)

    def start(recipe: str, sequences: list[dict[str, Any]]) -> None:
        rnn.write_netcdf("y.nc", sequences, OLD, task="transcription")
        with netCDF4.Dataset("y.nc", "a") as file:
            file.recipe = recipe
        rnn.train(rnn.Config.read(config, warmStart=old))

    with pytest.warns(rnn.RunWarning, match=r"another recipe than these \(height 48, not 32\)"):
        start(made.recipe.replace("48", "32"), transcription())
    with pytest.raises(rnn.ConfigError, match="data of `prepare lines`, these were made by `prepare audio`"):
        start(made.recipe.replace("lines", "audio"), transcription())
    wider = [{**s, "inputs": np.repeat(s["inputs"], 2, axis=-1)} for s in transcription()]
    with pytest.raises(rnn.ConfigError, match=r"trained on data with 3 inputs per point, these have 6"):
        start("", wider)


@pytest.mark.usefixtures("place")
def test_two_classes_and_more_are_the_same_probabilities() -> None:
    """One logistic unit for two classes, a softmax for more: the odds of the two stay."""
    two = network(["n", "y"], "classification")
    inputs = [rnn.Sequence(s["inputs"]) for s in classes(OLD)]
    odds = [np.log(p.outputs[:, 0] / (1 - p.outputs[:, 0])) for p in two.predict(inputs)]
    many = network(["y", "n", "z"], "classification", seed=8, warm=saved(two))
    for p, expected in zip(many.predict(inputs), odds, strict=True):
        assert np.log(p.outputs[:, 0] / p.outputs[:, 1]) == pytest.approx(expected, abs=1e-4)
    back = network(["y", "n"], "classification", seed=9, warm=saved(many))
    for p, expected in zip(back.predict(inputs), odds, strict=True):
        assert np.log(p.outputs[:, 0] / (1 - p.outputs[:, 0])) == pytest.approx(-expected, abs=1e-4)


@pytest.mark.usefixtures("place")
def test_other_sizes_stay_random_and_the_log_names_them() -> None:
    old = saved(network(OLD, "transcription"))
    rnn.write_netcdf("y.nc", transcription(), ["a", "b", "c", "d"], task="transcription")
    config = write_config(Path("y.config"), trainFile="y.nc", hiddenSize=[3, 4], warmStart=old)
    with Path("log.txt").open("w") as file:
        run = rnn.train(rnn.Config.read(config, autosave=True), output=file)
    log = Path("log.txt").read_text()
    assert f"weights from {old}: 9 of 19 connections" in log
    assert "random as in a new network: " in log
    assert "input_to_hidden_0_0" not in log.split("random as in a new network: ")[1].splitlines()[0]
    assert "partly taken, by labels: bias_to_output" in log
    assert "1 label is new and random: d" in log
    assert run.last_save
    going_on = rnn.Config.read(run.last_save)
    assert "warmStart" not in going_on  # a save has weights of its own


@pytest.mark.usefixtures("place")
def test_what_cannot_be_taken_over_is_an_error() -> None:
    old = saved(network(OLD, "transcription"))
    write_data(Path("train.nc"))
    with pytest.raises(rnn.IoError, match=r"warmStart: no file gone\.save"):
        rnn.train(rnn.Config.read(write_config(Path("z.config")), warmStart="gone.save"))
    with pytest.raises(rnn.ConfigError, match="its task is transcription, this one's is classification"):
        network(OLD, "classification", warm=old)
    rnn.write_netcdf("x.nc", transcription(), ["q", *OLD], task="transcription")
    config = write_config(Path("z.config"), trainFile="x.nc", hiddenSize=7)
    run = rnn.train(rnn.Config.read(config, warmStart=old))  # output biases are left
    assert run.network.num_weights > 0
