# SPDX-License-Identifier: Apache-2.0
"""Labels that are counted as others: the file, and the errors of networks and texts that are counted so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny import LABELS, framewise, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.data.label_map import LabelMap
from rnnlib_py.prepare import AudioRecipe
from rnnlib_py.text import ClassScore, TextScore, evaluate, score_texts
from rnnlib_py.text.classes import fold_classes

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")
MAP = LabelMap({"b": "a", "c": None})


def saved_network(task: str, sequences: list[dict[str, object]], fold: tuple[str, ...] = ()) -> rnn.Network:
    """A network of random weights in net.save, with a recipe, and the sequences in data.nc."""
    rnn.write_netcdf("data.nc", sequences, LABELS, task=task)
    data = rnn.Dataset.read("data.nc", task=task)
    config = rnn.Config({"task": task, "hiddenSize": 4, "randSeed": 3, "initWeightRange": 2.0})
    network = rnn.Network.build(config, data.header)
    network.recipe = AudioRecipe(fold=fold).to_json()
    network.save("net.save")
    return network


def test_the_file() -> None:
    Path("map.txt").write_bytes("\ufeffao aa\r\n\r\nq\nh#\tsil\n".encode())
    found = LabelMap.read("map.txt")
    assert found.folded == {"ao": "aa", "q": None, "h#": "sil"}
    assert found.apply(["q", "ao", "h#", "iy", "ao"]) == ["aa", "sil", "iy", "aa"]
    assert LabelMap.from_entries(found.entries()) == found


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"a b c\n", "map.txt, line 1: has 3 columns, expected a label and what it is counted as"),
        (b"a b\n\na c\n", "map.txt, line 3: label 'a' is there for the second time"),
        (b"\n \n", "map.txt: holds no labels"),
        (b"a \xff", "map.txt: is no UTF-8 text (byte 2)"),
    ],
)
def test_files_that_are_none(content: bytes, error: str) -> None:
    Path("map.txt").write_bytes(content)
    with pytest.raises(rnn.DataError) as raised:
        LabelMap.read("map.txt")
    assert str(raised.value) == error


def test_a_file_that_is_too_long_is_refused_whole() -> None:
    Path("map.txt").write_bytes(b"a b\n" + b"\n" * 2**24)
    with pytest.raises(rnn.DataError, match=r"^map\.txt: has more than 16,777,216 bytes$"):
        LabelMap.read("map.txt")


def test_transcriptions_are_compared_as_they_are_counted() -> None:
    network = saved_network("transcription", transcription(12))
    data = rnn.Dataset.read("data.nc", task="transcription")
    score = evaluate(network, data, label_map=MAP)
    assert isinstance(score, TextScore)
    names = list(network.header.labels)
    targets = [" ".join(MAP.apply([names[i] for i in s.target])) for s in data]  # type: ignore[union-attr]
    readings = [" ".join(MAP.apply(found.labels)) for found in network.predict(data)]
    expected = score_texts(targets, readings).rates["words"]
    found = score.rates["labels"]
    assert (found.errors, found.length) == (expected.errors, expected.length)
    plain = evaluate(network, data).rates["labels"]  # type: ignore[union-attr]
    assert plain.length > found.length > 0
    assert found.errors > 0


def test_classes_are_compared_as_they_are_counted() -> None:
    network = saved_network("classification", framewise(6))
    data = rnn.Dataset.read("data.nc", task="classification")
    plain = evaluate(network, data)
    folded = evaluate(network, data, label_map=LabelMap({"b": "a"}))
    assert isinstance(plain, ClassScore) and isinstance(folded, ClassScore)
    assert folded.labels == ["a", "c"]
    old = plain.matrix
    np.testing.assert_array_equal(folded.matrix, [[old[:2, :2].sum(), old[:2, 2].sum()], [old[2, :2].sum(), old[2, 2]]])


def test_classes_that_count_as_nothing() -> None:
    targets, choices, names = fold_classes(
        [np.array([0, 1, 2, -1, 0])], [np.array([1, 0, 0, 1, 2])], ["a", "b", "c"], MAP
    )
    assert names == ["a", "(nothing)"]
    assert targets[0].tolist() == [0, 0, -1, -1, 0]
    assert choices[0].tolist() == [0, 0, 0, 0, 1]


def test_a_map_of_other_labels_is_an_error() -> None:
    network = saved_network("transcription", transcription(2))
    with pytest.raises(rnn.ConfigError, match=r"the map of labels \(x, …\) has none of the 3 labels \(a, b, c, …\)"):
        evaluate(network, rnn.Dataset.read("data.nc", task="transcription"), label_map=LabelMap({"x": "y"}))


def test_evaluate_takes_the_map_of_the_recipe_or_of_the_option(capsys: Capture) -> None:
    def errors(*arguments: str) -> tuple[int, str]:
        assert run_cli("evaluate", "net.save", "data.nc", "--format", "json", *arguments) == 0
        record = json.loads(capsys.readouterr().out)
        return record["labels"]["length"], record.get("label_map", "")

    saved_network("transcription", transcription(12), MAP.entries())
    Path("map.txt").write_text("a b\n", encoding="utf-8")
    folded, plain = errors(), errors("--map", "none")
    assert folded[0] < plain[0]
    assert (folded[1], plain[1]) == ("the recipe's", "")
    assert errors("--map", "map.txt") == (plain[0], "map.txt")
    assert run_cli("evaluate", "net.save", "data.nc", "--report", "page.html") == 0
    assert "map of labels: the recipe's\n" in capsys.readouterr().out
    assert "map of labels" in Path("page.html").read_text(encoding="utf-8")


def test_a_recipe_of_somebodys_own_has_no_map() -> None:
    network = saved_network("transcription", transcription(2))
    for recipe in ("", "mine", '{"kind": "lines"}'):
        network.recipe = recipe
        network.save("own.save")
        assert run_cli("evaluate", "own.save", "data.nc") == 0


def test_score_counts_words_so(capsys: Capture) -> None:
    Path("reference.txt").write_text("sh ao q iy\n", encoding="utf-8")
    Path("reading.txt").write_text("sh aa iy\n", encoding="utf-8")
    Path("map.txt").write_text("ao aa\nq\n", encoding="utf-8")
    assert run_cli("score", "reference.txt", "reading.txt", "--map", "map.txt") == 0
    assert "words       0.00 %" in capsys.readouterr().out
    assert run_cli("score", "reference.txt", "reading.txt") == 0
    assert "words       50.00 %" in capsys.readouterr().out
    assert run_cli("score", "reference.txt", "reading.txt", "--map", "none.txt") == 1
    assert "none.txt: no such file" in capsys.readouterr().err
