# SPDX-License-Identifier: Apache-2.0
"""Listening with a trained network: rnnlib-py listen and Network.listen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from recordings import RATE, TEXTS, speech, tone, write_recordings, write_sound
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]


def train_on(made: rnn.prepare.PreparedAudio, epochs: int) -> rnn.Network:
    config = rnn.Config.read(made.config, hiddenSize=[8, 8, 16], learnRate=1e-2, seqsPerWeightUpdate=2)
    config.set("totalEpochs", str(epochs))
    config.set("dropout", None)
    config.set("autosave", "false")
    return rnn.train(config, threads=1).network


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings, and the saves of networks that know their words, or which one a recording is."""
    folder = tmp_path_factory.mktemp("listen")
    made = rnn.prepare.audio(write_recordings(folder / "in", TEXTS * 3), folder / "out", labels="words", fractions=[1])
    train_on(made, 60).save(folder / "net.save")
    for i in range(4):
        write_sound(folder / f"classes/low/{i}.wav", tone(300, size=0.1 + 0.1 * i))
        write_sound(folder / f"classes/high/{i}.wav", tone(2500, size=0.1 + 0.1 * i))
    made = rnn.prepare.audio(folder / "classes", folder / "out2", task="sequence_classification", fractions=[1])
    train_on(made, 20).save(folder / "class.save")
    return folder


