# SPDX-License-Identifier: Apache-2.0
"""Data files of pen strokes in tables: what is in them, how they are split, and that a network learns."""

from __future__ import annotations

import json
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from made_ink import LETTERS, draw, some_letters, write_csv
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_items import ink_of

Capture = pytest.CaptureFixture[str]
TEXTS = ["ov lo", "zxt c", "tov", "cl ol", "vox zo"]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def sequences(path: Path, task: str) -> dict[str, tuple[np.ndarray, list[str]]]:
    """Tag -> inputs and the names of the labels."""
    data = rnn.Dataset.read(path, task=task)
    names = data.header.labels
    return {s.tag: (s.inputs, [names[i] for i in np.atleast_1d(s.target)]) for s in data}


def write_lines(path: str = "lines.csv") -> Path:
    return write_csv(Path(path), [(f"w{i % 3}", text, draw(text)) for i, text in enumerate(TEXTS * 2)])


def test_letters_are_classes_and_writers_stay_apart(capsys: Capture) -> None:
    inks = some_letters()
    write_csv(Path("ink/letters.csv"), inks)
    assert run_cli("prepare", "ink", "ink", "-o", "out", "--fractions", "0.6,0.2,0.2") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "7 classes: c 10, l 10, o 10, t 10, v 10, x 10, z 10\n" in captured.out
    assert "rnnlib-py train out/ink.config -o out/run\n" in captured.out
    assert "rnnlib-py evaluate out/run/last.save out/test.nc\n" in captured.out
    recipe = InkRecipe(labels="class")
    seen: dict[str, set[str]] = {}
    for name, count in (("train", 42), ("val", 14), ("test", 14)):
        found = sequences(Path(f"out/{name}.nc"), "sequence_classification")
        assert len(found) == count
        for tag, (inputs, labels) in found.items():
            writer, text, strokes = inks[int(tag.removeprefix("letters/"))]
            seen.setdefault(name, set()).add(writer)
            assert labels == [text]
            np.testing.assert_allclose(inputs, features_of(ink_of(strokes, False), recipe).inputs, atol=2e-4)
    assert {name: len(writers) for name, writers in seen.items()} == {"train": 3, "val": 1, "test": 1}
    assert len(set.union(*seen.values())) == 5
    with netCDF4.Dataset("out/val.nc") as file:
        assert json.loads(file.recipe) == {
            "kind": "ink", "version": 1, "columns": ["x", "y", "dx", "dy", "pen_up", "end"], "size": "box",
            "slope": False, "slant": False, "resample": "length", "step": recipe.step, "y_axis": "format",
            "level": "outer", "csv_columns": [], "form": "NFC", "labels": "class", "space": "␣", "picture": 0,
        }  # fmt: skip


def test_lines_are_transcribed() -> None:
    made = rnn.prepare.ink(write_lines(), "out", fractions=[1])
    assert made.recipe == InkRecipe(size="line", slope=True, slant=True, step=0.3)
    found = sequences(made.files["train"], "transcription")
    assert ["".join(labels) for _, labels in found.values()] == [text.replace(" ", "␣") for text in TEXTS * 2]
    assert made.characters is not None
    assert made.characters.counts["o"] == 12
    assert made.characters.counts[" "] == 8
    assert "rare (less than 10 times in the training set): c 4, t 4, x 4, z 4, l 6, v 6,   8" in made.label_lines()


def test_words_and_long_classes() -> None:
    made = rnn.prepare.ink(write_lines(), "out", labels="words", fractions=[1])
    assert list(sequences(made.files["train"], "transcription").values())[3][1] == ["cl", "ol"]
    assert made.label_lines()[0].startswith("9 words: c 2, cl 2, lo 2, ")
    made = rnn.prepare.ink("lines.csv", "out", labels="class", fractions=[1], force=True)
    assert list(sequences(made.files["train"], "sequence_classification").values())[3][1] == ["cl␣ol"]


