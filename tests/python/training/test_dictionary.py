# SPDX-License-Identifier: Apache-2.0
"""RNNLIB's task dictionary_transcription: a run, its files, and what else works with its save."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny import LABELS, run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]

WORDS = "AB a b\nC c\nBA b a\nAB a b b\n"
ARPA = "\\data\\\nngram 1=3\nngram 2=1\n\\1-grams:\n-0.5 AB -0.2\n-0.4 C 0\n-0.6 BA 0\n\\2-grams:\n-0.1 AB C\n\\end\\\n"
CONFIG = """task dictionary_transcription
hiddenSize 6
trainFile train.nc
valFile val.nc
dictionary words.txt
bigrams words.arpa
nBest 2
optimiser adam
learnRate 0.03
totalEpochs 12
randSeed 3
"""


def _sequences(count: int, seed: int) -> list[rnn.Sequence]:
    rng = np.random.default_rng(seed)
    spelled = {"AB": "ab", "C": "c", "BA": "ba"}
    sequences = []
    for i in range(count):
        words = [str(word) for word in rng.choice(list(spelled), 2)]
        labels = "".join(spelled[word] for word in words)
        inputs = rng.normal(0, 0.2, (3 * len(labels) + 1, 3))
        for place, label in enumerate(labels):
            inputs[3 * place + 1, LABELS.index(label)] += 2
        sequences.append(rnn.Sequence(inputs, list(labels), f"s{i}", words=" ".join(words)))
    return sequences


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, seed in (("train", 1), ("val", 2)):
        rnn.write_netcdf(f"{name}.nc", _sequences(24, seed), LABELS, task="dictionary_transcription")
    for name, text in (("words.txt", WORDS), ("words.arpa", ARPA), ("x.config", CONFIG)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_run_from_config_to_words(capsys: Capture) -> None:
    assert run_cli("check", "x.config") == 0
    assert run_cli("train", "x.config", "-o", "run", "--quiet") == 0
    log = rnn.read_log("run/log.txt")
    last = log.epochs[-1].errors
    names = ["wordError", "wordSubstitutions", "wordDeletions", "wordInsertions"]
    assert all(name in last["validation"] for name in names)
    assert not any(name in last["train"] for name in names)  # best path has no words
    assert last["validation"]["wordError"] < 0.3
    assert Path("run/best_wordError.save").exists()
    capsys.readouterr()

    # The same errors come out of the save, in another folder, and from Python.
    assert run_cli("test", "run/last.save", "val.nc") == 0
    out = capsys.readouterr().out
    assert "decoder: token_passing" in out
    assert f"{100 * last['validation']['wordError']:.6g}%" in out
    network = rnn.Network.load("run/last.save")
    data = rnn.Dataset.read("val.nc", task=network.task)
    decoder = rnn.TokenPassing("words.txt", "words.arpa")
    errors = network.evaluate(data, decoder=decoder)
    assert errors["wordError"] == pytest.approx(last["validation"]["wordError"])
    assert errors["labelError"] == pytest.approx(last["validation"]["labelError"])
    beam = network.evaluate(data, decoder=rnn.Beam(lexicon="words.txt", lm="words.arpa"))
    assert beam["wordError"] == pytest.approx(errors["wordError"], abs=0.1)
    assert "wordError" not in network.evaluate(data)

    found = network.predict(data, decoder=decoder)
    pairs = zip(found, data, strict=True)
    wrong = sum(prediction.readings[0].words != sequence.words.split() for prediction, sequence in pairs)
    assert wrong <= 2 * len(data) * errors["wordError"]

    assert run_cli("predict", "run/last.save", "val.nc") == 0
    record = json.loads(capsys.readouterr().out.splitlines()[0])
    assert record["labels"] == found[0].labels
    for command in (["info", "run/last.save"], ["info", "val.nc"], ["check", "run/last.save"]):
        assert run_cli(*command) == 0


@pytest.mark.usefixtures("folder")
def test_fixed_numbers_of_words() -> None:
    run = rnn.train(rnn.Config.read("x.config", fixedLength=2, totalEpochs=2, bigrams=None, autosave=False))
    errors = run.history[-1].errors["validation"]
    assert errors["wordInsertions"] == errors["wordDeletions"] == 0  # all targets have two words


@pytest.mark.usefixtures("folder")
def test_a_run_goes_on_with_its_decoder() -> None:
    config = rnn.Config.read("x.config", totalEpochs=2)
    rnn.train(config, output_dir="whole")
    rnn.train(rnn.Config.read("x.config", totalEpochs=1), output_dir="parts")
    rnn.train(rnn.Config.read("x.config", totalEpochs=2), output_dir="parts", resume=True)
    errors = [rnn.read_log(f"{name}/log.txt").epochs[-1].errors for name in ("whole", "parts")]
    assert errors[0] == errors[1]


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ("--dictionary=", 2, "needs the key dictionary"),
        ("--dictionary=nowhere.txt", 1, "dictionary: no file nowhere.txt"),
        ("--bigrams=x.config", 1, "bigrams: line 11 of "),
        ("--nBest=0", 2, "nBest"),
        ("--fixedLength=-2", 2, "fixedLength"),
        ("--languageModel=words.arpa", 2, "languageModel"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_faults_are_found_before_the_first_epoch(change: str, status: int, message: str, capsys: Capture) -> None:
    assert run_cli("train", "x.config", "-o", "run", change) == status
    assert message in capsys.readouterr().err
    assert not Path("run").exists()


@pytest.mark.usefixtures("folder")
def test_data_without_words_have_no_word_errors() -> None:
    for name in ("train", "val"):
        plain = [rnn.Sequence(s.inputs, s.target, s.tag) for s in _sequences(6, 1)]
        rnn.write_netcdf(f"{name}.nc", plain, LABELS, task="transcription")
    run = rnn.train(rnn.Config.read("x.config", totalEpochs=1, autosave=False))
    assert "wordError" not in run.history[-1].errors["validation"]
    assert "labelError" in run.history[-1].errors["validation"]
