# SPDX-License-Identifier: Apache-2.0
"""Data files of folders and tables of recordings: what is in them, and that their config trains."""

from __future__ import annotations

import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from recordings import TEXTS, speech, tone, write_recordings, write_sound
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.data.diagnosis import diagnose_set
from rnnlib_py.prepare import AudioColumns, AudioRecipe
from rnnlib_py.prepare.sound_features import features_of, normalised
from rnnlib_py.prepare.sounds import read_sound

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def targets_of(path: Path, task: str = "transcription") -> dict[str, list[str]]:
    data = rnn.Dataset.read(path, task=task)
    names = [*data.header.labels, "-"]  # -1: no label
    return {s.tag: [names[i] for i in np.atleast_1d(s.target)] for s in data}  # type: ignore[arg-type]


def test_every_recording_is_in_one_file_with_its_text_and_its_features() -> None:
    made = rnn.prepare.audio(write_recordings(Path("in")), "out", labels="words", normalise="none")
    assert made.counts == {"train": 8, "val": 1, "test": 1}
    found = {tag: labels for path in made.files.values() for tag, labels in targets_of(path).items()}
    assert found == {f"{i:02}": text.split() for i, text in enumerate(TEXTS)}
    assert made.recipe.rate == 8000
    for path in made.files.values():
        for sequence in rnn.Dataset.read(path, task="transcription"):
            sound = read_sound(f"in/{sequence.tag}.wav")
            np.testing.assert_array_equal(sequence.inputs, features_of(sound.samples, 8000, made.recipe))
            assert sequence.inputs.shape == (-(-len(sound.samples) // 80), 40)


def test_characters_and_the_recipe_of_the_training_set() -> None:
    made = rnn.prepare.audio(write_recordings(Path("in")), "out")
    assert "mid␣high" in {"".join(labels) for path in made.files.values() for labels in targets_of(path).values()}
    inputs = np.concatenate([s.inputs for s in rnn.Dataset.read(made.files["train"], task="transcription")])
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(inputs.std(axis=0), 1, atol=1e-3)
    with netCDF4.Dataset(made.files["test"]) as file:
        stored = json.loads(file.recipe)
    assert stored["kind"] == "audio"
    assert len(stored["means"]) == len(stored["deviations"]) == 40
    assert AudioRecipe.from_json(json.dumps(stored), "x") == made.recipe


def test_cepstra_of_stereo_files_at_another_rate() -> None:
    for i, text in enumerate(TEXTS):
        both = np.stack([speech(text, 16000)] * 2, axis=1)
        write_sound(Path(f"in/{i}.flac"), both, 16000)
        Path(f"in/{i}.lab").write_text(text, encoding="utf-8")
    arguments = ["--features", "mfcc", "--rate", "8000", "--labels", "words", "--normalise", "file"]
    assert run_cli("prepare", "audio", "in", "-o", "out", *arguments) == 0
    data = rnn.Dataset.read("out/train.nc", task="transcription")
    assert data.header.input_size == 39
    recipe = AudioRecipe.from_json(data.named_recipes[0][1], "x")
    assert (recipe.features, recipe.rate, recipe.bands, recipe.deltas) == ("mfcc", 8000, 26, 2)


def test_classes_from_folders_and_from_names(capsys: Capture) -> None:
    for i in range(6):
        for word, hertz in (("low", 300.0), ("high", 2500.0)):
            write_sound(Path(f"in/{word}/s{i}_{word}.wav"), tone(hertz))
    options = {"task": "sequence_classification", "fractions": [1]}
    made = rnn.prepare.audio("in", "out", **options)  # type: ignore[arg-type]
    by_folder = targets_of(made.files["train"], "sequence_classification")
    assert by_folder["low/s3_low"] == ["low"]
    assert set(by_folder) == {f"{word}/s{i}_{word}" for i in range(6) for word in ("low", "high")}
    made = rnn.prepare.audio("in", "out2", label_from=r"/s(\d)", **options)  # type: ignore[arg-type]
    assert targets_of(made.files["train"], "sequence_classification")["low/s3_low"] == ["3"]
    arguments = ["--task", "sequence_classification", "--label-from", "_(.*)", "--by-group", r"s\d"]
    assert run_cli("prepare", "audio", "in", "-o", "out3", *arguments, "--fractions", "0.5,0.5") == 0
    out = capsys.readouterr().out
    assert "out3/train.nc: 6 recordings\n" in out
    assert "2.4 s of recordings: 0.20 to 0.20 s" in out
    assert "2 labels: high low\n" in out
    speakers = [{tag.split("/s")[1][0] for tag in targets_of(Path(f"out3/{name}.nc"), "sequence_classification")}
                for name in ("train", "val")]  # fmt: skip
    assert not speakers[0] & speakers[1]
    stored = [
        rnn.Dataset.read(f"{name}/train.nc", "sequence_classification").named_recipes[0][1] for name in ("out", "out3")
    ]
    recipes = [AudioRecipe.from_json(text, "x") for text in stored]
    assert [recipe.normalise for recipe in recipes] == ["set", "file"]


def test_a_table_with_parts_of_a_recording() -> None:
    whole = np.concatenate([tone(300, 0.5), tone(2500, 0.25)])
    write_sound(Path("sounds/whole.wav"), whole)
    rows = ["audio\tstart\tend\ttext\tspeaker", "whole.wav\t0\t0.5\tlow\ta", "whole.wav\t0.5\t\thigh\tb"]
    Path("t.tsv").write_text("\ufeff" + "\r\n".join(rows), encoding="utf-8")
    options = {"labels": "words", "by_group": "column:speaker", "normalise": "none", "fractions": [0.5, 0.5]}
    made = rnn.prepare.audio("sounds", "out", tsv="t.tsv", **options)  # type: ignore[arg-type]
    found = {s.tag: s for path in made.files.values() for s in rnn.Dataset.read(path, task="transcription")}
    assert {tag: len(s.inputs) for tag, s in found.items()} == {"whole.wav:0-0.5": 50, "whole.wav:0.5-": 25}
    part = features_of(whole[4000:].astype(np.float32), 8000, made.recipe)
    np.testing.assert_allclose(found["whole.wav:0.5-"].inputs, part, atol=0.05)
    with pytest.raises(rnn.ConfigError, match="has no column 'x'"):
        rnn.prepare.audio("sounds", "out2", tsv="t.tsv", columns=AudioColumns(start="x"))


def test_phones_with_times_as_a_text_and_as_a_label_for_each_frame() -> None:
    for i in range(4):
        write_sound(Path(f"in/{i}.WAV"), np.concatenate([tone(300, 0.1), tone(2500, 0.1)]), 8000)
        Path(f"in/{i}.PHN").write_text("80 800 ih\n800 1600 s\n", encoding="ascii")
    made = rnn.prepare.audio("in", "out", labels="phones")
    assert targets_of(made.files["train"])["0"] == ["ih", "s"]
    made = rnn.prepare.audio("in", "frames", task="classification", fractions=[1])
    assert targets_of(made.files["train"], "classification")["0"] == ["-"] + ["ih"] * 9 + ["s"] * 10
    assert made.report.counts == {"ih": 36, "s": 40}
    assert "poolSize" not in made.config.read_text(encoding="utf-8")


def test_sentences_and_words_of_timit() -> None:
    write_sound(Path("in/s.wav"), tone(300, 0.4))
    Path("in/s.PHN").write_text("0 3200 ih\n", encoding="ascii")
    Path("in/s.TXT").write_text("0 3200 She had.\n", encoding="ascii")
    made = rnn.prepare.audio("in", "out", fractions=[1])
    assert "".join(targets_of(made.files["train"])["s"]) == "She␣had."
    Path("in/s.wrd").write_text("0 800 she\n800 3200 had\n", encoding="ascii")
    made = rnn.prepare.audio("in", "out2", labels="words", fractions=[1])
    assert targets_of(made.files["train"])["s"] == ["she", "had"]


def test_texts_of_librispeech() -> None:
    for i in range(2):
        write_sound(Path(f"in/84/121/84-121-{i}.flac"), tone(300, 0.4))
    lines = "84-121-0 LOW HIGH\n84-121-1 MID\n84-121-2 LOW\n"
    Path("in/84/121/84-121.trans.txt").write_text(lines, encoding="utf-8")
    made = rnn.prepare.audio("in", "out", labels="words", fractions=[1], by_group=r"^\d+")
    assert targets_of(made.files["train"]) == {"84/121/84-121-0": ["LOW", "HIGH"], "84/121/84-121-1": ["MID"]}
    assert [str(note) for note in made.notes] == [
        "in/84/121/84-121.trans.txt: 84/121/84-121-2: a text without a recording; left out"
    ]


def test_recordings_of_one_length_are_not_taken_for_pictures() -> None:
    for i in range(8):
        write_sound(Path(f"in/{i % 2}/{i}.wav"), tone([300, 2500][i % 2], size=0.1 + 0.1 * (i // 2)))
    made = rnn.prepare.audio("in", "out", task="sequence_classification", fractions=[1])
    data = rnn.Dataset.read(made.files["train"], task="sequence_classification")
    assert diagnose_set(data) == []
    rnn.write_netcdf("plain.nc", list(data), list(data.header.labels), task="sequence_classification", dims=1)
    assert "if these are images" in diagnose_set(rnn.Dataset.read("plain.nc", task="sequence_classification"))[0]


def test_the_network_of_the_config_learns() -> None:
    made = rnn.prepare.audio(write_recordings(Path("in"), TEXTS * 3), "out", labels="words", fractions=[1])
    config = rnn.Config.read(made.config, hiddenSize=[8, 8, 16], totalEpochs=40, learnRate=1e-2, seqsPerWeightUpdate=2)
    config.set("dropout", None)
    config.set("autosave", "false")
    run = rnn.train(config, threads=1)
    assert run.network.recipe == made.recipe.to_json()
    assert run.network.evaluate(rnn.Dataset.read(made.files["train"], task="transcription"))["labelError"] < 0.1


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"task": "regression"}, "task 'regression': expected one of transcription"),
        ({"labels": "letters"}, "labels 'letters': expected one of words"),
        ({"labels": "words", "task": "sequence_classification"}, "a whole recording has one class"),
        ({"task": "classification", "labels": "characters"}, "that say when each phone or word begins"),
        ({"features": "plp"}, "features 'plp': expected one of logmel, mfcc"),
        ({"deltas": 3}, "deltas 3: expected one of 0, 1, 2"),
        ({"window": 0.0}, "window 0: expected 0.001 to 1 seconds"),
        ({"bands": 1}, "bands 1: expected 2 to 256"),
        ({"features": "mfcc", "coefficients": 26}, "coefficients 26: expected 1 to 25"),
        ({"rate": 8000, "fmax": 5000.0}, "fmin 20 and fmax 5000: expected 0 <= fmin < fmax <= 4000 Hz"),
        ({"fmin": 4000.0}, "fmin 4000 and fmax 4000"),
        ({"rate": 10}, "rate 10: expected 1,000 to 768,000"),
        ({"emphasis": 1.0}, "emphasis 1: expected 0 to less than 1"),
        ({"normalise": "all"}, "normalise 'all': expected one of file, set, none"),
        ({"task": "sequence_classification", "label_from": "("}, "is no regular expression"),
        ({"fractions": [0.5]}, "expected numbers that add up to 1"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], error: str) -> None:
    write_recordings(Path("in"), TEXTS[:1])
    with pytest.raises(rnn.ConfigError) as raised:
        rnn.prepare.audio("in", "out", **options)  # type: ignore[arg-type]
    assert error in str(raised.value)
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"means": [1.0]}, "1 means and 0 deviations: expected 40 of each"),
        ({"means": ["a"], "deviations": ["b"]}, "means and deviations: expected numbers"),
        ({"means": [0.0] * 40, "deviations": [0.0] * 40}, "deviations: expected numbers above 0"),
        ({"means": [0.0] * 40, "deviations": [1.0] * 40, "normalise": "file"}, "are for normalise set, not for file"),
        ({"fold": ["a b c"]}, "fold: expected entries of one or two labels"),
        ({"fold": [1]}, "fold: expected entries of one or two labels"),
        ({"space": ""}, "space ''"),
        ({"labels": "x"}, "labels 'x': expected one of"),
    ],
)
def test_recipes_that_cannot_be(changes: dict[str, object], error: str) -> None:
    with pytest.raises(rnn.FormatError) as raised:
        AudioRecipe.from_json(json.dumps({"kind": "audio", "version": 1, **changes}), "x.save")
    assert error in str(raised.value)