def test_groups() -> None:
    write_csv(Path("in/a/one.csv"), some_letters(2))
    write_csv(Path("in/b/one.csv"), some_letters(2))
    made = rnn.prepare.ink("in", "out", by_group="folder", fractions=[0.5, 0.5])
    for path in made.files.values():
        assert len({tag[0] for tag in sequences(path, "sequence_classification")}) == 1
    made = rnn.prepare.ink("in", "out", by_group="column:text", fractions=[0.7, 0.3], force=True)
    found = [{labels[0] for _, labels in sequences(p, made.recipe.task).values()} for p in made.files.values()]
    assert not found[0] & found[1]
    assert set.union(*found) == set(LETTERS)
    # Two writers are too few for three files.
    made = rnn.prepare.ink("in", "out", force=True)
    assert [str(note) for note in made.notes] == ["out: there are only 2 writers: inks were dealt out one by one"]
    assert made.counts == {"train": 45, "val": 6, "test": 5}


def test_texts_of_a_table() -> None:
    for i, letter in enumerate("ovlc"):
        write_csv(Path(f"ink/{i}.csv"), [("", "", draw(letter))])
    rows = ["file\ttext\tperson", "0.csv\to\ta", "1.csv\tv\ta", "2\tl\tb", "3.csv\tc\tb", "4.csv\tx\tb"]
    Path("ink/texts.tsv").write_text("\n".join(rows), encoding="utf-8")
    made = rnn.prepare.ink(["ink/0.csv", "ink/1.csv", "ink/2.csv", "ink/3.csv"], "out", tsv="ink/texts.tsv",
                           by_group="column:person", fractions=[0.5, 0.5])  # fmt: skip
    assert [str(note) for note in made.notes] == ["4: a row of a table without ink; left out"]
    found = {tag: labels for p in made.files.values() for tag, (_, labels) in sequences(p, made.recipe.task).items()}
    assert found == {"0/0": ["o"], "1/0": ["v"], "2/0": ["l"], "3/0": ["c"]}
    assert made.counts == {"train": 2, "val": 2}
    # A table alone names the files.
    made = rnn.prepare.ink(tsv="ink/texts.tsv", output="out", fractions=[1], force=True)
    assert made.counts == {"train": 4}


def test_texts_beside_files() -> None:
    write_csv(Path("ink/line.csv"), [("", "", draw("ovl"))])
    Path("ink/line.txt").write_text("ovl\n", encoding="utf-8")
    write_csv(Path("ink/two.csv"), [("", "", draw("xt")), ("", "", draw("zc"))])
    Path("ink/two.gt.txt").write_text("xt\n\nzc\n", encoding="utf-8")
    made = rnn.prepare.ink("ink", "out", fractions=[1])
    found = sequences(made.files["train"], "transcription")
    assert {tag: "".join(labels) for tag, (_, labels) in found.items()} == {
        "line/0": "ovl",
        "two/0": "xt",
        "two/1": "zc",
    }


POINTS = "0,0 1,0 2,0 2,2 2,3"


@pytest.mark.parametrize(
    ("name", "entries", "lengths"),
    [
        ("stroke", "7 7 7 2 2", [3, 2]),
        ("pen", "1 1 0 1 1", [2, 2]),
        ("pen_down", "0 1 1 1 0", [3]),
        ("pen_up", "0 0 0 1 0", [3, 1]),
        ("end", "0 0 1 0 1", [3, 2]),
        ("other", "0 0 1 0 1", [5]),
    ],
)
def test_what_tells_strokes_apart(name: str, entries: str, lengths: list[int]) -> None:
    rows = [f"{point},{entry}" for point, entry in zip(POINTS.split(), entries.split(), strict=True)]
    Path("a.csv").write_text(f"x,y,{name},label\n" + "".join(f"{row},a\n" for row in rows), encoding="utf-8")
    made = rnn.prepare.ink("a.csv", "out", fractions=[1], resample="none")
    inputs = sequences(made.files["train"], made.recipe.task)["a"][0]
    ends = np.flatnonzero(inputs[:, made.recipe.columns.index("end")])
    assert np.diff(ends, prepend=-1).tolist() == lengths


