# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py predict in the formats of other programs."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from tiny import LABELS, framewise, images, run_cli, transcription

import rnnlib_py as rnn
from rnnlib_py.text.outputs import FORMATS

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"


def saved(sequences: list[dict[str, object]], **keys: object) -> list[rnn.Network]:
    """Random weights in net.save, and the sequences in data.nc."""
    task = keys.setdefault("task", "transcription")
    rnn.write_netcdf("data.nc", sequences, LABELS, task=task)
    config = rnn.Config({"hiddenSize": 4, "initWeightRange": 5, "randSeed": 3, **keys})
    network = rnn.Network.build(config, rnn.Dataset.read("data.nc", task).header)
    network.save("net.save")
    return [network]


def predicted(capsys: Capture, *options: str) -> str:
    assert run_cli("predict", "net.save", "data.nc", *options) == 0
    return capsys.readouterr().out


def test_boxes_of_a_network_with_blocks(capsys: Capture) -> None:
    """Blocks of 3 columns in images of 14 and 13: the last output point stands for 2 columns, or 1."""
    sequences = [*images(count=6, width=14, height=4), *images(count=6, width=13, height=5, seed=1)]
    sequences = [{**sequence, "tag": f"line/{i}"} for i, sequence in enumerate(sequences)]
    (network,) = saved(sequences, inputBlock=[3, 2])
    found = network.predict(rnn.Dataset.read("data.nc", "transcription"))
    root = ElementTree.fromstring(predicted(capsys, "--format", "alto").encode())
    assert [tag.get("LABEL") for tag in root.iter(f"{ALTO}OtherTag")] == [p.tag for p in found]
    at_the_end = 0
    for prediction, line, sequence in zip(found, root.iter(f"{ALTO}TextLine"), sequences, strict=True):
        width, height, _ = sequence["inputs"].shape
        boxes = [[int(g.get(n, "")) for n in ("HPOS", "WIDTH", "VPOS", "HEIGHT")] for g in line.iter(f"{ALTO}Glyph")]
        for (left, wide, top, high), (first, last) in zip(boxes, prediction.positions.tolist(), strict=True):
            assert (left, left + wide) == (3 * first, min(3 * last + 3, width))
            assert (top, high) == (0, height)
            at_the_end += left + wide == width
    assert at_the_end > 0


def test_text_is_what_is_scored(capsys: Capture) -> None:
    saved(transcription(count=8))
    texts = predicted(capsys, "--format=text").splitlines()
    records = [json.loads(line) for line in predicted(capsys).splitlines()]
    assert texts == [record["text"] for record in records] == ["".join(record["labels"]) for record in records]
    assert any(texts)
    rows = [line.split("\t") for line in predicted(capsys, "--format=tsv").splitlines()]
    assert [row[:2] for row in rows] == [[record["tag"], record["text"]] for record in records]
    for row, record in zip(rows, records, strict=True):
        assert row[2] == "" or float(row[2]) == pytest.approx(np.prod(record["confidences"]), abs=1e-4)


def test_posteriors_are_confidences(capsys: Capture) -> None:
    (network,) = saved(transcription(count=8))
    options = ("--posteriors", "--format=tsv")
    rows = [line.split("\t") for line in predicted(capsys, *options).splitlines()]
    records = [json.loads(line) for line in predicted(capsys, "--posteriors").splitlines()]
    found = network.predict(rnn.Dataset.read("data.nc", "transcription"))
    for prediction, row, record in zip(found, rows, records, strict=True):
        sure = rnn.posteriors(prediction)
        assert float(row[2]) == pytest.approx(sure.line, abs=1e-4)
        assert record["confidence"] == pytest.approx(sure.line, abs=1e-6)
        assert record["confidences"] == pytest.approx(sure.labels.tolist(), abs=1e-6)
    assert records != [json.loads(line) for line in predicted(capsys).splitlines()]


def test_times(capsys: Capture) -> None:
    saved(transcription(count=8))
    by_rate = predicted(capsys, "--format=ctm", "--frame-rate=100")
    assert by_rate == predicted(capsys, "--format=ctm", "--frame-shift", "0.01")
    records = [json.loads(line) for line in predicted(capsys).splitlines()]
    (first, *_) = [record for record in records if record["labels"]]
    fields = by_rate.splitlines()[0].split(" ")
    (start, _), (_, last) = first["input_positions"][0], first["input_positions"][-1]
    assert fields[:2] == [first["tag"], "1"]
    assert [float(field) for field in fields[2:4]] == pytest.approx([start / 100, (last + 1 - start) / 100])


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_folder_has_a_file_for_each_sequence(capsys: Capture, form: str) -> None:
    saved([{**sequence, "tag": f"box/{i}.png"} for i, sequence in enumerate(images(count=3))])
    options = [f"--format={form}", *(["--frame-rate=1"] if form == "ctm" else [])]
    whole = predicted(capsys, *options)
    for folder in ("made/", "made"):  # the second time it is there
        assert predicted(capsys, *options, "-o", folder) == ""
    ending = FORMATS[form].ending
    files = sorted(Path("made").iterdir())
    assert [file.name for file in files] == [f"box_{i}.png{ending}" for i in range(3)]
    texts = [file.read_text(encoding="utf-8") for file in files]
    if form in ("jsonl", "text", "tsv", "ctm"):
        assert "".join(texts) == whole
    else:
        assert all("box/1.png" in text for text in texts[1:2])
        assert [ElementTree.fromstring(text.encode()).tag for text in texts] == [
            ElementTree.fromstring(whole.encode()).tag
        ] * 3


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--format=pdf"], 2, "invalid choice: 'pdf'"),
        (["--format=hocr"], 2, "format hocr is for images, expected 2 dimensions: the sequences have 1"),
        (["--format=ctm"], 2, "format ctm needs the time of an input point: --frame-rate or --frame-shift"),
        (["--format=ctm", "--frame-rate=nan"], 2, "--frame-rate: expected a number above 0, found 'nan'"),
        (["--format=ctm", "--frame-shift=-1"], 2, "--frame-shift: expected a number above 0, found '-1'"),
        (["--format=ctm", "--frame-shift=1", "--frame-rate=1"], 2, "expected one of them"),
        (["--frame-rate=1"], 2, "--frame-rate and --frame-shift are for --format ctm, not for jsonl"),
    ],
)
def test_what_is_refused(capsys: Capture, options: list[str], status: int, said: str) -> None:
    saved(transcription())
    assert run_cli("predict", "net.save", "data.nc", *options) == status
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_classes_are_json_lines_only(capsys: Capture) -> None:
    rnn.write_netcdf("data.nc", framewise(), ["x", "y"], task="classification")
    header = rnn.Dataset.read("data.nc", "classification").header
    rnn.Network.build(rnn.Config(task="classification", hiddenSize=2), header).save("net.save")
    assert run_cli("predict", "net.save", "data.nc", "--format=text", "-o", "made/") == 2
    assert "format text is for transcription, the network's task is classification" in capsys.readouterr().err
    assert not Path("made").exists()
    assert json.loads(predicted(capsys).splitlines()[0])["classes"]
