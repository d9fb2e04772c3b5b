# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py score: files in all forms, what it prints, and wrong files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.text import paired_texts, read_texts

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("folder")


def write(name: str, content: str | bytes) -> str:
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return name


def test_what_is_printed(capsys: Capture) -> None:
    write("ref.txt", "one two\nthree\nfour\n")
    write("hyp.txt", "one twx\nthree\nfo\n")
    assert run_cli("score", "ref.txt", "hyp.txt") == 0
    out = capsys.readouterr().out
    assert out.startswith("3 sequences\n\nunit ")
    assert "characters  18.75 %     0.00 % to 50.00 %        3  16  1            0         2\n" in out
    assert "\nsequences   66.67 % " in out
    assert "    1  o          x\n" in out
    assert "#3: 2 errors\n  reference  four\n  reading    fo··\n               ^^\n" in out
    assert out.index("#3: 2 errors") < out.index("#1: 1 error\n")


def test_less_is_shown_on_demand(capsys: Capture) -> None:
    write("ref.txt", "abc\nabc\n")
    write("hyp.txt", "xbz\nxbc\n")
    assert run_cli("score", "ref.txt", "hyp.txt", "--confusions", "1", "--worst=0") == 0
    out = capsys.readouterr().out
    assert out.endswith("    2  a          x\nand 1 other confusions\n")


def test_wide_letters_stand_under_each_other(capsys: Capture) -> None:
    write("ref.txt", "日本語\n")
    write("hyp.txt", "日x語\n")
    assert run_cli("score", "ref.txt", "hyp.txt", "--characters=codepoints") == 0
    assert "  reference  日本語\n  reading    日x 語\n               ^\n" in capsys.readouterr().out


def test_json_and_two_systems(capsys: Capture) -> None:
    write("ref.txt", "abc\nabd\n")
    write("one.txt", "abx\nabd\n")
    write("two.txt", "abc\nabd\n")
    assert run_cli("score", "ref.txt", "one.txt", "two.txt", "--format", "json") == 0
    record = json.loads(capsys.readouterr().out)
    first, second = record["systems"]
    assert (first["file"], second["file"]) == ("one.txt", "two.txt")
    assert first["characters"]["rate"] == pytest.approx(1 / 6)
    assert first["characters"]["substitutions"] == 1
    assert first["confusions"] == [{"reference": "c", "reading": "x", "count": 1}]
    assert first["worst"][0]["aligned"] == [["a", "a"], ["b", "b"], ["c", "x"]]
    assert second["worst"] == []
    assert record["comparison"]["sequences"]["difference"] == -0.5
    assert run_cli("score", "ref.txt", "one.txt", "two.txt") == 0
    out = capsys.readouterr().out
    assert "one.txt:\n2 sequences" in out
    assert "first: one.txt, second: two.txt\n" in out
    assert "sequences   50.00 %  0.00 %  -50.00 %" in out


def test_tags_tell_which_texts_belong_together(capsys: Capture) -> None:
    write("ref.tsv", "p\tone two\nq\tthree\n")
    write("hyp.jsonl", '{"tag": "q", "text": "three"}\n{"tag": "p", "labels": ["o", "n", "e", "␣", "t", "w", "o"]}\n')
    assert run_cli("score", "ref.tsv", "hyp.jsonl", "--format", "json") == 0
    (system,) = json.loads(capsys.readouterr().out)["systems"]
    assert [system[unit]["errors"] for unit in ("characters", "words", "sequences")] == [0, 0, 0]
    assert system["words"]["length"] == 3


def test_labels_of_many_letters_are_words() -> None:
    write("hyp.jsonl", '{"labels": ["up", "swing"]}\n{"labels": ["a"]}\n{"labels": []}\n')
    assert read_texts("hyp.jsonl").texts == ["up swing", "a", ""]
    assert read_texts("hyp.jsonl").tags is None


def test_marks_and_line_ends_do_not_matter() -> None:
    for name, content in {"a": b"x y\nz\n", "b": b"\xef\xbb\xbfx y\r\nz\r\n", "c": b"x y\nz"}.items():
        assert read_texts(write(name, content)).texts == ["x y", "z"], name
    assert read_texts(write("d", b"\n\nz\n")).texts == ["", "", "z"]
    assert read_texts(write("e", "a\x85b\u2028c\n")).texts == ["a\x85b\u2028c"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("h.txt", "one\n", "h.txt: has 1 line, expected 2, as many as ref.txt has"),
        ("h.txt", "", "h.txt: has no lines, expected one per sequence"),
        ("h.txt", b"one\nt\xe9\n", "h.txt: line 2: is not UTF-8 (byte 2 of the line is 0xe9)"),
        ("h.txt", "one\ntwo\n".encode("utf-16"), "h.txt: line 1: is UTF-16, expected UTF-8"),
        ("h.tsv", "p\tone\nq two\n", "h.tsv: line 2: expected a tag, a tab and a text, found 'q two'"),
        ("h.tsv", "p\tone\np\ttwo\n", "h.tsv: the tag 'p' occurs 2 times, expected once"),
        ("h.tsv", "p\tone\nq\ttwo\n", "h.tsv has tags and ref.txt has none; expected them in both"),
        ("h.jsonl", '{"text": "one"}\n{"text"\n', "h.jsonl: line 2: is not JSON"),
        ("h.jsonl", '["one"]\n', "h.jsonl: line 1: expected an object, found list"),
        ("h.jsonl", '{"text": 3}\n', 'h.jsonl: line 1: expected "text" (or a list "labels")'),
        ("h.jsonl", '{"text": "one"}\n{"tag": "p", "text": "x"}\n', "h.jsonl: text 1 has no tag, others have one"),
        ("nowhere.txt", None, "nowhere.txt: no such file"),
    ],
)
def test_wrong_files(name: str, content: str | bytes | None, says: str, capsys: Capture) -> None:
    write("ref.txt", "one\ntwo\n")
    if content is not None:
        write(name, content)
    assert run_cli("score", "ref.txt", name) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"rnnlib-py: error: {says}")
    assert err.count("\n") == 1


def test_tags_that_only_one_file_has() -> None:
    reference = read_texts(write("ref.tsv", "p\tone\nq\ttwo\n"))
    with pytest.raises(rnn.DataError, match=r"ref\.tsv: lacks tags of more\.tsv: 'r' 1 time, 's' 1 time"):
        paired_texts(reference, read_texts(write("more.tsv", "p\tone\nq\ttwo\ns\tx\nr\tx\n")))
    with pytest.raises(rnn.DataError, match=r"less\.tsv: lacks tags of ref\.tsv: 'q' 1 time"):
        paired_texts(reference, read_texts(write("less.tsv", "p\tone\n")))


def test_wrong_options(capsys: Capture) -> None:
    write("ref.txt", "one\n")
    assert run_cli("score", "ref.txt", "ref.txt", "--samples", "7") == 2
    assert "samples is 7, expected 100 to 1000000" in capsys.readouterr().err
    assert run_cli("score", "ref.txt", "ref.txt", "--worst=-1") == 2
    assert "expected a number from 0, found '-1'" in capsys.readouterr().err
    with pytest.raises(rnn.ConfigError, match="form is 'xml'"):
        read_texts("ref.txt", "xml")  # type: ignore[arg-type]