def test_columns_with_other_names_and_times_in_milliseconds() -> None:
    rows = ["PX\tPY\tT_ms\twhat", "0\t0\t100\ta", "1\t0\t110\ta", "5\t0\t150\ta"]
    Path("a.tsv").write_text("\ufeff" + "\r\n".join(rows), encoding="utf-8")
    arguments = ["--columns", "x=PX,y=PY,text=what", "--resample", "time", "--step", "0.01", "--features", "deltas"]
    assert run_cli("prepare", "ink", "a.tsv", "-o", "out", "--fractions", "1", *arguments) == 0
    inputs = sequences(Path("out/train.nc"), "sequence_classification")["a"][0]
    np.testing.assert_allclose(inputs[:, 0], [0, 1, 1, 1, 1, 1], rtol=1e-5)


def test_y_axis() -> None:
    inks = some_letters(1, 1)
    made = rnn.prepare.ink(write_csv(Path("a.csv"), inks), "down", fractions=[1])
    up = rnn.prepare.ink(write_csv(Path("a.csv"), inks, y_factor=1), "up", y_axis="up", fractions=[1])
    assert up.recipe.y_axis == "up"
    expected = sequences(made.files["train"], made.recipe.task)
    for tag, (inputs, _) in sequences(up.files["train"], up.recipe.task).items():
        np.testing.assert_array_equal(inputs, expected[tag][0])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"features": "all"}, "features 'all': expected one of deltas, positions, both"),
        ({"labels": "letters"}, "labels 'letters': expected one of auto, characters, words, class"),
        ({"step": -1}, "step -1: expected a positive number"),
        ({"size": "big"}, "size 'big'"),
        ({"fractions": [0.5]}, "expected numbers that add up to 1"),
        ({"columns": {"z": "x"}}, "column 'z': expected one of x, y, stroke"),
        ({"columns": {"x": "q"}}, r"lines.csv: has no column 'q' \(its columns are id, writer"),
        ({"by_group": "column:page"}, "no table has a column 'page'"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], error: str) -> None:
    with pytest.raises(rnn.ConfigError, match=error):
        rnn.prepare.ink(write_lines(), "out", **options)  # type: ignore[arg-type]
    assert not list(Path().glob("out/*.nc"))


def test_inks_that_come_later(capsys: Capture) -> None:
    made = rnn.prepare.ink(
        write_csv(Path("a.csv"), some_letters(3), 1), "out", y_axis="up", step=0.3, features="deltas"
    )
    later = write_csv(Path("b.csv"), [("w9", "v", draw("v")), ("w9", "t", draw("t"))], 1)
    assert run_cli("prepare", "ink", str(later), "--like", "out/train.nc", "-o", "later") == 0
    assert "to train" not in capsys.readouterr().out
    assert sorted(path.name for path in Path("later").iterdir()) == ["report.txt", "test.nc"]
    found = sequences(Path("later/test.nc"), made.recipe.task)
    assert [labels for _, labels in found.values()] == [["v"], ["t"]]
    expected = features_of(ink_of(draw("v"), False), made.recipe).inputs
    np.testing.assert_allclose(found["b/0"][0], expected, atol=2e-4)
    with netCDF4.Dataset("later/test.nc") as file:
        assert file.recipe == made.recipe.to_json()
    with pytest.raises(rnn.ConfigError, match=r"no\.nc: has no recipe, expected one for ink"):
        rnn.write_netcdf("no.nc", [([[1.0]], "a")], task="sequence_classification", dims=1)
        rnn.prepare.ink(later, "out2", like="no.nc")


def test_a_network_learns_from_it() -> None:
    made = rnn.prepare.ink(write_csv(Path("a.csv"), some_letters()), "out", fractions=[0.8, 0.2])
    config = rnn.Config.read(made.config, hiddenSize=[12], totalEpochs=25, learnRate=1e-2)
    config.set("dropout", None)
    run = rnn.train(config, threads=1, output_dir="run")
    assert run.history[-1].errors["validation"]["classificationError"] < 0.05
    assert run.network.recipe == made.recipe.to_json()
