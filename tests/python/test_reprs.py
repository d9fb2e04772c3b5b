# SPDX-License-Identifier: Apache-2.0
"""What a prompt and a notebook show of the package's objects."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import write_config

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")
MANY = [f"label{i}" for i in range(300)]


class Table(HTMLParser):
    """Rows of cells; fails for tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.caption = ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] == "caption":
            self.caption += data
        else:
            self.rows[-1][-1] += data


def test_reprs(tmp_path: Path) -> None:
    data = rnn.Dataset.read("train.nc", task="transcription")
    run = rnn.train(rnn.Config.read("x.config"))
    network = run.network
    shown: list[tuple[object, str]] = [
        (data, r"<Dataset: transcription, 6 sequences, 1-D, 72 points of 3 inputs, train\.nc>"),
        (
            rnn.Dataset([([[1.0]], 0)], task="sequence_classification"),
            "<Dataset: sequence_classification, 1 sequence, 1-D, 1 point of 1 input>",
        ),
        (
            rnn.DatasetFiles(["train.nc"] * 3, "transcription"),
            r"<DatasetFiles: transcription, 18 sequences in train\.nc, train\.nc and 1 more>",
        ),
        (network, r"<Network: transcription, 1-D, 3 inputs, 4 outputs, \d+ weights, float32>"),
        (run, r"<Run: 2 epochs; best ctcError [\d.]+ \(epoch \d\); .*; stopped: 2 epochs done \(totalEpochs 2\)>"),
        (data[0], r"<Sequence 'seq0': shape \(12,\), 3 inputs, target int32 \(3,\)>"),
        (rnn.Sequence([[1, 2]], "a b"), r"<Sequence '': shape \(1,\), 2 inputs, target 'a b'>"),
        (rnn.Sequence([[1, 2]]), r"<Sequence '': shape \(1,\), 2 inputs, no target>"),
        (rnn.Sequence([[1, 2], [3]]), r"<Sequence '': inputs of type list, no target>"),
        (network.predict(data)[0], r"<Prediction 'seq0' \(transcription\): .*; outputs \(12, 4\)>"),
        (data.header, r"DataHeader\(num_dims=1, input_size=3, target_size=0, labels=\['a', 'b', 'c'\]\)"),
        (
            rnn.Config(task="transcription", hiddenSize=[2, 3]),
            r"Config\(\{'hiddenSize': '2,3', 'task': '\w+'\}\)",
        ),
        (rnn.check(rnn.Config.read("x.config")), r"<CheckReport: 0 errors, 0 warnings>\nnothing wrong was found"),
    ]
    for thing, pattern in shown:
        assert re.fullmatch(pattern, repr(thing)), repr(thing)
    write_config(tmp_path / "bad.config", trainFile="no.nc")
    report = repr(rnn.check(rnn.Config.read("bad.config")))
    assert report.startswith("<CheckReport: 1 error, 0 warnings>\nerror: ")


def test_long_lists_of_labels_are_folded() -> None:
    header = rnn.DataHeader(1, 2, 0, MANY)
    assert repr(header).endswith("'label19', … 280 more])")
    assert "label19" in repr(rnn.DataHeader(1, 2, 0, MANY[:100])).split("label99")[0]
    assert "label19, … 280 more" in header._repr_html_()
    network = rnn.Network.build(rnn.Config(task="transcription", hiddenSize=1, randSeed=1), header)
    network.config["targetLabels"] = ",".join(MANY)
    assert len(repr(network.config)) < 500
    prediction = rnn.Prediction("t", "transcription", MANY, np.arange(300), np.zeros((5, 301)))
    assert "label19 … 280 more" in repr(prediction)


def test_tables() -> None:
    run = rnn.train(rnn.Config.read("x.config", valFile="train.nc"))
    table = Table(run._repr_html_())
    assert table.caption == repr(run)[1:-1]
    assert table.rows[0][:2] == ["epoch", "train ctcError"]
    assert "validation labelError" in table.rows[0]
    assert table.rows[0][-1] == "best"
    assert [row[0] for row in table.rows[1:]] == ["1", "2"]
    assert all(len(row) == len(table.rows[0]) for row in table.rows)
    network = Table(run.network._repr_html_())
    assert network.rows[0] == ["layer", "type", "direction", "units", "weights"]
    assert [row[0] for row in network.rows[1:]] == [layer.name for layer in run.network.layers]
    data = rnn.Dataset.read("train.nc", task="transcription")
    rows = Table(data._repr_html_()).rows
    assert ["sequences", "6"] in rows
    assert ["3 labels", "a, b, c"] in rows
    assert ["files", "train.nc"] in rows
    assert ["dimensions", "1"] in Table(data.header._repr_html_()).rows


@pytest.mark.parametrize("label", ["<b>", "&amp;", '"', "<script>alert(1)</script>"])
def test_html_is_escaped(label: str) -> None:
    data = rnn.Dataset([([[1.0]], [0])], task="transcription", labels=[label, "x"])
    for html in (data._repr_html_(), data.header._repr_html_()):
        assert "<script" not in html
        assert ["2 labels", f"{label}, x"] in Table(html).rows


def test_a_run_without_an_epoch_has_a_table() -> None:
    run = rnn.train(rnn.Config.read("x.config", totalEpochs=0))
    assert Table(run._repr_html_()).rows == [["epoch", "best"]]


