# SPDX-License-Identifier: Apache-2.0
"""tune_decoder() and rnnlib-py tune-decoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, framewise, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.cli.commands import tune_decoder
from rnnlib_py.text.read_outputs import ReadSequence
from rnnlib_py.text.tuning_errors import ReadingErrors
from rnnlib_py.text.tuning_search import Range, Search, Setting, Trial

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")

# After "a" there is always "b".
AB = r"""\data\
ngram 1=4
ngram 2=4

\1-grams:
-99 <s> 0
-0.5 a 0
-0.5 b 0
-1 </s>

\2-grams:
-0.05 <s> a
-0.05 a b
-2 a a
-0.5 b a

\end\
"""


def doubtful_sequences() -> list[ReadSequence]:
    """Labels at every second point; the outputs slightly prefer "a" where "b" is true."""
    outputs = np.tile([0.02, 0.02, 0.96], (9, 1))
    outputs[1::4] = [0.9, 0.05, 0.05]
    outputs[3::4] = [0.5, 0.45, 0.05]
    target = np.array([0, 1, 0, 1], dtype=np.int64)
    reading = rnn.Prediction("x", "transcription", ["a"] * 4, np.zeros(4, np.int64), outputs)
    return [ReadSequence(target, reading)] * 3


def made_search(beam: rnn.Beam, seen: list[Trial] | None = None) -> Search:
    search = Search(beam, ["a", "b"], 2, None if seen is None else seen.append)
    search.set_data(doubtful_sequences(), ReadingErrors(["a", "b"], "␣", "labelError"))
    return search


def test_the_weight_that_reads_best_is_found() -> None:
    Path("ab.arpa").write_text(AB, encoding="utf-8")
    seen: list[Trial] = []
    search = made_search(rnn.Beam(lm=rnn.read_ngram_model("ab.arpa")), seen)
    assert search.best_path_error == 0.5
    best = search.refine([Range(0, 2), Range(0, 0), Range(-1, -1)], 8)
    assert search.trial(Setting(0, 0, -1), 8).error == 0.5
    assert best.error == 0
    assert 0 < best.setting.lm_weight < 0.5  # the smallest of those that read all
    assert seen == search.trials
    assert len({(t.setting, t.width) for t in seen}) == len(seen)
    assert all(0 <= t.setting.lm_weight <= 2 and t.setting.word_bonus == 0 for t in seen)
    assert search.narrow(best, 64, 0.01).error == 0
    assert search.narrow(best, 64, 0.01).width < 8


def test_a_beam_that_needs_its_width_keeps_it() -> None:
    search = made_search(rnn.Beam(lm=None))
    search.trials += [Trial(Setting(1, 0, -1), width, 0.1 if width == 32 else 0.2) for width in (1, 2, 4, 8, 16, 32)]
    assert search.narrow(Trial(Setting(1, 0, -1), 16, 0.2), 32, 0.5).width == 32
    assert search.narrow(Trial(Setting(1, 0, -1), 16, 0.2), 32, 1.0).width == 1


def test_errors_are_of_the_criterions_unit() -> None:
    targets = [np.array([0, 1, 2, 0]), np.array([1])]
    readings = [[0, 2, 0], [1, 1]]
    for criterion, expected in (("labelError", 2 / 5), ("cer", 2 / 5), ("wer", 2 / 3), ("wordError", 2 / 3)):
        errors = ReadingErrors(["a", "b", "␣"], "␣", criterion)
        errors.set_targets(targets)
        assert errors.of(readings) == pytest.approx(expected)
    with pytest.raises(rnn.ConfigError, match="criterion wer: the network's labels make no words, since there is no"):
        ReadingErrors(["a", "b"], "␣", "wer")
    with pytest.raises(rnn.ConfigError, match=r"criterion cer: .* no characters, since not every label is a character"):
        ReadingErrors(["aa", "b"], "␣", "cer")
    with pytest.raises(rnn.DataError, match="the targets have no words to compare"):
        ReadingErrors(["a", "␣"], "␣", "wer").set_targets([np.array([1])])


def saved_network(task: str = "transcription") -> rnn.Network:
    sequences = transcription(count=8) if task == "transcription" else framewise()
    rnn.write_netcdf("data.nc", sequences, LABELS, task=task)
    config = rnn.Config(task=task, hiddenSize=4, randSeed=3, initWeightRange=3)
    network = rnn.Network.build(config, rnn.Dataset.read("data.nc", task=task).header)
    network.save("net.save")
    return network


def test_command_stores_what_it_found(capsys: Capture) -> None:
    saved_network()
    Path("words.txt").write_text("a\nb\nc\nab\nbc\nca\nabc\n", encoding="utf-8")
    found: dict[str, Any]
    arguments = (
        "net.save",
        "data.nc",
        "--lexicon",
        "words.txt",
        "--space",
        "none",
        "--beam",
        "16",
        "--word-bonus=-1:1",
    )
    assert run_cli("tune-decoder", *arguments, "-o", "out.save", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["criterion"] == "labelError"
    best = found["best"]
    assert all(-1 <= trial["word_bonus"] <= 1 and trial["lm_weight"] == 1 for trial in found["trials"])
    config = rnn.Config.read("out.save")
    assert (config["decoder"], config["dictionary"], config["dictionaryMode"]) == ("beam", "words.txt", "closed")
    assert (config["beamWidth"], config["wordBonus"]) == (best["width"], best["word_bonus"])
    assert "lmWeight" not in config and "freeScore" not in config
    assert "decoder" not in rnn.Config.read("net.save")
    assert config["wordSeparator"] == "none"
    beam = rnn.Beam(best["width"], lexicon="words.txt", word_bonus=best["word_bonus"], space="")
    network, data = rnn.Network.load("net.save"), rnn.Dataset.read("data.nc", task="transcription")
    errors = ReadingErrors(LABELS, "", "labelError")
    errors.set_targets([classes for sequence in data if (classes := sequence.target_classes) is not None])
    assert errors.of([p.indices.tolist() for p in network.predict(data, decoder=beam)]) == best["error"]
    assert run_cli("tune-decoder", *arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("labelError ")
    assert lines[1].endswith("stored in net.save")
    assert lines[3].split() == ["wordBonus", "beamWidth", "labelError"]


def test_the_score_of_free_text_is_searched_in_the_mode_open(capsys: Capture) -> None:
    saved_network()
    Path("words.txt").write_text("abcabcabc\n", encoding="utf-8")
    arguments = ("net.save", "data.nc", "--lexicon", "words.txt", "--space", "none", "--mode", "open", "--beam", "4")
    assert run_cli("tune-decoder", *arguments, "--word-bonus=0:0", "--format", "json", "-o", "out.save") == 0
    found = json.loads(capsys.readouterr().out)
    assert {-4, -3, -2, -1, 0} <= {trial["free_score"] for trial in found["trials"]}
    assert rnn.Config.read("out.save")["freeScore"] == found["best"]["free_score"]
    by_score = {trial["free_score"]: trial["error"] for trial in found["trials"] if trial["width"] == 4}
    assert found["best"]["error"] <= min(by_score.values()) * 1.01 < max(by_score.values())
    for wrong in ("-1:1", "nan:0", "0:-1"):
        assert run_cli("tune-decoder", *arguments, f"--free-score={wrong}") == 2
        assert "score of free text: expected" in capsys.readouterr().err
    assert run_cli("tune-decoder", *arguments, "--word-bonus=0:0", "-o", "out.save") == 0
    assert capsys.readouterr().out.splitlines()[3].split() == ["freeScore", "beamWidth", "labelError"]


def test_a_terminal_shows_the_trial_under_way(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    saved_network()
    assert run_cli("tune-decoder", "net.save", "data.nc", "--beam", "2", "-o", "out.save") == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(tune_decoder, "terminal_width", lambda _: 60)
    assert run_cli("tune-decoder", "net.save", "data.nc", "--beam", "2", "-o", "out.save") == 0
    lines = capsys.readouterr().err.split("\r")
    assert lines[1].startswith("trial 1, ")
    assert all(len(line) == 59 for line in lines[1:-1])
    assert lines[-2].strip() == ""  # it is cleared
    assert run_cli("--quiet", "tune-decoder", "net.save", "data.nc", "--beam", "2", "-o", "out.save") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--lm-weight=-1:2"], 2, "weight of the language model: expected two numbers from 0 on"),
        (["--lm-weight=nan:2"], 2, "weight of the language model"),
        (["--word-bonus=2:1"], 2, "word bonus: expected two numbers, the lower one first; found 2 and 1"),
        (["--word-bonus=3"], 2, "expected LOW:HIGH"),
        (["--tolerance=-1"], 2, "tolerance is -1"),
        (["--beam=0"], 2, "width"),
        (["--lm=none.arpa"], 1, "none.arpa"),
        (["--lexicon=none.txt"], 1, "none.txt"),
        (["--mode=open"], 2, "need a dictionary"),
        (["--criterion=wer"], 2, "the network's labels make no words"),
    ],
)
def test_command_refuses(arguments: list[str], status: int, message: str, capsys: Capture) -> None:
    saved_network()
    before = Path("net.save").read_bytes()
    assert run_cli("tune-decoder", "net.save", "data.nc", *arguments) == status
    assert message in capsys.readouterr().err
    assert Path("net.save").read_bytes() == before


def test_other_tasks_and_missing_files(capsys: Capture) -> None:
    saved_network("classification")
    assert run_cli("tune-decoder", "net.save", "data.nc") == 2
    assert "task classification takes no decoder; expected transcription" in capsys.readouterr().err
    assert run_cli("tune-decoder", "net.save", "none.nc") == 1
    assert run_cli("tune-decoder", "none.save", "data.nc") == 2
