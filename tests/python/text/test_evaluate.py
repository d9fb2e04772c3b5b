# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py evaluate: the engine's own errors, text of labels, classes, and the page."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, framewise, images, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.text import ClassScore, TextScore, evaluate

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


class Page(HTMLParser):
    """What a page is made of, and whether all that is opened is closed."""

    EMPTY = ("meta", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.sources: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read_page(path: str) -> tuple[str, Page]:
    """The page, which stands alone."""
    text = Path(path).read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    assert "url(" not in text
    assert "@import" not in text
    return text, page


def saved_network(sequences: list[Any], labels: list[str] = LABELS, **keys: Any) -> rnn.Network:
    """A network of random weights in net.save, and the sequences in data.nc."""
    task = keys.setdefault("task", "transcription")
    rnn.write_netcdf("data.nc", sequences, labels, task=task)
    config = rnn.Config(hiddenSize=4, initWeightRange=3, randSeed=3, **keys)
    network = rnn.Network.build(config, rnn.Dataset.read("data.nc", task).header)
    network.save("net.save")
    return network


def test_label_and_sequence_errors_are_the_engines() -> None:
    network = saved_network(transcription(count=80))
    data = rnn.Dataset.read("data.nc", "transcription")
    score, errors = evaluate(network, data), network.evaluate(data)
    assert isinstance(score, TextScore)
    assert errors["labelError"] > 0
    assert score.rates["labels"].value == pytest.approx(errors["labelError"])
    assert score.rates["sequences"].value == pytest.approx(errors["seqError"])
    assert score.rates["characters"].errors == score.rates["labels"].errors
    assert list(score.rates) == ["labels", "characters", "sequences"]
    (one,) = network.predict(data[70])
    assert score.sequences[70].reading == one.labels


@pytest.mark.parametrize(
    ("labels", "space", "units", "words"),
    [
        (["a", "b", "␣"], "␣", ["labels", "characters", "words", "sequences"], ["a", "b", "ab"]),
        (["a", "b", "sp"], "sp", ["labels", "characters", "words", "sequences"], ["a", "b", "ab"]),
        (["aa", "b", "␣"], "␣", ["labels", "words", "sequences"], ["aa", "b", "aa b"]),
        (["aa", "b", "␣"], "sp", ["labels", "sequences"], None),
    ],
)
def test_units_of_labels(labels: list[str], space: str, units: list[str], words: list[str] | None) -> None:
    first, second, blank = labels
    target = [first, blank, second, blank, first, second]
    network = saved_network([{"inputs": np.ones((20, 1)), "target": target, "tag": "x"}], labels)
    score = evaluate(network, rnn.Dataset.read("data.nc", "transcription"), space=space)
    assert isinstance(score, TextScore)
    assert list(score.rates) == units
    assert score.rates["labels"].length == 6
    if words is not None:
        assert score.rates["words"].length == len(words)


@pytest.mark.parametrize("task", ["classification", "sequence_classification"])
def test_accuracy_is_the_engines(task: str) -> None:
    sequences = framewise(count=70)
    if task == "sequence_classification":
        sequences = [{**sequence, "target": int(sequence["target"][0])} for sequence in sequences]
    network = saved_network(sequences, ["a", "b"], task=task)
    data = rnn.Dataset.read("data.nc", task)
    score, errors = evaluate(network, data), network.evaluate(data)
    assert isinstance(score, ClassScore)
    (rate,) = [value for name, value in errors.items() if name in ("classificationError", "seqError")][:1]
    assert 0 < rate < 1
    assert 1 - score.accuracy.value == pytest.approx(rate)


def test_json_of_a_file(capsys: Capture) -> None:
    saved_network(images(count=5), LABELS)
    assert run_cli("evaluate", "net.save", "data.nc", "--format=json", "--worst=2") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["save"], record["file"], record["task"], record["count"]) == (
        "net.save",
        "data.nc",
        "transcription",
        5,
    )
    assert record["labels"]["length"] == 10
    assert len(record["worst"]) == 2


def test_the_page_of_images(capsys: Capture) -> None:
    sequences = [{**s, "tag": f"<b>line & {i}\x1b"} for i, s in enumerate(images(count=5))]
    saved_network(sequences, ["a", "b", "c"])
    assert run_cli("evaluate", "net.save", "data.nc", "--report", "r.html", "--worst", "3") == 0
    assert capsys.readouterr().out.startswith("5 sequences\n")
    text, page = read_page("r.html")
    assert page.tags.count("img") == 3
    assert base64.b64decode(page.sources[0].partition(",")[2]).startswith(b"\x89PNG")
    assert "&lt;b&gt;line &amp; " in text
    assert "\x1b" not in text
    assert "<caption>Error rates</caption>" in text
    assert len(re.findall('<span class="pair', text)) >= 6
    assert run_cli("evaluate", "net.save", "data.nc", "--report", "again.html", "--worst", "3") == 0
    assert Path("again.html").read_bytes() == Path("r.html").read_bytes()


def test_the_page_of_classes() -> None:
    saved_network(framewise(count=9), ["left", "right"], task="classification")
    assert run_cli("evaluate", "net.save", "data.nc", "--report", "r.html") == 0
    text, page = read_page("r.html")
    assert "<caption>Classes</caption>" in text
    assert "<h2>Confusion matrix</h2>" in text
    assert page.tags.count("img") > 0


def test_the_page_of_two_systems(capsys: Capture) -> None:
    Path("ref.txt").write_text("abc\nabd\n")
    Path("one&.txt").write_text("abx\nabd\n")
    assert run_cli("score", "ref.txt", "one&.txt", "ref.txt", "--report", "r.html") == 0
    text, page = read_page("r.html")
    assert "<caption>Comparison</caption>" in text
    assert "<h1>one&amp;.txt</h1>" in text
    assert page.sources == []
    assert run_cli("score", "ref.txt", "one&.txt", "--report", "nowhere/r.html") == 1
    assert "nowhere: cannot write files in this folder" in capsys.readouterr().err


def test_what_cannot_be_evaluated(capsys: Capture) -> None:
    assert run_cli("evaluate", "x.config", "train.nc") == 2
    assert "is a config without weights; evaluate needs a save" in capsys.readouterr().err
    saved_network([{"inputs": np.ones((4, 1)), "target": np.ones((4, 2))}], [], task="regression")
    assert run_cli("evaluate", "net.save", "data.nc") == 2
    assert "task regression has no labels to score" in capsys.readouterr().err
    saved_network(transcription())
    assert run_cli("evaluate", "net.save", "nowhere.nc") == 1
    assert "nowhere.nc" in capsys.readouterr().err
