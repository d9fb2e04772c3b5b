# SPDX-License-Identifier: Apache-2.0
"""Network.align and rnnlib-py align."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from tiny import LABELS, framewise, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.cli import main

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def saved_network(block: int = 2) -> rnn.Network:
    """A network of random weights in net.save, and its data in data.nc."""
    sequences = transcription(length=13)
    rnn.write_netcdf("data.nc", sequences, LABELS, task="transcription")
    config = rnn.Config(task="transcription", hiddenSize=4, inputBlock=block, randSeed=3, initWeightRange=2)
    network = rnn.Network.build(config, rnn.Dataset.read("data.nc", task="transcription").header, precision="float64")
    network.save("net.save")
    return network


def test_labels_of_the_target_are_found_in_output_and_input() -> None:
    network = saved_network()
    data = rnn.Dataset.read("data.nc", task="transcription")
    predictions = network.predict(data)
    for i, (found, prediction) in enumerate(zip(network.align(data), predictions, strict=True)):
        assert found.tag == f"seq{i}"
        assert found.labels == transcription(length=13)[i]["target"]
        assert [LABELS[k] for k in found.indices] == found.labels
        assert found.points == len(prediction.outputs) == 7
        first, last = found.positions[:, 0], found.positions[:, 1]
        assert (first <= last).all()
        assert (first[1:] > last[:-1]).all()
        assert found.input_positions.tolist() == [[2 * a, min(2 * b + 1, 12)] for a, b in found.positions.tolist()]
        for k, a, b, score in zip(found.indices, first, last, found.scores, strict=True):
            assert score == pytest.approx(prediction.outputs[a : b + 1, k].mean())
        assert found.log_probability == pytest.approx(-network.evaluate(data[i])["ctcError"])
        assert found.path_log_probability < found.log_probability < 0
        assert found.score == pytest.approx(math.exp(found.path_log_probability / 7))


def test_it_is_the_best_path_where_that_reads_the_target() -> None:
    network = saved_network(1)
    data = rnn.Dataset.read("data.nc", task="transcription")
    for prediction, sequence in zip(network.predict(data), data, strict=True):
        (found,) = network.align([(sequence.inputs, prediction.labels)])
        assert found.positions.tolist() == prediction.positions.tolist()
        assert found.input_positions.tolist() == prediction.input_positions.tolist()


def test_targets_that_do_not_fit_are_errors_or_left_out() -> None:
    network = saved_network()
    good, bad = transcription(count=2)
    bad["target"] = ["a"] * 4  # 7 points, and the output has 6
    with pytest.raises(rnn.DataError, match=r"sequence seq1: its target needs 7 output points, the network's .* has 6"):
        network.align([good, bad])
    with pytest.warns(rnn.SkippedTargetWarning, match="seq1.*no alignment has them"):
        (found,) = network.align([good, bad], skip=True)
    assert found.tag == "seq0"
    with pytest.raises(rnn.DataError, match=r"2 of 3 targets need more points .*: seq1 .needs 7, has 6., seq1"):
        network.align([bad, good, bad])
    with pytest.raises(rnn.DataError, match="target"):
        network.align([good["inputs"]])
    (empty,) = network.align([{**good, "target": []}])
    assert (empty.labels, empty.positions.shape) == ([], (0, 2))


def test_other_tasks_have_nothing_to_align() -> None:
    data = rnn.Dataset(framewise(), labels=LABELS, task="classification")
    network = rnn.Network.build(rnn.Config(task="classification", hiddenSize=2, randSeed=1), data.header)
    with pytest.raises(rnn.ConfigError, match="task classification has no labels to align; expected transcription"):
        network.align(data)


def test_command_writes_json_lines(capsys: Capture) -> None:
    saved_network()
    assert run_cli("align", "net.save", "data.nc") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = rnn.Network.load("net.save").align(rnn.Dataset.read("data.nc", task="transcription"))
    assert records == [one.record() for one in found]
    assert records[0]["positions"] == found[0].positions.tolist()


def test_command_writes_a_table() -> None:
    saved_network()
    assert run_cli("align", "net.save", "data.nc", "--format", "tsv", "-o", "out.tsv") == 0
    header, *rows = Path("out.tsv").read_text(encoding="utf-8").splitlines()
    assert header.split("\t")[:3] == ["tag", "number", "label"]
    assert len(rows) == 18
    assert rows[0].split("\t")[:3] == ["seq0", "0", transcription(length=13)[0]["target"][0]]
    assert all(len(row.split("\t")) == 8 for row in rows)


def test_command_names_what_does_not_fit_and_fails(capsys: Capture) -> None:
    saved_network()
    sequences = transcription(count=3)
    sequences[1]["target"] = ["b"] * 5
    rnn.write_netcdf("long.nc", sequences, LABELS, task="transcription")
    assert run_cli("align", "net.save", "long.nc") == 1
    captured = capsys.readouterr()
    assert "warning: sequence seq1: its target needs 9 output points, the network's output has 6" in captured.err
    assert [json.loads(line)["tag"] for line in captured.out.splitlines()] == ["seq0", "seq2"]
    assert main(["align", "net.save"]) == 2
    assert run_cli("align", "x.config", "long.nc") == 2
