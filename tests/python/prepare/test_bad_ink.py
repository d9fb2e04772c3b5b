# SPDX-License-Identifier: Apache-2.0
"""Files of ink with all that goes wrong in them: each is named, with what was done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_ink import draw, some_letters, write_csv
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.ink_clean import clean_ink
from rnnlib_py.prepare.ink_items import ink_of

Capture = pytest.CaptureFixture[str]
GOOD = "x,y,label\n0,0,a\n5,5,a\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(Path("in/good.csv"), some_letters(1))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "in/bad.csv: the file is empty, expected ink"),
        (b" \r\n\n", "in/bad.csv: the file is empty, expected ink"),
        (b"x,y,label\n", "in/bad.csv: holds no ink"),
        (b"a,b\n1,2\n", "in/bad.csv: has no column x, expected a table of points with the columns x and y; its columns "
         "are a, b"),
        (b"x;y\n1;2\n", "in/bad.csv: has no column x, expected a table of points with the columns x and y; its columns "
         "are x;y"),
        (b'x,y,label\n1,2,"a\n', "in/bad.csv: damaged: unexpected end of data"),
        (b"x,y,label\n1,2,caf\xe9\n", "in/bad.csv: is no UTF-8 text (byte 17)"),
        (b"x,y\n1,2\n3,4\n", "bad: has no text"),
        (b"x,y,label\n1,2,\n3,4, \n", "bad: has no text"),
        (b"x,y,label\nnan,2,a\n,1,a\n", "bad: none of its points is a number"),
        (b"x,y,pen,label\n1,2,0,a\n", "bad: has no strokes"),
        (b"x,y,label\n1,2,a\n1e10,2,a\n", "bad: has places beyond 1e+09"),
        (b"x,y,label\n1,2,abcd\n1.01,2,\n", "bad: has 3 points, but its text needs 4"),
        (b"x,y,label\n1,2,a\n1,2\n3,4,a\n", "in/bad.csv, row 3: has 2 columns, expected 3"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named_and_an_error_when_strict(content: bytes, what: str, capsys: Capture) -> None:
    Path("in/bad.csv").write_bytes(content)
    options = ["--size", "none", "--step", "0.005"] if b"1.01" in content else []
    assert run_cli("prepare", "ink", "in", "-o", "out", *options) == 0
    captured = capsys.readouterr()
    assert captured.err.splitlines()[0] == f"rnnlib-py: {what}; left out"
    assert "left out: 1, changed: " in captured.out
    assert f"{what}; left out\n" in Path("out/report.txt").read_text(encoding="utf-8")
    assert run_cli("prepare", "ink", "in", "-o", "strict", "--strict", *options) == 1
    assert f"error: {what} (--strict" in capsys.readouterr().err
    assert not Path("strict/train.nc").exists()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("\ufeff" + GOOD, "in/odd.csv: begins with a byte order mark (UTF-8): left out"),
        (GOOD.replace("\n", "\r\n"), "in/odd.csv: has line ends of another system (CR): read as line ends"),
        (GOOD + "nan,1,a\n", "odd: has points that are no numbers: left out"),
        (GOOD + "9,inf,a\n", "odd: has points that are no numbers: left out"),
        (GOOD + "9,9,b\n", "odd: its rows have different texts: the first is used"),
        ("x,y,label\n5,5,a\n", "odd: is a single dot: it has no size"),
        ("x,y,t,label\n5,5,1,a\n5,5,1,a\n6,6,2,a\n", "odd: has points twice, at the same place and time: they count "
         "once"),
        ("x,y,t,label\n5,5,1,a\n5,6,0,a\n6,6,2,a\n", "odd: its times run backwards: they are not used"),
        ("x,y,t,label\n5,5,1,a\n5,6,,a\n6,6,2,a\n", "odd: has points without a time: times are not used"),
        (GOOD.replace(",a", ",a\u200b"), "odd: holds signs that cannot be seen (control characters): left out"),
    ],
)  # fmt: skip
def test_what_is_changed_is_named(content: str, what: str) -> None:
    Path("in/odd.csv").write_bytes(content.encode())
    made = rnn.prepare.ink("in", "out", strict=True)
    assert made.counts["train"] + made.counts["val"] + made.counts["test"] == 15
    assert what in map(str, made.notes)


def test_a_second_ink_of_the_same_name() -> None:
    Path("in/good.tsv").write_text("id\tx\ty\tlabel\n3\t0\t0\ta\n", encoding="utf-8")
    made = rnn.prepare.ink("in", "out")
    assert "good/3: a second ink of this name; left out" in map(str, made.notes)


def test_texts_beside_that_do_not_fit() -> None:
    write_csv(Path("in/two.csv"), [("", "", draw("o")), ("", "", draw("c"))])
    Path("in/two.txt").write_text("o\nc\nl\n", encoding="utf-8")
    made = rnn.prepare.ink("in", "out")
    assert "in/two.csv: has 2 inks, but two.txt beside it has 3 lines; left out" in map(str, made.notes)


def test_files_that_are_not_there(capsys: Capture) -> None:
    for arguments, status, error in (
        ([], 2, "no ink: expected files or folders of them, or --tsv"),
        (["nowhere"], 1, "nowhere: no such file"),
        (["empty"], 1, "empty: holds no files of ink (.inkml, .xml"),
    ):
        Path("empty").mkdir(exist_ok=True)
        assert run_cli("prepare", "ink", *arguments, "-o", "out") == status
        assert error in capsys.readouterr().err
    assert not Path("out").exists()


def test_nothing_is_left(capsys: Capture) -> None:
    Path("in/good.csv").write_text("x,y\n", encoding="utf-8")
    assert run_cli("prepare", "ink", "in", "-o", "out") == 1
    assert "no ink is left: 1 left out (in/good.csv: holds no ink" in capsys.readouterr().err
    assert not list(Path().glob("out/*"))


def test_places_far_from_the_origin_keep_their_shape() -> None:
    strokes = draw("x", size=0.01)
    near = clean_ink(ink_of(strokes, False)).ink
    far = clean_ink(ink_of([stroke + 1e6 for stroke in strokes], False)).ink
    np.testing.assert_allclose(far.points[:, :2], near.points[:, :2], atol=1e-8)
