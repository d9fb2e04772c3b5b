# SPDX-License-Identifier: Apache-2.0
"""UNIPEN files: coordinates, segments and where they are, files that include others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe, ink_unipen
from rnnlib_py.prepare.ink_files import read_ink_file
from rnnlib_py.prepare.ink_items import InkItem
from rnnlib_py.prepare.notes import Notes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(
    text: str, notes: Notes | None = None, name: str = "a.dat", root: Path | None = None, **settings: str
) -> list[InkItem]:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return read_ink_file(Path(name), "a", InkRecipe(**settings), notes or Notes(), root)  # type: ignore[arg-type]


def points(item: InkItem) -> list[list[float]]:
    return item.ink.points[:, :2].tolist()


DIGITS = """.VERSION 1.0
.COMMENT Digits of two writers. A line may begin
with anything: .5 or "quotes".
.HIERARCHY DIGIT
.COORD X Y
.WRITER_ID w1
.SEGMENT DIGIT 0-1 ? "4"
.PEN_DOWN
 0 1
 2 3
.PEN_UP
.DT 100
.PEN_DOWN
.5 9
10 11
.PEN_UP
.WRITER_ID w2
.SEGMENT DIGIT 2 GOOD "1"
.PEN_DOWN
 5 5
 5 0
.PEN_UP
"""


def test_digits() -> None:
    four, one = read(DIGITS)
    assert (four.tag, four.text, four.columns) == ("a/1", "4", {"writer": "w1"})
    assert points(four) == [[0, 1], [2, 3], [0.5, 9], [10, 11]]
    assert four.ink.strokes.tolist() == [0, 0, 1, 1]
    assert not four.ink.has_times
    assert (one.tag, one.text, one.columns) == ("a/2", "1", {"writer": "w2"})
    assert points(one) == [[5, 5], [5, 0]]
    assert points(read(DIGITS, y_axis="down")[1]) == [[5, -5], [5, 0]]


def test_segments_without_a_place_are_what_follows() -> None:
    four, one = read(DIGITS.replace("0-1 ?", "? ?").replace("2 GOOD", "?"))
    assert [len(four.ink), len(one.ink)] == [4, 2]


WORDS = """.COORD X Y T P
.HIERARCHY TEXT WORD CHARACTER
.SEGMENT TEXT 0-4 ? "he said \\"no\\"\\nand"
.SEGMENT WORD 0:1-2:0 ? "he"
.SEGMENT WORD 4,0:0
  OK "said
so"
.SEGMENT CHARACTER 0:0-0:1 ? "h"
.PEN_DOWN
1 0 0 9 2 0 10 9 3 0 20 9
.PEN_UP
3 1 30 0
.PEN_DOWN
4 0 40 9
5 0 50 9
.PEN_DOWN
6 0 60 9
.PEN_DOWN
7 0 70 9
"""


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("outer", [('he said "no"\nand', [1, 2, 3, 4, 5, 6, 7])]),
        ("inner", [("h", [1, 2])]),
        ("word", [("he", [2, 3, 4]), ("said\nso", [7, 1])]),
    ],
)
def test_levels_and_places(level: str, expected: list[tuple[str, list[float]]]) -> None:
    assert [(item.text, item.ink.points[:, 0].tolist()) for item in read(WORDS, level=level)] == expected


def test_times() -> None:
    (item,) = read(WORDS)
    np.testing.assert_allclose(item.ink.points[:, 2], [0, 0.01, 0.02, 0.04, 0.05, 0.06, 0.07])
    first, second = read(".POINTS_PER_SECOND 50\n" + DIGITS)
    np.testing.assert_allclose(first.ink.points[:, 2], [0, 0.02, 0.14, 0.16])
    np.testing.assert_allclose(second.ink.points[:, 2], [0.18, 0.2])


def test_a_file_without_segments_is_one_ink() -> None:
    (item,) = read(".PEN_DOWN\n1 1\n.PEN_UP\n.PEN_DOWN\n2 2\n.PEN_UP\n")
    assert (item.tag, item.text) == ("a", None)
    assert item.ink.strokes.tolist() == [0, 1]


def test_included_files_lie_in_the_folder() -> None:
    Path("in/data").mkdir(parents=True)
    Path("in/lib").mkdir()
    Path("in/lib/strokes.txt").write_text(".PEN_DOWN\n1 1\n2 2\n.PEN_UP\n", encoding="utf-8")
    Path("secret.txt").write_text(".PEN_DOWN\n6 6\n.PEN_UP\n", encoding="utf-8")
    text = '.INCLUDE ../lib/strokes.txt\n.INCLUDE ../../secret.txt\n.INCLUDE gone.doc\n.SEGMENT WORD 0 ? "x"\n'
    notes = Notes()
    (item,) = read(text, notes, "in/data/a.dat", root=Path("in"))
    assert (item.text, points(item)) == ("x", [[1, 1], [2, 2]])
    assert [str(note) for note in notes.found] == [
        "in/data/a.dat: includes ../../secret.txt, which lies outside of in: it is not read",
        "in/data/a.dat: includes gone.doc, which is not there",
    ]
    with pytest.raises(rnn.DataError, match=r"in/data/a\.dat: has no strokes"):
        read(text, Notes(), "in/data/a.dat")
    with pytest.raises(rnn.DataError, match="includes too many files, or itself"):
        read(".INCLUDE b.dat\n", Notes(), "b.dat")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("0-1 ?", "0-3 ?", "a/1: its delineation '0-3' does not fit: the file has 3 components; left out"),
        ("0-1 ?", "1-0 ?", "a/1: its delineation '1-0' does not fit"),
        ("0-1 ?", "0,0,0,0 ?", "a/1: its delineation '0,0,0,0' does not fit"),
        ("0-1 ?", "a-b ?", "a/1: its delineation 'a-b': expected component numbers such as 3-5"),
    ],
)
def test_damaged_segments(old: str, new: str, error: str) -> None:
    notes = Notes()
    assert len(read(DIGITS.replace(old, new), notes)) == 1
    assert str(notes.found[0]).startswith(error)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (" 2 3\n", " 2 3 4\n", "'2 3 4' has 3 numbers, .COORD says 2"),
        (".COORD X Y", ".COORD X P", r"\.COORD X P: expected X and Y among them"),
        (".SEGMENT DIGIT 2 GOOD", ".SEGMENT", r"a \.SEGMENT without a type"),
        (".PEN_DOWN", ".PEN_UP", "has no strokes"),
    ],
)
def test_damaged_files(old: str, new: str, error: str) -> None:
    with pytest.raises(rnn.DataError, match=rf"a\.dat: {error}"):
        read(DIGITS.replace(old, new))


def test_a_kind_of_segments_that_is_not_there() -> None:
    with pytest.raises(rnn.DataError, match=r"a\.dat: has no segments WORD; it has DIGIT"):
        read(DIGITS, level="WORD")


def test_segments_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ink_unipen, "MOST_POINTS", 1000)
    with pytest.raises(rnn.DataError, match="its inks have more than 1,000 points"):
        read(DIGITS + '.SEGMENT DIGIT 0-2 ? "8"\n' * 300)


def test_windows_files_with_a_mark() -> None:
    notes = Notes()
    found = read("\ufeff" + DIGITS.replace("\n", "\r\n"), notes)
    assert [item.text for item in found] == ["4", "1"]
    assert "begins with a byte order mark" in str(notes.found[0])
