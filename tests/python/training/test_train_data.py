# SPDX-License-Identifier: Apache-2.0
"""train() with data in place of files: the same runs, saves and logs; data that do not fit; going on."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, framewise, left_behind, saves, transcription, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py import testing

pytestmark = pytest.mark.usefixtures("folder")

KEYS: dict[str, Any] = {"task": "transcription", "hiddenSize": 3, "learnRate": 0.01, "randSeed": 7, "threads": 1}


def config(**values: object) -> rnn.Config:
    return rnn.Config({**KEYS, "totalEpochs": 2, **values})


def pairs(count: int = 6, seed: int = 0) -> list[tuple[Any, Any]]:
    return [(item["inputs"], item["target"]) for item in transcription(count, seed=seed)]


def figures(run: rnn.Run) -> list[Any]:
    return [epoch.errors for epoch in run.history]


def trained(run: rnn.Run) -> str:
    """The save without what names its data."""
    lines = run.make_save().text().splitlines()
    return "\n".join(line for line in lines if not line.startswith(("trainFile", "valFile", "testFile", "trainer_end")))


# --- the same as from files ---


@pytest.mark.parametrize(
    "values", [{}, {"batchLearn": True, "optimiser": "rprop"}, {"seqsPerWeightUpdate": 2, "mdl": True}]
)
def test_a_run_from_data_is_the_run_from_their_files(values: dict[str, Any]) -> None:
    for name, seed in (("train", 0), ("val", 1), ("test", 2)):
        write_data(Path(f"{name}.nc"), transcription(9, seed=seed))
    files = {"trainFile": "train.nc", "valFile": "val.nc", "testFile": "test.nc"}
    expected = rnn.train(config(**files, **values))
    items = {name: transcription(9, seed=seed) for name, seed in (("train", 0), ("validation", 1), ("test", 2))}
    names = {"train": "train.nc", "validation": "val.nc", "test": "test.nc"}
    sets = {name: rnn.Dataset.read(file, task="transcription") for name, file in names.items()}
    for given in (sets, items):
        run = rnn.train(config(**values), **given)
        assert figures(run) == figures(expected)
        assert trained(run) == trained(expected)


def test_every_form_of_data_gives_the_same_run() -> None:
    items = [{**item, "tag": ""} for item in transcription()]
    inputs, targets = [item["inputs"] for item in items], [item["target"] for item in items]
    expected = trained(rnn.train(config(), train=rnn.Dataset(items, task="transcription", labels=LABELS)))
    for data in (
        items,
        list(zip(inputs, targets, strict=True)),
        iter([rnn.Sequence(x, t) for x, t in zip(inputs, targets, strict=True)]),
        (inputs, targets),
        (np.array(inputs), np.array(targets)),
    ):
        assert trained(rnn.train(config(), train=data)) == expected


@pytest.mark.parametrize(
    ("task", "inputs", "targets"),
    [
        ("classification", np.zeros((4, 5, 2)), np.eye(4, 5, dtype=int)),
        ("sequence_classification", np.arange(8.0).reshape(4, 2), ["no", "yes", "no", "yes"]),
        ("regression", np.ones((4, 5, 2)), np.ones((4, 5, 3))),
        ("sequence_regression", np.ones((4, 3, 3, 1)), np.arange(4.0)),
    ],
)
def test_arrays_for_every_other_task(task: str, inputs: Any, targets: Any) -> None:
    run = rnn.train(config(task=task), train=(inputs, targets), validation=(inputs[:2], targets[:2]))
    assert run.epoch == 2
    assert run.network.evaluate((inputs, targets)).keys() <= run.history[-1]["train"].keys()
    assert len(run.network.predict(list(inputs))) == 4


def test_data_come_before_what_the_config_says() -> None:
    given = rnn.train(config(trainFile="nowhere.nc", valFile="nowhere.nc"), train=pairs(), validation=pairs(3, 1))
    assert trained(given) == trained(rnn.train(config(), train=pairs(), validation=pairs(3, 1)))
    assert "trainFile" not in given.config
    assert not given.make_save().config.has("trainFile")


def test_sets_that_are_not_given_come_from_files() -> None:
    write_data(Path("val.nc"), transcription(3, seed=1))
    mixed = rnn.train(config(trainFile="nowhere.nc", valFile="val.nc"), train=pairs())
    assert mixed.config["valFile"] == ["val.nc"]
    assert [set(epoch.errors) for epoch in mixed.history] == [{"train", "validation"}] * 2
    other = rnn.train(config(trainFile="train.nc"), validation=transcription(3, seed=1))
    assert figures(other) == figures(rnn.train(config(trainFile="train.nc", valFile="val.nc")))


def test_the_caller_s_config_and_data_stay_as_they_are() -> None:
    mine = config(trainFile="train.nc")
    data = rnn.Dataset.read("train.nc", task="transcription")
    before = mine.text()
    run = rnn.train(mine, train=data)
    assert mine.text() == before
    assert len(data[0].inputs) == 12  # still open
    assert run.config is not mine


def test_with_noise_for_tests() -> None:
    noisy = config(inputNoiseDev=0.5)
    quiet = testing.train(noisy, train=pairs(), constant_noise=0.0).network.weights["bias_to_output"]
    assert quiet == pytest.approx(rnn.train(config(), train=pairs()).network.weights["bias_to_output"], rel=1e-4)


# --- logs and saves ---


def test_logs_name_files_or_memory(tmp_path: Path) -> None:
    events = io.StringIO()
    data = rnn.Dataset.read("train.nc", task="transcription")
    rnn.train(config(), train=data, test=pairs(2), output=events, log_format="json")
    start = json.loads(events.getvalue().splitlines()[0])
    assert start["sets"] == {"train": {"sequences": 6, "files": ["train.nc"]}, "test": {"sequences": 2, "files": []}}
    for console in ("short", "full"):
        text = io.StringIO()
        rnn.train(config(), train=pairs(), output=text, console=console)
        assert "train set: 6 sequences in memory\n" in text.getvalue()
    rnn.train(config(autosave=True), train=pairs(), output_dir=tmp_path / "run")
    assert len(rnn.read_log(tmp_path / "run" / "log.txt").epochs) == 2


def test_going_on_from_a_save_with_the_same_data() -> None:
    whole = rnn.train(config(totalEpochs=4), train=pairs(), validation=pairs(3, 1))
    rnn.train(config(autosave=True), train=pairs(), validation=pairs(3, 1))
    again = rnn.Config.read(saves(Path())[-1], totalEpochs=4, autosave=False)
    resumed = rnn.train(again, train=pairs(), validation=pairs(3, 1))
    assert figures(resumed) == figures(whole)[2:]
    assert resumed.network.weights.keys() == whole.network.weights.keys()
    assert all((values == whole.network.weights[name]).all() for name, values in resumed.network.weights.items())


def test_going_on_in_a_folder() -> None:
    whole = rnn.train(config(totalEpochs=3), train=pairs())
    rnn.train(config(totalEpochs=1), train=pairs(), output_dir="run")
    later = rnn.Config.read("run/config", totalEpochs=3)
    resumed = rnn.train(later, train=pairs(), output_dir="run", resume=True)
    assert trained(resumed).replace("autosave true\n", "") == trained(whole).replace("autosave false\n", "")
    assert "trainFile" not in rnn.Config.read("run/last.save")
    with pytest.raises(rnn.ConfigError, match="no training data"):
        rnn.train("run/config", output_dir="run", resume=True)


def test_a_run_from_files_goes_on_with_the_same_data_given() -> None:
    write_config(Path("x.config"), autosave=True)
    rnn.train("x.config")
    save = saves(Path())[-1]
    expected = rnn.train(rnn.Config.read(save, totalEpochs=4, autosave=False))
    found = rnn.train(rnn.Config.read(save, totalEpochs=4, autosave=False), train=transcription())
    assert trained(found) == trained(expected)


def within_an_epoch(data: Any) -> Path:
    """A save that was made within an epoch."""
    text = io.StringIO()
    endless = config(hiddenSize=20, totalEpochs=-1, autosave=True)
    seconds, stopped = 0.2, ""
    while " of 3000 sequences" not in stopped:  # too slow to begin, or between two epochs
        for path in saves(Path()):
            path.unlink()
        stopped = rnn.train(endless, train=data, time_limit=seconds, output=text).stopped
        seconds *= 1.5
    (save,) = saves(Path())
    assert f"to go on, with the same data: rnnlib_py.train('{save}', train=...)" in text.getvalue()
    return save


def test_going_on_within_an_epoch_knows_the_data() -> None:
    data = pairs(3000)
    save = within_an_epoch(data)
    epochs = 1 + int(re.findall(r"^trainer_epoch (\d+)$", save.read_text(), flags=re.MULTILINE)[0])
    whole = rnn.train(config(hiddenSize=20, totalEpochs=epochs), train=data)
    again = {"autosave": False, "totalEpochs": epochs}
    with warnings.catch_warnings():
        warnings.simplefilter("error", rnn.RunWarning)
        text = io.StringIO()
        resumed = rnn.train(rnn.Config.read(save, **again), train=data, output=text)
    assert f"going on within epoch {epochs}, after" in text.getvalue()
    assert figures(resumed) == figures(whole)[-1:]
    with pytest.warns(rnn.RunWarning, match=r"epoch \d+ begins again: in .* it had 3000 sequences, now there are 2999"):
        rnn.train(rnn.Config.read(save, **again), train=data[1:])
    other = [(x + 1, t) for x, t in data]
    with pytest.warns(rnn.RunWarning, match=r"epoch \d+ begins again: the training data are not those of"):
        rnn.train(rnn.Config.read(save, **again), train=other)


# --- what does not fit ---

NO_TARGETS = [rnn.Sequence(x) for x, _ in pairs()]


@pytest.mark.parametrize(
    ("sets", "error", "message"),
    [
        ({"train": []}, rnn.DataError, "the train data: no sequences were given"),
        ({"train": NO_TARGETS}, rnn.DataError, r"the train data: no sequence has a target; expected pairs"),
        ({"train": [x for x, _ in pairs()]}, rnn.DataError, "the train data: no sequence has a target"),
        ({"train": [*pairs(), rnn.Sequence(pairs()[0][0])]}, rnn.DataError, "train data: sequence 6 has no target"),
        ({"train": "train.nc"}, rnn.DataError, "the train data: .*found 'train.nc': Dataset.read opens a file"),
        ({"train": Path("train.nc")}, rnn.DataError, "the train data: .*Dataset.read opens a file"),
        ({"train": 3}, rnn.DataError, "the train data: expected a Dataset, .*found int"),
        ({"train": ([x for x, _ in pairs()], [])}, rnn.DataError, r"the train data: .* 6 inputs and 0 targets"),
        ({"train": [(np.full((4, 2), np.nan), ["a"])]}, rnn.DataError, "the train data: .*sequence 0.*nan"),
        ({"train": [*pairs(), (np.zeros((5, 2)), ["a"])]}, rnn.DataError, "the train data: inputs of sequence 6"),
        ({"train": [(np.zeros((5, 2)), [0.5])]}, rnn.DataError, "the train data: target of sequence 0"),
        ({"train": rnn.Dataset(framewise(), task="classification")}, rnn.ConfigError, "train data are for task class"),
        (
            {"train": pairs(), "validation": [(np.zeros((12, 3)), ["a", "q"])]},
            rnn.DataError,
            "the validation data: .*'q' is not one of the 3 labels .*the labels are those of the train data",
        ),
        (
            {"train": pairs(), "test": [(np.zeros((12, 2)), ["a"])]},
            rnn.DataError,
            "the test data does not match the train data: inputPattSize is 2, expected 3",
        ),
        ({"train": [(np.zeros((12, 3)), [])]}, rnn.DataError, "."),
        ({"validation": pairs()}, rnn.ConfigError, "no training data"),
    ],
)
def test_what_does_not_fit(sets: dict[str, Any], error: type[Exception], message: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(error, match=message):
            rnn.train(config(autosave=True), **sets)
    assert left_behind(Path()) == []


def test_data_that_do_not_fit_a_save() -> None:
    rnn.train(config(autosave=True), train=pairs())
    save = saves(Path())[-1]
    with pytest.raises(rnn.DataError, match=f"train data does not match {save}: inputPattSize is 2, expected 3"):
        rnn.train(save, train=[(np.zeros((12, 2)), ["a"])])
    with pytest.raises(rnn.DataError, match=f"'q' is not one of the 3 labels .*those of {save}"):
        rnn.train(save, train=[(np.zeros((12, 3)), ["q"])])
    only_a = rnn.train(rnn.Config.read(save, totalEpochs=3, autosave=False), train=[(np.zeros((12, 3)), ["a"])])
    assert only_a.network.header.labels == LABELS  # those of the save


def test_what_keys_for_files_mean() -> None:
    with pytest.warns(rnn.RunWarning, match="dataFraction is for files: all sequences of the train data are used"):
        run = rnn.train(config(dataFraction=0.5), train=pairs())
    assert figures(run) == figures(rnn.train(config(), train=pairs()))


def test_data_that_hardly_mean_what_they_should_are_warned_about() -> None:
    text = io.StringIO()
    targets = ["the cat", "the dog"] * 20
    data = [(np.random.default_rng(i).normal(size=(40, 2)), target) for i, target in enumerate(targets)]
    rnn.train(config(totalEpochs=0), train=data, output=text, error_output=text)
    direct = io.StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dataset = rnn.Dataset(data, task="transcription")
    rnn.train(config(totalEpochs=0), train=dataset, output=direct, error_output=direct)
    for warning in caught:  # once, where the Dataset is made
        assert str(warning.message) in text.getvalue()
        assert str(warning.message) not in direct.getvalue()


# --- normalised data ---


def test_a_normalised_file_and_raw_arrays() -> None:
    rnn.normalise(["train.nc"])
    run = rnn.train(config(autosave=True), train=rnn.Dataset.read("train.nc", task="transcription"))
    assert set(run.network.normalisation) == {"inputs"}
    save = saves(Path())[-1]
    raw = rnn.Dataset(transcription(), task="transcription", labels=LABELS)
    more = rnn.Config.read(save, totalEpochs=3, autosave=False)
    with pytest.warns(rnn.RunWarning, match="were normalised, and the train data, .* are taken as they are"):
        rnn.train(more, train=raw)
    alike = rnn.Network.load(save).normalised(raw, raw=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rnn.train(more, train=alike)
    expected = rnn.train(rnn.Config.read(save, totalEpochs=3, autosave=False, trainFile="train.nc"))
    assert found.network.normalisation == expected.network.normalisation
    for name, values in found.network.weights.items():
        np.testing.assert_allclose(values, expected.network.weights[name], rtol=1e-4, atol=1e-6)
