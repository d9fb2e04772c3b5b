# SPDX-License-Identifier: Apache-2.0
"""Folders and tables with all that goes wrong in them: each file is named, with what was done."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from line_pictures import picture, write_line, write_lines
from PIL import Image
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.line_texts import clean_text, read_text_file

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def lines_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_lines(Path("in"))


def notes_of(**options: object) -> list[str]:
    made = rnn.prepare.lines("in", "out", **options)  # type: ignore[arg-type]
    report = Path("out/report.txt").read_text(encoding="utf-8")
    assert all(f"{note}\n" in report for note in made.notes)
    return [str(note) for note in made.notes]


def broken(name: str, content: bytes, text: str = "x") -> None:
    Path(f"in/{name}").write_bytes(content)
    Path(f"in/{name}").with_suffix(".gt.txt").write_text(text, encoding="utf-8")


def make_empty_image() -> str:
    broken("bad.png", b"")
    return "in/bad.png: the file is empty, expected an image; left out"


def make_no_image() -> str:
    broken("bad.jpg", b"no image")
    return "in/bad.jpg: is no image of a known format; left out"


def make_single_pixel() -> str:
    Image.new("L", (1, 1)).save("in/bad.png")
    Path("in/bad.gt.txt").write_text("x", encoding="utf-8")
    return "in/bad.png: the image is 1 x 1 pixels, expected at least 3 x 3; left out"


def make_empty_text() -> str:
    write_line(Path("in"), "bad", " \n", shown="x")
    return "bad: its text is empty; left out"


def make_text_without_image() -> str:
    Path("in/bad.gt.txt").write_text("x", encoding="utf-8")
    return "in/bad.gt.txt: a text without an image; left out"


def make_image_without_text() -> str:
    picture("x").save("in/bad.png")
    return "in/bad.png: an image without a text (.gt.txt); left out"


def make_text_of_other_bytes() -> str:
    broken("bad.png", b"")
    Path("in/bad.gt.txt").write_bytes(b"caf\xe9")
    return "in/bad.gt.txt: is no UTF-8 text (byte 3); left out"


SKIPPED = [
    make_empty_image,
    make_no_image,
    make_single_pixel,
    make_empty_text,
    make_text_without_image,
    make_image_without_text,
    make_text_of_other_bytes,
]


@pytest.mark.parametrize("make", SKIPPED)
def test_what_is_left_out_is_named_and_an_error_when_strict(make: object, capsys: Capture) -> None:
    expected = make()  # type: ignore[operator]
    assert notes_of() == [expected]
    assert run_cli("prepare", "lines", "in", "-o", "cli") == 0
    captured = capsys.readouterr()
    assert captured.err == f"rnnlib-py: {expected}\n"
    assert "left out: 1, changed: 0; all are in cli/report.txt\n" in captured.out
    assert run_cli("prepare", "lines", "in", "-o", "strict", "--strict") == 1
    assert f"error: {expected.removesuffix('; left out')} (--strict" in capsys.readouterr().err
    assert not Path("strict/train.nc").exists()


def make_mark() -> str:
    write_line(Path("in"), "odd", "\ufeffx")
    return "in/odd.gt.txt: begins with a byte order mark (UTF-8): left out"


def make_line_ends() -> str:
    write_line(Path("in"), "odd", "x")
    Path("in/odd.gt.txt").write_bytes(b"x\r\n")
    return "in/odd.gt.txt: has line ends of another system (CR): read as line ends"


def make_normal_form() -> str:
    write_line(Path("in"), "odd", unicodedata.normalize("NFD", "é"), shown="e")
    return "odd: is in another normal form than NFC: brought to it"


def make_several_lines() -> str:
    write_line(Path("in"), "odd", "one\ntwo")
    return "odd: has several lines: they were joined"


def make_several_images() -> str:
    write_line(Path("in"), "odd", "x")
    picture("x").save("in/odd.bin.png")
    return "in/odd.gt.txt: has several images: odd.png is used, not odd.bin.png"


def make_wide_image() -> str:
    write_line(Path("in"), "odd", "x")
    Image.new("I;16", (20, 20), 65535).save("in/odd.png")
    return "in/odd.png: has more than 8 bits per pixel: brought to 8"


@pytest.mark.parametrize(
    "make", [make_mark, make_line_ends, make_normal_form, make_several_lines, make_several_images, make_wide_image]
)
def test_what_is_changed_is_named(make: object) -> None:
    expected = make()  # type: ignore[operator]
    assert notes_of(strict=True) == [expected]


def test_names_that_a_table_has_twice() -> None:
    rows = ["file\ttext", "00.png\tone two", "00.png\tone two", "00.png\tother", "01.png\tthree", "02.png", "\tx", ""]
    Path("lines.tsv").write_text("\n".join(rows), encoding="utf-8")
    made = rnn.prepare.lines("in", "out", tsv="lines.tsv", fractions=[1])
    assert [str(note) for note in made.notes] == [
        "lines.tsv, row 6: has 1 columns, expected 2; left out",
        "lines.tsv, row 7: names no image; left out",
        "00.png: a second line of this name, with the same text; left out",
        "00.png: a second line of this name, with another text; left out",
    ]
    assert made.counts == {"train": 2}


def test_many_files_with_the_same_trouble_are_told_in_few_lines(capsys: Capture) -> None:
    for i in range(9):
        broken(f"bad{i}.png", b"")
    assert run_cli("prepare", "lines", "in", "-o", "out") == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    assert lines[-1] == "rnnlib-py: ... and 4 more such files: the file is empty, expected an image"
    assert "in/bad8.png: the file is empty" in Path("out/report.txt").read_text(encoding="utf-8")


def test_nothing_is_left(capsys: Capture) -> None:
    for path in Path("in").glob("*.png"):
        path.write_bytes(b"")
    assert run_cli("prepare", "lines", "in", "-o", "out") == 1
    error = capsys.readouterr().err
    assert "no line is left: 10 left out (in/" in error
    assert list(Path("out").iterdir()) == []
    for path in Path("in").glob("*.png"):
        path.unlink()
    assert run_cli("prepare", "lines", "in", "-o", "out") == 1
    assert "no line is left: 10 left out (in/00.gt.txt: a text without an image" in capsys.readouterr().err
    for path in Path("in").glob("*.gt.txt"):
        path.unlink()
    assert run_cli("prepare", "lines", "in", "-o", "out") == 1
    assert "in: holds no texts (*.gt.txt) beside 0 images" in capsys.readouterr().err


def test_clean_text() -> None:
    assert clean_text(" a\u00a0\tb \n", "NFC").text == "a b"
    assert clean_text("a\u200eb\x07", "NFC") == clean_text("ab", "NFC").__class__(
        "ab", ["holds signs that cannot be seen (control characters): left out"]
    )
    assert clean_text("a␣b", "NFC").text == "a b"
    assert clean_text("\ufb01", "NFKC").text == "fi"
    assert clean_text("e\u0301", "none").text == "e\u0301"
    assert clean_text("\ufeff", "NFC").text == ""


def test_text_files_in_utf_16() -> None:
    Path("a.txt").write_bytes("zwölf".encode("utf-16"))
    assert read_text_file("a.txt").text == "zwölf"
    Path("a.txt").write_bytes(b"\xff\xfex")
    with pytest.raises(rnn.DataError, match=r"a\.txt: is no UTF-16-LE text"):
        read_text_file("a.txt")


def test_rare_and_mixed_characters_are_counted() -> None:
    for i in range(12):
        write_line(Path("in"), f"quote{i}", "it's" if i else "it\u2019s", shown="it's")
    made = rnn.prepare.lines("in", "out", fractions=[1])
    assert made.characters.counts["'"] == 11
    assert made.characters.mixed == [{"'": 11, "\u2019": 1}]
    assert made.characters.rare["v"] == 2
    assert "'" not in made.characters.rare
    lines = made.characters.lines()
    assert "written in several ways? ' 11, \u2019 (U+2019) 1" in lines
    assert lines[1].startswith("rare (less than 10 times in the training set): g 1, u 1, \u2019 (U+2019) 1, f 2, ")
