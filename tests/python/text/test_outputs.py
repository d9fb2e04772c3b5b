# SPDX-License-Identifier: Apache-2.0
"""Readings as text, TSV, JSON lines and CTM, and the names of files for them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_readings import Labels, made_document, made_network, made_prediction

import rnnlib_py as rnn
from rnnlib_py.text import Document, document_text, make_document, read_texts
from rnnlib_py.text.outputs import FORMATS, file_names
from rnnlib_py.text.spelling import Spelling

LETTERS = ["a", "b", "<", "&", '"', "ש", "\u0301", "␣"]
WORDS: Labels = [("a", 2, 3, 0.5), ("␣", 4, 5, 0.9), ("<", 8, 8, 0.5), ("&", 10, 13, 0.4)]


def one_line(labels: Labels, names: list[str] = LETTERS, seconds: float | None = None) -> Document:
    return made_document([made_prediction("box/line 1\t.png", labels)], [(20, 6)], names, seconds)


@pytest.mark.parametrize(
    ("names", "labels", "text", "words"),
    [
        (LETTERS, ["a", "b", "␣", "␣", "a"], "ab  a", ["ab", "a"]),
        (LETTERS, ["␣", "ש", "a", "\u0301", "␣"], " שa\u0301 ", ["שa\u0301"]),
        (LETTERS, [], "", []),
        (["a", "b"], ["a", "b"], "ab", ["ab"]),
        (["sil", "ah"], ["sil", "ah"], "sil ah", ["sil", "ah"]),
        (["ah", "b", "␣"], ["ah", "b", "␣", "ah"], "ah b ␣ ah", ["ah b", "ah"]),
        (["e\u0301", "a"], ["e\u0301", "a"], "e\u0301a", ["e\u0301a"]),
    ],
)
def test_labels_make_text_and_words(names: list[str], labels: list[str], text: str, words: list[str]) -> None:
    document = one_line([(name, 2 * i, 2 * i + 1, 1.0) for i, name in enumerate(labels)], names)
    (line,) = document.lines
    assert (line.text, [word.text for word in line.words]) == (text, words)
    assert document_text(document, "text") == f"{text}\n"


def test_another_space() -> None:
    spelling = Spelling(["a", "sp"], "sp")
    assert spelling.text(["a", "sp", "a"]) == "a a"
    assert spelling.words(["a", "sp", "a"]) == [range(1), range(2, 3)]


def test_places_and_confidences_of_words() -> None:
    (line,) = one_line(WORDS).lines
    first, second = line.words
    assert (first.first, first.last, first.confidence) == (2, 3, 0.5)
    assert (second.first, second.last) == (8, 13)
    assert second.confidence == pytest.approx(0.2)
    assert line.confidence == pytest.approx(0.5 * 0.9 * 0.2)
    (empty,) = one_line([]).lines
    assert empty.confidence is None


def test_tsv_can_be_scored(tmp_path: Path) -> None:
    document = made_document([made_prediction("x\ty", WORDS), made_prediction("2", [])], [(20, 6), (3, 6)], LETTERS)
    text = document_text(document, "tsv")
    assert text == "x\\ty\ta <&\t0.0900\n2\t\t\n"
    (tmp_path / "found.tsv").write_text(text, encoding="utf-8")
    found = read_texts(tmp_path / "found.tsv")
    assert (found.tags, found.texts) == (["x\\ty", "2"], ["a <&", ""])


def test_json_lines_have_all() -> None:
    prediction = made_prediction("1", WORDS, others=[["a", "b"], []])
    record = json.loads(document_text(made_document([prediction], [(20, 6)], LETTERS), "jsonl"))
    assert list(record) == [
        "tag",
        "text",
        "confidence",
        "labels",
        "positions",
        "input_positions",
        "confidences",
        "readings",
    ]
    assert record["input_positions"] == [[2, 3], [4, 5], [8, 8], [10, 13]]
    assert record["confidences"] == [0.5, 0.9, 0.5, 0.4]
    assert [reading["text"] for reading in record["readings"]] == ["a <&", "ab", ""]
    assert [reading["score"] for reading in record["readings"]] == [-2, -3, -4]
    assert record["readings"][1]["log_probability"] == -2
    assert record["readings"][0]["labels"] == record["labels"]
    assert "words" not in record["readings"][0]
    plain = json.loads(document_text(one_line(WORDS), "jsonl"))
    assert "readings" not in plain


def test_ctm_has_seconds() -> None:
    text = document_text(one_line(WORDS, seconds=0.01), "ctm")
    assert text == "box/line_1_.png 1 0.020 0.020 a 0.5000\nbox/line_1_.png 1 0.080 0.060 <& 0.2000\n"
    names = ["ah", "b", "␣"]
    (line,) = document_text(one_line([("ah", 0, 1, 1.0), ("b", 2, 2, 1.0)], names, 0.5), "ctm").splitlines()
    assert line.split(" ") == ["box/line_1_.png", "1", "0.000", "1.500", "ah_b", "1.0000"]
    assert document_text(one_line([], seconds=0.01), "ctm") == ""
    with pytest.raises(rnn.ConfigError, match="ctm needs the time of an input point"):
        document_text(one_line(WORDS), "ctm")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "jsonl"])
def test_other_tasks_have_json_lines_only(form: str) -> None:
    network = made_network(["a", "b"], 1, "classification")
    predictions = network.predict([np.ones((4, 1))])
    document = make_document(network, predictions, [(4,)], seconds=1)
    with pytest.raises(rnn.ConfigError, match=f"format {form} is for transcription, .* is classification: use jsonl"):
        document_text(document, form)
    assert json.loads(document_text(document, "jsonl"))["classes"] == predictions[0].labels


@pytest.mark.parametrize("form", ["hocr", "alto", "page"])
def test_pages_are_for_images(form: str) -> None:
    document = made_document([made_prediction("1", [])], [(20,)], LETTERS)
    with pytest.raises(rnn.ConfigError, match=f"format {form} is for images, .*: the sequences have 1"):
        document_text(document, form)
    with pytest.raises(rnn.ConfigError, match="format 'pdf': expected one of jsonl, text"):
        document_text(document, "pdf")


def test_names_of_files() -> None:
    tags = ["a/b c.png", "a_b c.png", "A_b_c.PNG", "../../x", "", "שלום", "b" * 300]
    assert file_names(tags, ".txt") == [
        "a_b_c.png.txt",
        "a_b_c.png-2.txt",
        "A_b_c.PNG-3.txt",
        "_.._x.txt",
        "_.txt",
        "שלום.txt",
        f"{'b' * 100}.txt",
    ]
