# SPDX-License-Identifier: Apache-2.0
"""Decoders by keys and options: predict, evaluate and test read with what a save or a command line asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from languages import LABELS, copying_network, outputs_of, write_language_files
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.text import decoder_of

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")

# The best path reads "ab", twice; "ba" is less probable.
POINTS = [{"a": 0.5, "b": 0.4}, {"": 1.0}, {"a": 0.4, "b": 0.5}]
WITH_WORDS = ("--lexicon=words.txt", "--lm", "words.arpa")


def saved(path: str = "net.save", **keys: object) -> None:
    """The network, and data.nc with its two sequences "ba" and "ba ba"."""
    write_language_files(Path())
    sequences = [
        {"inputs": outputs_of(POINTS), "target": ["b", "a"], "tag": "one"},
        {"inputs": outputs_of([*POINTS, {"␣": 1.0}, *POINTS]), "target": ["b", "a", "␣", "b", "a"], "tag": "two"},
    ]
    rnn.write_netcdf("data.nc", sequences, LABELS, task="transcription")
    copying_network(**keys).save(path)


def read(capsys: Capture, *options: str, save: str = "net.save") -> list[dict[str, Any]]:
    assert run_cli("predict", save, "data.nc", *options) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def texts(capsys: Capture, *options: str, save: str = "net.save") -> list[str]:
    return [record["text"] for record in read(capsys, *options, save=save)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["ab", "ab ab"]),
        (["--decoder=beam"], ["ab", "ab ab"]),
        (["--beam", "10"], ["ab", "ab ab"]),
        (["--lexicon", "words.txt"], ["ab", "ab ab"]),
        (WITH_WORDS, ["ba", "ba ba"]),
        ([*WITH_WORDS, "--beam=20"], ["ba", "ba ba"]),
        ([*WITH_WORDS, "--lm-weight=0"], ["ab", "ab ab"]),
        ([*WITH_WORDS, "--decoder=best_path"], None),
        (["--decoder", "token_passing", "--lexicon", "words.txt"], ["ab", "ab ab"]),
        (["--decoder", "token_passing", "--lexicon", "words.txt", "--bigrams=words.arpa"], ["ba", "ba ba"]),
        (["--lexicon", "words.txt", "--bigrams=words.arpa"], ["ba", "ba ba"]),
        (["--dictionary=words.txt", "--languageModel=words.arpa"], ["ba", "ba ba"]),
        ([*WITH_WORDS, "--fixedLength=1"], ["ba", None]),
        (["--lm", "labels.arpa"], ["b", "b b"]),
        (["--space", "none"], ["ab", "ab␣ab"]),
        (["--space", "b"], ["a ", "a ␣a "]),
    ],
)
def test_readings(options: list[str], expected: list[str | None] | None, capsys: Capture) -> None:
    saved()
    if expected is None:  # keys that have no effect are warned about
        assert run_cli("predict", "net.save", "data.nc", *options) == 0
        out, err = capsys.readouterr()
        assert json.loads(out.splitlines()[0])["text"] == "ab"
        assert "dictionary words.txt has no effect: decoder is best_path." in err
        return
    for text, wanted in zip(texts(capsys, *options), expected, strict=True):
        assert wanted is None or text == wanted


def test_n_best_readings_in_json(capsys: Capture) -> None:
    saved()
    first, _ = read(capsys, *WITH_WORDS, "--n-best=3")
    assert [reading["text"] for reading in first["readings"]] == ["ba", "", "ab"]
    best, empty, other = first["readings"]
    assert best["score"] > empty["score"] > other["score"]
    assert best["log_probability"] < other["log_probability"] < 0
    assert best["labels"] == first["labels"]
    words, _ = read(capsys, "--decoder=token_passing", "--lexicon=words.txt", "--bigrams=words.arpa", "--n-best=2")
    assert ["ba"] in [reading.get("words") for reading in words["readings"]]
    plain, _ = read(capsys, "--beam=10", "--n-best=4")
    assert len({reading["text"] for reading in plain["readings"]}) == 4


def test_what_a_save_holds_is_the_default(capsys: Capture) -> None:
    Path("nets").mkdir()
    saved("nets/net.save", dictionary="words.txt", languageModel="words.arpa", nBest=2, lmWeight=1, fixedLength=-1)
    for name in ("words.txt", "words.arpa"):
        Path(name).rename(Path("nets") / name)  # found in the save's folder
    records = read(capsys, save="nets/net.save")
    assert [record["text"] for record in records] == ["ba", "ba ba"]
    assert len(records[0]["readings"]) == 2
    assert texts(capsys, "--lm=", "--n-best", "1", save="nets/net.save") == ["ab", "ab ab"]
    assert texts(capsys, "--decoder=beam", "--lexicon=", "--lm=", save="nets/net.save") == ["ab", "ab ab"]
    for command in ("test", "evaluate"):
        assert run_cli(command, "nets/net.save", "data.nc") == 0
        out = capsys.readouterr().out
        assert "decoder: beam, beamWidth 50, nBest 2, dictionary words.txt, languageModel words.arpa\n" in out
        assert "100.00 %" not in out


def test_errors_are_those_of_the_decoder(capsys: Capture) -> None:
    saved()
    assert run_cli("test", "net.save", "data.nc") == 0
    assert "labelError" in (plain := capsys.readouterr().out)
    assert "decoder" not in plain
    assert run_cli("test", "net.save", "data.nc", *WITH_WORDS) == 0
    better = capsys.readouterr().out
    assert better.startswith("decoder: beam, beamWidth 50, dictionary words.txt, languageModel words.arpa\n")
    assert run_cli("evaluate", "net.save", "data.nc", "--format=json") == 0
    plain_scores = json.loads(capsys.readouterr().out)
    assert run_cli("evaluate", "net.save", "data.nc", "--format=json", "--report=r.html", *WITH_WORDS) == 0
    scores = json.loads(capsys.readouterr().out)
    assert (plain_scores["decoder"], plain_scores["labels"]["errors"]) == ("best_path", 6)
    assert scores["decoder"].startswith("beam, beamWidth 50, dictionary words.txt")
    assert (scores["labels"]["errors"], scores["words"]["errors"], scores["words"]["length"]) == (0, 0, 3)
    assert "beamWidth 50" in Path("r.html").read_text(encoding="utf-8")
    network, data = rnn.Network.load("net.save"), rnn.Dataset.read("data.nc", "transcription")
    decoder = rnn.Beam(lexicon="words.txt", lm="words.arpa", n_best=3)
    assert network.evaluate(data)["labelError"] == pytest.approx(6 / 7)
    assert network.evaluate(data, decoder=decoder)["labelError"] == 0
    assert decoder_of(network.config) is None
    network.config["languageModel"] = "labels.arpa"
    assert network.predict(data, decoder=decoder_of(network.config))[0].labels == ["b"]


def test_the_space_of_scores(capsys: Capture) -> None:
    saved()
    for options, words in (([], 3), (["--space=b"], 3), (["--space", "none"], None)):
        assert run_cli("evaluate", "net.save", "data.nc", "--format=json", *options) == 0
        record = json.loads(capsys.readouterr().out)
        assert record.get("words", {}).get("length") == words


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--lm-weight", "nan", *WITH_WORDS], 2, '--lm-weight nan: lmWeight must be a number >= 0; found "nan"'),
        (["--lm-weight=-1", *WITH_WORDS], 2, "--lm-weight -1: lmWeight must be a number >= 0"),
        (["--word-bonus", "inf"], 2, '--word-bonus inf: wordBonus must be a number; found "inf"'),
        (["--beam=0"], 2, "--beam 0: beamWidth must be an integer >= 1"),
        (["--beam"], 2, "--beam: expected one argument"),
        (["--n-best=0"], 2, "--n-best 0: nBest must be an integer >= 1"),
        (["--beam=5", "--n-best=6"], 2, "nBest is 6, expected 1 to beamWidth, which is 5"),
        (["--decoder=viterbi"], 2, "decoder must be one of best_path, beam, token_passing; found"),
        (["--decoder=token_passing"], 2, "decoder token_passing needs the key dictionary"),
        (["--decoder=token_passing", *WITH_WORDS], 2, "decoder token_passing takes no languageModel: expected bigrams"),
        ([*WITH_WORDS, "--bigrams=words.arpa"], 2, "languageModel and bigrams are both given"),
        (["--mode=half"], 2, "--mode half: dictionaryMode must be one of closed, open"),
        (["--beam=5", "--mode=open"], 2, "a dictionary"),
        (["--beam=5", "--word-bonus=1"], 2, "a word bonus needs a dictionary"),
        (["--space=x"], 2, "wordSeparator is 'x', which is none of the network's 4 labels"),
        (["--lexicon=nowhere.txt"], 1, "dictionary: no file nowhere.txt in the current folder or in "),
        (["--lm=nowhere.arpa"], 1, "languageModel: no file nowhere.arpa"),
        (["--lm=data.nc"], 1, "languageModel: line 2 of data.nc"),
        (["--lm=damaged.arpa"], 1, "languageModel: line 8 of damaged.arpa"),
        (["--lm=empty"], 1, "languageModel: line 0 of empty"),
        (["--lexicon=empty"], 1, "dictionary: empty: "),
        (["--lexicon=foreign.txt"], 1, "dictionary: foreign.txt: "),
        (["--lexicon=foreign.txt"], 1, 'it has no label "x" (2 words)'),
        (["--lexicon=words.txt", "--lm=labels.arpa"], 1, "languageModel: labels.arpa: "),
        (["--lm=words.arpa"], 1, "languageModel: words.arpa: "),
        (["--lm=."], 1, "languageModel: .: "),
    ],
)
def test_what_is_refused(options: list[str], status: int, said: str, capsys: Capture) -> None:
    saved()
    Path("damaged.arpa").write_text("\\data\\\nngram 1=2\n\n\\1-grams:\n-1\t</s>\n-99\t<s>\n\n-0.5 x y\n\\end\\\n")
    Path("empty").write_text("")
    Path("foreign.txt").write_text("xy x y\nxa x a\n")
    for command in ("predict", "evaluate", "test"):
        if command == "test" and said.startswith("wordSeparator"):
            continue  # the errors of the best path need no words
        assert run_cli(command, "net.save", "data.nc", *options) == status
        out, err = capsys.readouterr()
        assert said in err
        assert out == ""


def test_perturbed_tests_have_the_decoder_too(capsys: Capture) -> None:
    saved()
    noise = ["--testDistortions=true", "--inputNoiseDev=1e-6"]
    assert run_cli("test", "net.save", "data.nc", *WITH_WORDS, *noise) == 0
    assert re.search(r"labelError +0%", capsys.readouterr().out)
    assert run_cli("test", "net.save", "data.nc", *noise) == 0
    assert not re.search(r"labelError +0%", capsys.readouterr().out)


def test_keys_of_decoding_have_no_effect_elsewhere(capsys: Capture) -> None:
    header = rnn.DataHeader(1, 2, 0, ["a", "b"])
    rnn.Network.build(rnn.Config(task="classification", hiddenSize=1), header).save("net.save")
    sequences = [{"inputs": [[0, 1], [1, 0]], "target": ["a", "b"]}]
    rnn.write_netcdf("data.nc", sequences, ["a", "b"], task="classification")
    assert run_cli("predict", "net.save", "data.nc", "--beam=5") == 0
    assert "decoder beam has no effect: task is classification." in capsys.readouterr().err
