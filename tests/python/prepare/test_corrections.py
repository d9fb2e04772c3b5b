# SPDX-License-Identifier: Apache-2.0
"""Data files of corrections, alone and with the lines that there were before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from line_pictures import TEXTS, picture, write_lines
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.checksum import file_checksum

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def entry(image: str, text: str, state: str = "changed", checksum: str | None = None) -> dict[str, Any]:
    """A line of a file of corrections, with the checksum of the picture if it is there."""
    if checksum is None:
        checksum = file_checksum(Path(image)) if Path(image).exists() else "0" * 64
    return {"image": image, "sha256": checksum, "text": text, "read": "?", "state": state}


def write(lines: list[Any], path: str = "c.json", **more: Any) -> str:
    record = {"format": "rnnlib-py corrections", "version": 1, "model": "best.save", "lines": lines, **more}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(record), encoding="utf-8")
    return path


def pictures(folder: str, texts: list[str] = TEXTS) -> list[str]:
    """Pictures without texts."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    names = [f"{folder}/{i}.png" for i in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        picture(text).save(name)
    return names


def texts_of(made: rnn.prepare.PreparedLines) -> dict[str, str]:
    found = {}
    for path in made.files.values():
        data = rnn.Dataset.read(path, task="transcription")
        labels = data.header.labels
        for s in data:
            found[s.tag] = "".join(labels[i] for i in s.target).replace("␣", " ")  # type: ignore[union-attr]
    return found


def prepare(*arguments: Any, **options: Any) -> rnn.prepare.PreparedLines:
    return rnn.prepare.lines(*arguments, output="out", force=True, **options)


def test_lines_that_somebody_has_looked_at() -> None:
    a, b, c, *_ = pictures("scans")
    path = write([entry(a, "one  twø"), entry(b, "three", "confirmed"), entry(c, "x", "unseen")])
    made = prepare(corrections=path, fractions=[1])
    assert texts_of(made) == {a: "one twø", b: "three"}
    assert [str(note) for note in made.notes] == [
        "c.json: 1 line not looked at: not used (--with-unseen, with_unseen=True)"
    ]
    made = prepare(corrections=[path], with_unseen=True, fractions=[1])
    assert texts_of(made) == {a: "one twø", b: "three", c: "x"}
    assert made.notes == []


def test_a_correction_replaces_the_older_text_of_its_picture() -> None:
    write_lines(Path("in"))
    before = split_of(prepare("in"))
    path = write([entry("in/03.png", "sxx"), entry("in/04.png", TEXTS[4], "confirmed")])
    made = prepare("in", corrections=path)
    assert texts_of(made) == {**{f"{i:02}": text for i, text in enumerate(TEXTS)}, "03": "sxx"}
    assert [str(note) for note in made.notes] == ["03: its text was replaced by a correction"]
    assert split_of(made) == before
    again = write([entry("in/03.png", "sixth")], "later.json")
    made = prepare("in", corrections=[path, again])
    assert texts_of(made)["03"] == "sixth"


def split_of(made: rnn.prepare.PreparedLines) -> dict[str, list[str]]:
    return {name: [s.tag for s in rnn.Dataset.read(path, task="transcription")] for name, path in made.files.items()}


def test_a_folder_a_table_and_corrections_together(capsys: Capture) -> None:
    write_lines(Path("in"), TEXTS[:4])
    picture("of a table").save("in/t.png")
    picture("new").save("in/new.png")
    Path("lines.tsv").write_text("file\ttext\nt.png\tof a table\n00.png\tanother\n01.png\tthree\n", encoding="utf-8")
    path = write([entry("in/new.png", "new"), entry("in/t.png", "corrected")], "home/c.json")
    arguments = ["in", "--tsv", "lines.tsv", "--corrections", path, "-o", "out", "--fractions", "1"]
    assert run_cli("prepare", "lines", *arguments) == 0
    captured = capsys.readouterr()
    assert "out/train.nc: 6 lines\n" in captured.out
    assert captured.err.splitlines() == [
        "rnnlib-py: 00.png: the same picture as 00, with another text; left out",
        "rnnlib-py: 01.png: the same picture as 01, with the same text; left out",
        "rnnlib-py: t.png: its text was replaced by a correction",
    ]


def test_pictures_are_known_by_their_checksums_wherever_they_lie(capsys: Capture) -> None:
    a, b, *_ = pictures("scans")
    path = write([entry(a, "a"), entry(b, "b")], "downloads/c.json")
    assert texts_of(prepare(corrections=path, fractions=[1])) == {a: "a", b: "b"}  # the current folder
    shutil.move("scans", "downloads/scans")
    assert texts_of(prepare(corrections=path, fractions=[1])) == {a: "a", b: "b"}  # beside the file
    shutil.move("downloads/scans", "moved")
    assert texts_of(prepare("moved", corrections=path, fractions=[1])) == {a: "a", b: "b"}  # without their folder
    shutil.copy("moved/2.png", "moved/1.png")
    Path("moved/0.png").unlink()
    assert run_cli("prepare", "lines", "moved", "--corrections", path, "-o", "out2") == 1
    error = capsys.readouterr().err
    assert "no line is left: 2 left out (scans/0.png: no such picture in moved, downloads, .; left out; " in error
    assert "scans/1.png: moved/1.png is not the picture that was corrected (it has another checksum)" in error
    assert run_cli("prepare", "lines", "moved", "--corrections", path, "-o", "out2", "--strict") == 1
    assert "scans/0.png: no such picture in moved, downloads, . (--strict" in capsys.readouterr().err
    assert not Path("out2").exists()


