# SPDX-License-Identifier: Apache-2.0
"""Tables with all that goes wrong in them: each file, row or sequence is named, with what was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]
GOOD = b"id,x,class\na,1,p\na,2,p\nb,3,q\nb,4,q\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/good.csv").write_bytes(GOOD)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("bad.csv", b"", "in/bad.csv: the file is empty, expected a table whose first row names its columns"),
        ("bad.csv", b"id,x,class\n", "in/bad.csv: has no rows below that with the names of its columns"),
        ("bad.csv", b"id,x,x\na,1,p\n", "in/bad.csv: has two columns called 'x', expected different names in the first "
         "row"),
        ("bad.csv", b"1.5,-2,3e4\n2.5,3,4\n", "in/bad.csv: its first row holds numbers (1.5, ...), expected the names "
         "of the columns"),
        ("bad.csv", b'id,x,class\na,1,"p\n', "in/bad.csv: damaged: unexpected end of data"),
        ("bad.csv", b"id,x,class\na,1,caf\xe9\n", "in/bad.csv: is no UTF-8 text (byte 18)"),
        ("bad.csv", b"id,x,class\na,1,p\na,2\na,3,p\n", "in/bad.csv, row 3: has 2 columns, expected 3"),
        ("bad.csv", b"id,x,class\na,1,p\n,2,p\n", "in/bad.csv, row 3: has nothing in column 'id'"),
        ("bad.csv", b"id,x,class\na,1,p\na,,p\n", "bad/a: has missing cells (--missing says what else is to become of "
         "them)"),
        ("bad.csv", b"id,x,class\na,1,\n", "bad/a: has no target"),
        ("bad.ts", b"@data\n1,2:3\n", "in/bad.ts: is a .ts file, which has neither long nor wide form as the other "
         "files"),
        ("good.tsv", GOOD, "in/good.tsv: its sequences would have the names of those in in/good.csv"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_named_and_an_error_when_strict(
    name: str, content: bytes, what: str, capsys: Capture
) -> None:
    Path("in", name).write_bytes(content)
    table = ["prepare", "table", "in/good.csv", f"in/{name}", "--id", "id", "--form", "long", "--fractions", "0.5,0.5"]
    assert run_cli(*table, "-o", "out") == 0
    captured = capsys.readouterr()
    assert captured.err == f"rnnlib-py: {what}; left out\n"
    assert "left out: 1, changed: 0; " in captured.out
    assert f"{what}; left out\n" in Path("out/report.txt").read_text(encoding="utf-8")
    assert run_cli(*table, "-o", "strict", "--strict") == 1
    assert f"error: {what} (--strict" in capsys.readouterr().err
    assert not Path("strict/train.nc").exists()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xef\xbb\xbf" + GOOD, "begins with a byte order mark (UTF-8): left out"),
        (GOOD.replace(b"\n", b"\r\n"), "has line ends of another system (CR): read as line ends"),
        (GOOD.replace(b"1", b"one"), "column 'x' holds 'one' among numbers: taken as missing"),
        (b"id,x,day,class\na,1,2024-01-31,p\nb,2,2024-02-01,q\n", "column 'day' holds dates (--time NAME sorts by "
         "them, and --elapsed makes an input of them): it is not used"),
        (b"id,x,day,class\na,1,31.1.24,p\nb,2,1.2.24,q\n", "column 'day' holds dates (--time NAME sorts by them, and "
         "--elapsed makes an input of them): it is not used"),
        (b"id,x,,class\na,1,0,p\nb,2,1,q\n", "a column has no name in the first row: it is not used"),
        (b"id,x,z,class\na,1,,p\nb,2,,q\n", "column 'z' has nothing in it: it is not used"),
    ],
)  # fmt: skip
def test_what_is_used_otherwise_is_named(content: bytes, what: str) -> None:
    Path("in/good.csv").write_bytes(content)
    made = rnn.prepare.table("in", "out", id="id", missing="zero", fractions=[1])
    assert f"in/good.csv: {what}" in made.note_lines
    assert made.recipe.columns == ("x",)
    assert made.counts == {"train": 2}


@pytest.mark.parametrize(
    ("options", "status", "what"),
    [
        (["--targets", "z"], 2, "has no column 'z' (its columns are x, class)"),
        (["--id", "who"], 2, "has no column 'who' (its columns are id, x, class)"),
        (["--inputs", "class", "--targets", "x", "--task", "classification", "--ahead", "9"], 1, "no sequence is left"),
        (["--task", "sequence_regression"], 1, "column 'class' holds texts, expected numbers"),
        (["--targets", "x", "--task", "sequence_classification"], 1, "sequence 'a' has '1' and '2' in column 'x'"),
        (["--window", "1"], 2, "--window (window=1) is for targets in each row"),
        (["--by-time"], 2, "--by-time (by_time=True) is for targets in each row"),
        (["--elapsed"], 2, "needs the column of time"),
        (["--time", "class"], 1, "column 'class' holds 'p', expected numbers or dates such as"),
        (["--pattern", "("], 2, "pattern '(' is no regular expression"),
        (["--pattern", "x"], 2, "expected a part (?P<step>...)"),
        (["--delimiter", ";;"], 2, "delimiter ';;': expected a single character"),
        (["--form", "wide"], 1, "no columns are those of a series"),
        (["--by-group", "column:who"], 2, "no table has a column 'who'"),
        (["--ahead", "-1"], 2, "expected numbers of rows, at least 0"),
        (["--fractions", "0.4,0.3,0.3"], 1, "sequences, or groups of them"),
    ],
)
def test_what_cannot_be_asked_for(options: list[str], status: int, what: str, capsys: Capture) -> None:
    ids = [] if "--id" in options else ["--id", "id"]
    fractions = [] if "--fractions" in options else ["--fractions", "1"]
    assert run_cli("prepare", "table", "in", "-o", "out", *ids, *fractions, *options) == status
    assert what in capsys.readouterr().err
    assert not Path("out/train.nc").exists()


def test_nothing_is_left(capsys: Capture) -> None:
    Path("in/good.csv").write_bytes(b"x,y\n1,\n,2\n")
    assert run_cli("prepare", "table", "in", "-o", "out") == 1
    assert "no sequence is left: 1 left out (good: has missing cells" in capsys.readouterr().err
    assert not Path("out").exists()


def test_decimal_commas_and_columns_that_differ(capsys: Capture) -> None:
    Path("in/good.csv").write_bytes(b"id;x;class\na;1,5;p\nb;2,5;q\n")
    assert run_cli("prepare", "table", "in", "-o", "out", "--fractions", "1") == 1
    assert "column 'x' has numbers with decimal commas ('1,5'): --decimal ," in capsys.readouterr().err
    Path("in/other.csv").write_bytes(b"id,z,class\na,1,p\n")
    assert run_cli("prepare", "table", "in", "-o", "out", "--decimal", ",") == 1
    assert "in/other.csv: has no column 'x', which in/good.csv has" in capsys.readouterr().err


def test_too_many_categories(capsys: Capture) -> None:
    rows = "".join(f"{i},word{i},{'ab'[i % 2]}\n" for i in range(101))
    Path("in/good.csv").write_text(f"id,note,class\n{rows}", encoding="utf-8")
    assert run_cli("prepare", "table", "in", "--inputs", "note", "-o", "out") == 2
    assert "column 'note' holds 101 different texts, expected at most 100 categories" in capsys.readouterr().err
    assert run_cli("prepare", "table", "in", "--inputs", "id", "-o", "out") == 0