def test_the_recipe_keeps_the_map_of_labels() -> None:
    Path("map.txt").write_text("mid low\nhigh\n", encoding="utf-8")
    options = {"labels": "words", "fractions": [1]}
    made = rnn.prepare.audio(write_recordings(Path("in")), "out", label_map="map.txt", **options)  # type: ignore[arg-type]
    assert made.recipe.fold == ("mid low", "high")
    assert targets_of(made.files["train"])["02"] == ["high", "low", "mid"]
    Path("map.txt").write_text("x y\n", encoding="utf-8")
    with pytest.raises(rnn.ConfigError, match="has none of the 3 labels"):
        rnn.prepare.audio("in", "out2", label_map="map.txt", **options)  # type: ignore[arg-type]
    assert list(Path("out2").iterdir()) == []


def test_recordings_that_are_treated_as_those_of_a_data_file_or_a_save() -> None:
    """A test set that comes later: the means and deviations are those of the training set."""
    made = rnn.prepare.audio(write_recordings(Path("in")), "out", labels="words", features="mfcc", fractions=[1])
    header = rnn.Dataset.read(made.files["train"], task="transcription").header
    network = rnn.Network.build(rnn.Config({"task": "transcription", "hiddenSize": 1}), header)
    network.recipe = made.recipe.to_json()
    network.save("net.save")
    network.recipe = ""
    network.save("none.save")
    write_recordings(Path("later"), TEXTS[2:4])
    for like in ("out/train.nc", "net.save"):
        later = rnn.prepare.audio("later", f"like_{Path(like).stem}", like=like)
        assert later.counts == {"test": 2}
        assert later.recipe == made.recipe
        assert later.config is None
        data = rnn.Dataset.read(later.files["test"], task="transcription")
        assert data.named_recipes[0][1] == made.recipe.to_json()
        old = {s.tag: s.inputs for s in rnn.Dataset.read(made.files["train"], task="transcription")}
        first = next(iter(data))
        expected = features_of(read_sound("later/00.wav").samples, 8000, made.recipe)
        np.testing.assert_allclose(first.inputs, normalised(expected, made.recipe), atol=1e-6)
        assert first.inputs.shape == old["02"].shape
    assert run_cli("prepare", "audio", "later", "-o", "cli", "--like", "net.save") == 0
    with pytest.raises(rnn.ConfigError, match=r"none\.save: has no recipe, expected one for audio"):
        rnn.prepare.audio("later", "out3", like="none.save")
    with pytest.raises(rnn.ConfigError, match=r"audio\.config: is a config without weights"):
        rnn.prepare.audio("later", "out3", like=made.config)
    with pytest.raises(rnn.ConfigError, match="task sequence_classification: the recipe has labels for words"):
        rnn.prepare.audio("later", "out3", like="net.save", task="sequence_classification")