def test_files_of_other_programs_need_no_checksum() -> None:
    pictures("scans")
    line = entry("scans/0.png", "a")
    del line["sha256"], line["read"]
    assert texts_of(prepare(corrections=write([line]), fractions=[1])) == {"scans/0.png": "a"}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "is no file of corrections, or damaged: Expecting value"),
        ("[" * 100_000, "is no file of corrections, or damaged"),
        ("[]", "is no file of corrections, as a page of"),
        ('{"format": "x"}', "is no file of corrections, as a page of"),
        ({"version": 2}, "expected version 1, found 2: written by a newer version"),
        ({"lines": 3}, "damaged: expected a list of lines"),
        ([3], "line 1: damaged: expected a JSON object"),
        ([entry("a.png", "b"), {**entry("a.png", "b"), "text": None}], "line 2: text: expected a text, found null"),
        ([entry("", "b", checksum="")], 'line 1: image: expected the name of a picture, found ""'),
        ([entry("a.png", "b", "done")], 'state: expected one of unseen, confirmed, changed, found "done"'),
    ],
)
def test_files_that_are_no_corrections(content: Any, error: str) -> None:
    if isinstance(content, str):
        Path("c.json").write_text(content, encoding="utf-8")
    else:
        write(**{"lines": content} if isinstance(content, list) else {"lines": [], **content})
    with pytest.raises(rnn.FormatError, match=rf"c\.json: .*{error}"):
        prepare(corrections="c.json")


def test_nothing_looked_at_leaves_nothing() -> None:
    pictures("scans")
    path = write([entry("scans/0.png", "a", "unseen")])
    with pytest.raises(rnn.DataError, match=r"no line is left: none was found|no line is left: .*not looked at"):
        prepare(corrections=path)
    with pytest.raises(rnn.IoError, match=r"gone\.json"):
        prepare(corrections="gone.json")


def test_lines_stay_in_the_files_of_an_earlier_preparation(capsys: Capture) -> None:
    write_lines(Path("in"), TEXTS * 2)
    before = prepare("in", height=20, fractions=[0.6, 0.2, 0.2])
    earlier = {tag: name for name, tags in split_of(before).items() for tag in tags}
    Path("out/lines.config").write_text("# changed by hand\n", encoding="utf-8")
    path = write([entry(name, "new") for name in pictures("scans")])

    arguments = ["in", "--corrections", path, "--extend", "out", "-o", "out2", "--seed", "7"]
    assert run_cli("prepare", "lines", *arguments, "--fractions", "0.5,0.25,0.25") == 0
    assert "recipe, config and split are those of out; to go on" in capsys.readouterr().out
    files = {name: Path(f"out2/{name}.nc") for name in ("train", "val", "test")}
    data = {name: rnn.Dataset.read(file, task="transcription") for name, file in files.items()}
    found = {s.tag: name for name, sequences in data.items() for s in sequences}
    assert {tag: found[tag] for tag in earlier} == earlier
    new = [name for tag, name in found.items() if tag.startswith("scans/")]
    assert [new.count(name) for name in files] == [5, 3, 2]
    assert data["val"][0].inputs.shape[1] == 20
    assert Path("out2/lines.config").read_text(encoding="utf-8") == "# changed by hand\n"


def test_few_new_lines_are_for_training_and_groups_stay_together() -> None:
    write_lines(Path("in"))
    before = split_of(prepare("in"))
    path = write([entry(name, "new") for name in pictures("scans", TEXTS[:2])])
    made = rnn.prepare.lines("in", "out2", corrections=path, extend="out")
    assert made.counts == {"train": 10, "val": 1, "test": 1}
    (tested,) = before["test"]
    picture("x").save(f"in/{tested}b.png")
    path = write([entry(f"in/{tested}b.png", "new")])
    made = rnn.prepare.lines("in", "out3", corrections=path, extend="out", by_group=r"\d\d")
    assert split_of(made)["test"] == [tested, f"in/{tested}b.png"]


def test_what_is_not_like_earlier_files() -> None:
    folder = write_lines(Path("in"))
    with pytest.raises(rnn.IoError, match=r"nowhere/train\.nc"):
        rnn.prepare.lines(folder, "out2", extend="nowhere")
    prepare(folder, height=20, fractions=[0.9, 0.1])
    with pytest.raises(rnn.ConfigError, match="height 30: the data files of out have height 20"):
        rnn.prepare.lines(folder, "out2", extend="out", height=30)
    with pytest.raises(rnn.DataError, match=r"out2/test\.nc: no line is left for it"):
        rnn.prepare.lines(folder, "out2", extend="out", fractions=[0.7, 0.2, 0.1])
    assert list(rnn.prepare.lines(folder, "out3", extend="out").counts) == ["train", "val"]
    rnn.write_netcdf("out/train.nc", [{"inputs": [[1.0]], "target": ["a"], "tag": "x"}], ["a"], task="transcription")
    with pytest.raises(rnn.DataError, match=r"out/train\.nc: has no recipe"):
        rnn.prepare.lines(folder, "out2", extend="out")
    assert not any(Path("out2").iterdir())