def shown(thing: Any) -> tuple[str, list[list[str]]]:
    """Caption and rows of the first table."""
    html = thing._repr_html_()
    table = Table(html[: html.index("</table>") + len("</table>")])
    return table.caption, table.rows


def test_tables_of_what_was_read() -> None:
    data = rnn.Dataset.read("train.nc", task="transcription")
    network = rnn.train("x.config").network
    places = np.array([[0, 2], [4, 4]])
    found = replace(
        network.predict(data)[0],
        labels=["<i>", "b"],
        confidences=np.array([0.5, 1]),
        positions=places,
        input_positions=3 * places,
    )
    assert shown(found)[1] == [
        ["label", "confidence", "output points", "input points"],
        ["<i>", "0.500", "0 to 2", "0 to 6"],
        ["b", "1.000", "4", "12"],
    ]
    repeated = {"labels": ["a"] * 99, "confidences": np.ones(99)}
    repeated |= {"positions": np.zeros((99, 2), int), "input_positions": np.zeros((99, 2), int)}
    assert shown(replace(found, **repeated))[1][-1] == ["… 69 more", "", "", ""]
    alignment = network.align(data)[0]
    caption, rows = shown(alignment)
    assert caption.startswith("Alignment 'seq0': ")
    assert [row[0] for row in rows] == ["label", *alignment.labels]
    reading = network.predict(data, decoder=rnn.Beam(width=3))[0].readings[0]
    assert shown(reading)[0].startswith("Reading; log probability ")


def test_tables_of_other_predictions() -> None:
    classes, sure = np.array([0, 1, 1]), np.array([1, 0.5, 0.6])
    found = rnn.Prediction("t", "classification", ["a", "b", "b"], classes, np.zeros((3, 2)), confidences=sure)
    assert shown(found)[1] == [["label", "points", "mean confidence"], ["b", "2", "0.550"], ["a", "1", "1.000"]]
    found = rnn.Prediction("t", "sequence_classification", ["a"], classes[:1], np.zeros(2), confidences=sure[1:])
    assert shown(found)[1] == [["class", "confidence"], ["a", "0.500"]]
    found = rnn.Prediction("t", "regression", [], np.zeros(0, int), np.arange(4.0).reshape(2, 1, 2))
    assert shown(found)[1] == [["point", "value 0", "value 1"], ["0,0", "0", "1"], ["1,0", "2", "3"]]
    found = rnn.Prediction("t", "sequence_regression", [], np.zeros(0, int), np.arange(2.0))
    assert shown(found)[1][1:] == [["whole sequence", "0", "1"]]


def test_tables_of_reports(tmp_path: Path) -> None:
    data = rnn.Dataset.read("train.nc", task="transcription")
    run = rnn.train("x.config")
    network, sequence = run.network, data[0]
    assert shown(rnn.check(rnn.Config.read("x.config")))[0] == "0 errors, 0 warnings"
    write_config(tmp_path / "bad.config", trainFile="no<b>.nc")
    assert shown(rnn.check(rnn.Config.read("bad.config")))[1][0][0] == "error"
    caption, rows = shown(network.check_gradient(sequence))
    assert caption == "gradient check passed"
    assert {row[0] for row in rows[1:]} == set(network.weights)
    assert ["target", "[0 1 2]"] in shown(rnn.Sequence([[1, 2]], np.arange(3)))[1]
    assert ["target", "None"] in shown(rnn.Sequence([[1, 2], [3]]))[1]
    assert ["task", "transcription"] in shown(run.config)[1]
    assert ["train.nc", "6 sequences"] in shown(rnn.DatasetFiles(["train.nc"] * 2, "transcription"))[1]
    assert ["shapes", "12 to 12"] in shown(rnn.describe(data))[1]
    assert [row[0] for row in shown(rnn.dump(network, sequence))[1][1:]] == list(network.trace(sequence))
    assert len(shown(rnn.jacobian(network, sequence, [3]))[1]) == 11
    assert shown(run.history[0])[0].startswith("epoch 1, ")
    assert shown(run.best["ctcError"])[1][0] == ["error", "train"]
    assert shown(rnn.calibrate(network, data))[1][-1][0] == "temperature"
    log = rnn.train("x.config", output_dir="out").log_path
    assert log is not None
    assert [row[0] for row in shown(rnn.read_log(log))[1]] == ["epoch", "1", "2"]
    assert ["labels", "10"] in shown(rnn.models()[0])[1]


def test_a_stream_output_has_a_table() -> None:
    config = rnn.Config(task="transcription", hiddenSize=2, bidirectional=False, randSeed=1)
    stream = rnn.Network.build(config, rnn.DataHeader(1, 2, 0, ["a", "b"])).stream(raw=False)
    assert shown(stream.push(np.zeros((4, 2))))[0] == "4 output points from 0 on"


def test_public_names() -> None:
    for thing in (rnn.DataHeader, rnn.Random, rnn.Error, rnn.DataError, rnn.OutOfMemoryError):
        assert thing.__module__ == "rnnlib_py"
        assert pickle.loads(pickle.dumps(thing)) is thing
    with pytest.raises(TypeError, match=r"rnnlib_py\.DataHeader") as error:
        rnn.Network.build(rnn.Config(task="transcription", hiddenSize=1), 5)  # type: ignore[arg-type]
    assert "_core" not in str(error.value)