@pytest.fixture(autouse=True)
def here(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder, with some of the recordings."""
    monkeypatch.chdir(tmp_path)
    for name in ("net.save", "class.save"):
        shutil.copy(trained / name, name)
    for i in range(3):
        shutil.copy(trained / f"in/{i:02}.wav", f"{i}.wav")


def test_text_to_the_standard_output(capsys: Capture) -> None:
    assert run_cli("listen", "net.save", "0.wav", "1.wav", "2.wav") == 0
    assert capsys.readouterr().out.splitlines() == TEXTS[:3]


def test_a_file_per_recording_of_a_folder() -> None:
    Path("in/a").mkdir(parents=True)
    shutil.copy("0.wav", "in/a/x.wav")
    shutil.copy("1.wav", "in/y.wav")
    assert run_cli("listen", "net.save", "in", "-o", "out", "--format", "txt") == 0
    found = {path.name: path.read_text(encoding="utf-8") for path in Path("out").iterdir()}
    assert found == {"a_x.txt": "low\n", "y.txt": "mid high\n"}


def test_times_are_seconds(capsys: Capture) -> None:
    """Words of 0.15 s, with pauses of 0.08 s before and between them."""
    assert run_cli("listen", "net.save", "2.wav", "--format", "ctm") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [(row[0], row[1], row[4]) for row in rows] == [("2", "1", word) for word in ("high", "low", "mid")]
    starts, lengths = ([float(row[column]) for row in rows] for column in (2, 3))
    for i, (start, length) in enumerate(zip(starts, lengths, strict=True)):
        begin = 0.08 + i * 0.23
        assert begin - 0.12 < start < begin + 0.2
        assert 0 < length < 0.25
        assert (start / 0.04) == pytest.approx(round(start / 0.04))  # two convolutions make four frames of 10 ms a step
    assert run_cli("listen", "net.save", "2.wav", "--format", "jsonl") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["text"] == "high low mid"
    np.testing.assert_allclose([first for first, _ in record["times"]], starts, atol=1e-3)
    heard = rnn.Network.load("net.save").listen("2.wav")
    np.testing.assert_allclose(heard.times[:, 0], starts, atol=1e-3)
    np.testing.assert_allclose(heard.times[:, 1] - heard.times[:, 0], lengths, atol=2e-3)


def test_predict_takes_the_seconds_of_the_recipe(trained: Path, capsys: Capture) -> None:
    assert run_cli("predict", "net.save", str(trained / "out/train.nc"), "--format", "ctm") == 0
    predicted = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert run_cli("listen", "net.save", "2.wav", "--format", "ctm") == 0
    heard = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[2:5] for row in predicted if row[0] == "02"] == [row[2:5] for row in heard]


def test_arrays_and_other_rates_are_heard_alike() -> None:
    network = rnn.Network.load("net.save")
    samples = speech(TEXTS[2], RATE, seed=2)
    heard = network.listen((samples.astype(np.float32), RATE))
    assert heard.text == TEXTS[2]
    assert heard.name == ""
    both = np.stack([speech(TEXTS[2], 16000, seed=2)] * 2, axis=1)
    other = network.listen((both, 16000))
    assert other.text == TEXTS[2]
    assert other.changes == ["has 2 channels: their mean was taken"]
    assert other.frames == heard.frames


def test_new_recordings_are_treated_as_those_of_the_training_set(trained: Path) -> None:
    network = rnn.Network.load("net.save")
    data = rnn.Dataset.read(trained / "out/train.nc", task="transcription")
    by_tag = {sequence.tag: sequence for sequence in data}
    expected = network.predict(by_tag["02"])[0]
    np.testing.assert_allclose(network.listen("2.wav").prediction.outputs, expected.outputs, atol=1e-6)


def test_classes(trained: Path, capsys: Capture) -> None:
    assert run_cli("listen", "class.save", str(trained / "classes/high"), str(trained / "classes/low")) == 0
    assert capsys.readouterr().out.split() == ["high"] * 4 + ["low"] * 4
    assert run_cli("listen", "class.save", str(trained / "classes/low/0.wav"), "--format", "tsv") == 0
    name, text, confidence = capsys.readouterr().out.rstrip("\n").split("\t")
    assert (name, text) == (str(trained / "classes/low/0.wav"), "low")
    assert 0.5 < float(confidence) <= 1
    heard = rnn.Network.load("class.save").listen(trained / "classes/low/0.wav")
    np.testing.assert_allclose(heard.times, [[0, 0.2]])
    assert run_cli("listen", "class.save", "0.wav", "--format", "ctm") == 2
    assert "format ctm is for transcription" in capsys.readouterr().err


def test_decoders_are_those_of_predict(capsys: Capture) -> None:
    Path("words.txt").write_text("low low\nmid mid\n", encoding="utf-8")
    assert run_cli("listen", "net.save", "2.wav", "--lexicon", "words.txt", "--format", "jsonl", "--n-best", "2") == 0
    record = json.loads(capsys.readouterr().out)
    assert set(record["labels"]) <= {"low", "mid"}
    assert len(record["readings"]) == 2


def test_recordings_that_cannot_be_read(capsys: Capture) -> None:
    Path("none.wav").write_text("no recording", encoding="utf-8")
    write_sound(Path("empty.wav"), np.zeros(0))
    Path("cut.wav").write_bytes(Path("0.wav").read_bytes()[:3000])
    assert run_cli("listen", "net.save", "none.wav", "0.wav", "empty.wav", "cut.wav") == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0] == "low"
    assert "rnnlib-py: none.wav: is no recording of a known format, or damaged; left out" in captured.err
    assert "rnnlib-py: empty.wav: has 0 samples; left out" in captured.err
    assert "rnnlib-py: cut.wav: is cut off: its header promises" in captured.err
    assert "used as far as it goes\n" in captured.err
    assert run_cli("listen", "net.save", "0.wav", "none.wav", "--strict") == 1
    assert "--strict" in capsys.readouterr().err
    assert run_cli("listen", "net.save", "none.wav") == 1
    assert "none of 1 recordings could be read" in capsys.readouterr().err
    assert run_cli("listen", "net.save", "nowhere.wav") == 1
    assert "nowhere.wav: no such file" in capsys.readouterr().err


def test_networks_that_do_not_listen() -> None:
    network = rnn.Network.load("net.save")
    network.recipe = '{"kind": "lines"}'
    with pytest.raises(rnn.ConfigError, match="was trained on data of `rnnlib-py prepare lines`, not on recordings"):
        network.listen("0.wav")
    network.recipe = ""
    with pytest.raises(rnn.ConfigError, match="has no recipe, so that it is not known how it wants recordings"):
        network.listen("0.wav")
    header = rnn.DataHeader(2, 1, 1, [])
    other = rnn.Network.build(rnn.Config({"task": "sequence_regression", "hiddenSize": 1}), header)
    with pytest.raises(rnn.ConfigError, match="expected transcription or classification"):
        other.listen("0.wav")


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        ((np.zeros(4, np.int16), 8000), r"shape \[4\] and type int16; expected real numbers"),
        ((np.zeros((0, 2)), 8000), r"shape \[0, 2\]"),
        ((np.zeros((1, 1, 1)), 8000), r"shape \[1, 1, 1\]"),
        ((np.zeros(4), 10), "has 10 samples per second, expected 1,000"),
        ((np.array([0, np.nan]), 8000), "has 1 samples that are not finite"),
    ],
)
def test_arrays_that_are_no_recordings(sound: object, error: str) -> None:
    with pytest.raises(rnn.DataError, match=error):
        rnn.Network.load("net.save").listen(sound)  # type: ignore[arg-type]
