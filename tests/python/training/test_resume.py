# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed and go on from their last save: bit for bit as if they had never stopped."""

import os
import random
import re
import shutil
import signal
import subprocess
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from tiny import saves, start_cli, transcription, unsealed, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.data.sets import DataSets

pytestmark = pytest.mark.usefixtures("folder")

# More kills, for a longer look than CI takes: RNNLIB_TEST_KILLS=20.
KILLS = int(os.environ.get("RNNLIB_TEST_KILLS", "2"))


# --- killed at any moment ---


def write_sets(count: int) -> None:
    """Two files to train on, of which sequences do not fill whole updates; one file to validate with."""
    write_data(Path("a.nc"), transcription(count, 40, 6, seed=1))
    write_data(Path("b.nc"), transcription(count // 2 + 1, 60, 6, seed=2))
    write_data(Path("v.nc"), transcription(20, 40, 6, seed=3))


def run_to_the_end(config: Path) -> None:
    process = start_cli("train", config)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err


def run_with_kills(config: Path, kills: int, longest: float, rng: random.Random) -> str:
    """Kills the run so often, then lets it end; returns how often it was killed and went on within an epoch."""
    killed, within, start = 0, 0, config
    while True:
        process = start_cli("train", start)
        try:
            out, err = process.communicate(timeout=0.4 + rng.uniform(0, longest / kills) if killed < kills else 300)
            assert process.returncode == 0, out + err
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, _ = process.communicate()
            killed += 1
        within += "going on within epoch" in out
        if process.returncode == 0:
            return f"killed {killed} times, went on {within} times within an epoch"
        start = saves(Path())[-1] if saves(Path()) else config


def error_lines(place: Path) -> dict[int, list[str]]:
    """Epoch -> the lines of its errors, as the last log that has it says."""
    found: dict[int, list[str]] = {}
    for log in sorted(place.glob("*.log")):
        epoch = 0
        for line in log.read_text().splitlines():
            if match := re.match(r"epoch (\d+) took", line):
                epoch = int(match[1])
                found[epoch] = []
            elif line.startswith("stopped:"):
                break
            elif epoch and not line.startswith("pace: "):
                found[epoch].append(line)
    return found


@pytest.mark.parametrize(
    ("optimiser", "more"),
    [
        ("steepest", {"mdl": True, "seqsPerWeightUpdate": 4, "precision": "double", "threads": 2}),
        ("rprop", {"mdl": True, "mdlSamples": 2, "mdlSymmetricSampling": True, "batchLearn": True}),
        ("rmsprop", {"seqsPerWeightUpdate": 3, "threads": 2, "l2": 0.1, "learnRateSchedule": "plateau"}),
        ("adam", {"inputNoiseDev": 0.2, "weightDistortion": 0.01, "testDistortions": True, "saveEvery": 0}),
        ("adam", {"batchLearn": True, "dropout": 0.2, "hiddenSize": [6, 5], "precision": "double", "warmupUpdates": 3}),
    ],
)
def test_killed_runs_end_as_if_never_stopped(optimiser: str, more: dict[str, object], tmp_path: Path) -> None:
    rng = random.Random(f"{optimiser}{more}{time.time_ns() if KILLS > 2 else ''}")
    write_sets(900 if KILLS <= 2 else 3000)
    values = {"optimiser": optimiser, "learnRate": 1e-3, "hiddenSize": 16, "totalEpochs": 4, "saveEvery": 0.05, **more}
    config = write_config(Path("k.config"), trainFile="a.nc,b.nc", valFile="v.nc", autosave=True, **values)
    whole = tmp_path / "whole"
    whole.mkdir()
    for name in ("k.config", "a.nc", "b.nc", "v.nc"):
        shutil.copy(name, whole)
    begin = time.monotonic()
    run_to_the_end(whole / "k.config")
    print(run_with_kills(config, KILLS, time.monotonic() - begin, rng))

    (expected,) = saves(whole)
    assert saves(Path())[-1].read_text() == expected.read_text()
    assert error_lines(Path()) == error_lines(whole)
    for kind in ("best_ctcError", "best_labelError"):
        assert saves(Path(), kind)[-1].read_text() == saves(whole, kind)[-1].read_text()


def interrupt_within_an_epoch(config: Path) -> str:
    """Ctrl-C as soon as there is a save, which key saveEvery makes within the first epoch; returns the output."""
    process = start_cli("train", config)
    while not saves(Path()):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    return out


def test_ctrl_c_within_an_epoch_goes_on_there() -> None:
    write_sets(2000)
    values = {
        "hiddenSize": 20,
        "totalEpochs": 2,
        "seqsPerWeightUpdate": 7,
        "mdl": True,
        "saveEvery": 0.01,
        "optimiser": "adam",
        "learnRate": 1e-3,
    }
    config = write_config(Path("k.config"), trainFile="a.nc,b.nc", autosave=True, **values)
    out = interrupt_within_an_epoch(config)
    stopped = re.search(r"interrupted in epoch 1 after (\d+) of 3001 sequences; to go on: rnnlib-py train (\S+)", out)
    assert stopped, out
    assert int(stopped[1]) % 7 == 0
    run = rnn.train(rnn.Config.read(stopped[2]))
    whole = rnn.train(rnn.Config.read(config))
    assert run.last_save and whole.last_save
    assert run.last_save.read_text() == whole.last_save.read_text()


def test_an_epoch_of_other_data_begins_again() -> None:
    write_sets(2000)
    values = {"hiddenSize": 20, "totalEpochs": 1, "saveEvery": 0.01}
    interrupt_within_an_epoch(write_config(Path("k.config"), trainFile="a.nc", autosave=True, **values))
    with pytest.warns(rnn.RunWarning, match="epoch 1 begins again: .* now there are 1001"):
        rnn.train(rnn.Config.read(saves(Path())[-1], trainFile="b.nc", autosave=False, saveEvery=0))


def test_an_epoch_of_other_contents_begins_again() -> None:
    """As many sequences of the same sizes and tags, but other inputs."""
    write_sets(2000)
    values = {"hiddenSize": 20, "totalEpochs": 1, "saveEvery": 0.01}
    interrupt_within_an_epoch(write_config(Path("k.config"), trainFile="a.nc", autosave=True, **values))
    save = saves(Path())[-1]
    write_data(Path("other.nc"), transcription(2000, seed=99))
    with pytest.warns(rnn.RunWarning, match="epoch 1 begins again: the training data are not those of"):
        rnn.train(rnn.Config.read(save, trainFile="other.nc", autosave=False, saveEvery=0))
    Path("a.nc").rename("moved.nc")  # the same data by another name
    with warnings.catch_warnings():
        warnings.simplefilter("error", rnn.RunWarning)
        rnn.train(rnn.Config.read(save, trainFile="moved.nc", autosave=False, saveEvery=0))


# --- the order, without the sequences that are done ---


@pytest.mark.parametrize("multiple_of", [1, 4])
@pytest.mark.parametrize("shuffle", [True, False])
def test_what_is_left_comes_in_the_batches_it_is_in_anyway(multiple_of: int, shuffle: bool) -> None:
    write_sets(20)
    sets = DataSets(rnn.Config({"task": "transcription", "trainFile": "a.nc,b.nc,v.nc"}))

    def tags(skip: int) -> list[list[str]]:
        order = _core.Random(5) if shuffle else None
        return [batch.tags for batch in sets.batches("train", order, multiple_of, skip)]

    whole = [tag for batch in tags(0) for tag in batch]
    assert len(whole) == 20 + 11 + 20
    for skip in (1, 7, 19, 20, 25, 31, 50, 51):
        left = tags(skip)
        assert [tag for batch in left for tag in batch] == whole[skip:]
        assert left[1:] == tags(0)[len(tags(0)) - len(left) + 1 :]
    sets.close()


# --- state in saves ---


def test_a_save_without_noise_resets_it_with_a_note(tmp_path: Path) -> None:
    run = rnn.train(rnn.Config.read("x.config", totalEpochs=1))
    path = tmp_path / "x.save"
    run.make_save().write(str(path))
    output = tmp_path / "out.txt"
    with output.open("w") as file:
        rnn.train(rnn.Config.read(path, totalEpochs=2, mdl=True), output=file)
    assert f"the weights' noise is reset: {path} has none" in output.read_text()


def test_a_damaged_position_is_an_error(tmp_path: Path) -> None:
    run = rnn.train(rnn.Config.read("x.config", totalEpochs=1))
    text = unsealed(run.make_save().text()).replace("trainer_updates", "trainer_epochUnderWay 6 9 0 1\ntrainer_updates")
    path = tmp_path / "x.save"
    path.write_text(text)
    with pytest.raises(rnn.FormatError, match="trainer_epochUnderWay"):
        rnn.train(rnn.Config.read(path, totalEpochs=2))


def test_without_save_every_there_is_one_save_after_each_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    count = []
    write = rnn.Run.write_last
    monkeypatch.setattr(rnn.Run, "write_last", lambda self: (count.append(1), write(self))[1])
    rnn.train(rnn.Config.read("x.config", totalEpochs=3, autosave=True))
    assert len(count) == 3


def test_weights_are_compared_bit_for_bit() -> None:
    """That the comparisons here can fail: another seed gives other saves."""
    texts = {rnn.train(rnn.Config.read("x.config", randSeed=seed)).make_save().text() for seed in (7, 7, 8)}
    assert len(texts) == 2
    assert np.isfinite(rnn.train(rnn.Config.read("x.config")).network.weights["bias_to_output"]).all()


def test_a_save_made_at_once_after_going_on_within_an_epoch_is_the_same() -> None:
    """The order of the epoch under way is drawn from the state that the save has."""
    write_sets(2000)
    values = {"hiddenSize": 20, "totalEpochs": 1, "saveEvery": 0.01}
    interrupt_within_an_epoch(write_config(Path("k.config"), trainFile="a.nc", autosave=True, **values))
    (save,) = saves(Path())
    text = save.read_text()
    run = rnn.train(rnn.Config.read(save, autosave=False, saveEvery=0), time_limit=1e-9)
    assert run.stopped.endswith("before epoch 1")
    again = run.make_save().text()
    (state,) = re.findall(r"trainer_random .*", text)
    assert state in again
    assert re.findall(r"trainer_epochUnderWay .*", text) == re.findall(r"trainer_epochUnderWay .*", again)
