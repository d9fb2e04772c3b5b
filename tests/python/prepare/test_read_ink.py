# SPDX-License-Identifier: Apache-2.0
"""Reading pen strokes with a trained network: rnnlib-py read and Network.read_ink."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from made_ink import LETTERS, Stroke, draw, some_letters, write_csv
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_features import features_of
from rnnlib_py.prepare.ink_items import ink_of

Capture = pytest.CaptureFixture[str]
TEXTS = ["ov", "zx t", "tov", "cl o", "vox", "lz"]


def downwards(strokes: list[Stroke]) -> list[Stroke]:
    return [stroke * (1, -1) for stroke in strokes]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the saves of networks that know letters, and lines of them."""
    folder = tmp_path_factory.mktemp("read_ink")
    made = rnn.prepare.ink(write_csv(folder / "a.csv", some_letters()), folder / "letters", fractions=[1])
    config = rnn.Config.read(made.config, hiddenSize=[8], totalEpochs=15, learnRate=1e-2, autosave=False)
    for key in ("dropout", "augment", "augmentColumns"):
        config.set(key, None)
    rnn.train(config, threads=1).network.save(folder / "letters.save")
    inks = [("", text, draw(text)) for text in TEXTS * 4]
    made = rnn.prepare.ink(write_csv(folder / "b.csv", inks), folder / "lines", fractions=[1], step=1)
    config = rnn.Config.read(
        made.config, hiddenSize=[20], totalEpochs=40, learnRate=2e-2, seqsPerWeightUpdate=2, autosave=False
    )
    for key in ("dropout", "augment", "augmentColumns"):
        config.set(key, None)
    rnn.train(config, threads=1).network.save(folder / "lines.save")
    return folder


@pytest.fixture(autouse=True)
def here(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("letters.save", "lines.save"):
        shutil.copy(trained / name, name)


def inkml(strokes: list[Stroke]) -> str:
    traces = "".join(
        f"<trace>{', '.join(f'{x:.2f} {y:.2f}' for x, y in stroke)}</trace>" for stroke in downwards(strokes)
    )
    return f"<ink xmlns='http://www.w3.org/2003/InkML'>{traces}</ink>"


def test_classes_of_files(capsys: Capture) -> None:
    Path("new").mkdir()
    for letter in "ovx":
        Path(f"new/{letter}.inkml").write_text(inkml(draw(letter, size=3)), encoding="utf-8")
    write_csv(Path("more.csv"), [("", "", draw("z")), ("", "", draw("t"))])
    assert run_cli("read", "letters.save", "new", "more.csv") == 0
    assert capsys.readouterr().out.splitlines() == ["o", "v", "x", "z", "t"]
    assert run_cli("read", "letters.save", "new", "more.csv", "-o", "out", "--format", "tsv") == 0
    found = {path.name: path.read_text(encoding="utf-8").split("\t")[:2] for path in Path("out").iterdir()}
    assert found["v.tsv"] == ["v", "v"]
    assert found["more_1.tsv"] == ["more/1", "t"]
    assert len(found) == 5


def test_places_are_points_of_the_ink(capsys: Capture) -> None:
    strokes = [np.round(stroke, 2) for stroke in draw("tov")]
    Path("new.inkml").write_text(inkml(strokes), encoding="utf-8")
    assert run_cli("read", "lines.save", "new.inkml", "--format", "jsonl") == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["tag"], record["text"]) == ("new", "tov")
    # The same by hand: each label stands between two of the points that were given.
    network = rnn.Network.load("lines.save")
    made = features_of(ink_of(strokes, False), InkRecipe.from_json(network.recipe, "x"))
    expected = network.predict(made.inputs)[0].input_positions
    places = made.positions[expected]
    np.testing.assert_array_equal(
        record["input_positions"], [[np.floor(a + 1e-6), np.ceil(b - 1e-6)] for a, b in places]
    )
    assert len(made.inputs) < sum(map(len, strokes))  # the points are not those that were given


def test_strokes_in_python() -> None:
    network = rnn.Network.load("lines.save")
    for text in TEXTS:
        (found,) = network.read_ink(downwards(draw(text, size=3)))
        assert (found.text, found.name) == (text, "")
        assert found.num_points == sum(len(stroke) for stroke in draw(text))
    lists = [[(float(x), float(y)) for x, y in stroke] for stroke in downwards(draw("ov"))]
    (found,) = network.read_ink([*lists, []])
    assert found.text == "ov"
    Path("new.inkml").write_text(inkml(draw("ov")), encoding="utf-8")
    (again,) = network.read_ink("new.inkml")
    assert (again.text, again.name, again.changes) == ("ov", "new", [])
    letters = rnn.Network.load("letters.save")
    assert [letters.read_ink(downwards(draw(letter)))[0].text for letter in LETTERS] == list(LETTERS)


def test_points_that_are_left_out_count_in_places() -> None:
    network = rnn.Network.load("lines.save")
    strokes = downwards(draw("ov"))
    (found,) = network.read_ink(strokes)
    nothing = np.full((100, 2), np.nan)
    (moved,) = network.read_ink([np.concatenate([nothing, strokes[0]]), *strokes[1:]])
    np.testing.assert_array_equal(moved.prediction.input_positions, found.prediction.input_positions + 100)
    assert moved.changes == ["has points that are no numbers: left out"]


def test_columns_and_axis_of_the_recipe() -> None:
    network = rnn.Network.load("letters.save")
    recipe = InkRecipe.from_json(network.recipe, "x")
    network.recipe = InkRecipe(
        labels="class", step=recipe.step, y_axis="up", csv_columns=("x=PX", "y=PY", "id=nr")
    ).to_json()
    rows = [f"{x},{y},7" for stroke in draw("v") for x, y in stroke]
    Path("new.csv").write_text("PX,PY,nr\n" + "\n".join(rows), encoding="utf-8")
    (found,) = network.read_ink("new.csv")
    assert (found.text, found.name) == ("v", "new/7")
    assert network.read_ink(draw("v"))[0].text == "v"


@pytest.mark.parametrize(
    ("strokes", "error"),
    [
        ([], "the ink: has no strokes"),
        ([[]], "the ink: has no strokes"),
        ([[(1, 2, 3, 4)]], r"stroke 0 has the shape \[1, 4\], expected points \(x, y\) or \(x, y, seconds\)"),
        ([[(1, 2)], [3, 4]], r"stroke 1 has the shape \[2\]"),
        ([[(1, 2), (3,)]], "stroke 0 holds something else than points"),
        ([[("a", "b")]], "stroke 0 holds something else than points"),
        ([[(float("nan"), 1)]], "the ink: none of its points is a number"),
        ([[(0, 0), (1e300, 1)]], r"the ink: has places beyond 1e\+09"),
    ],
)
def test_strokes_that_are_none(strokes: list[list[tuple[float, ...]]], error: str) -> None:
    with pytest.raises(rnn.DataError, match=error):
        rnn.Network.load("letters.save").read_ink(strokes)


def test_files_that_cannot_be_read(capsys: Capture) -> None:
    Path("good.inkml").write_text(inkml(draw("v")), encoding="utf-8")
    Path("bad.inkml").write_text("<ink><trace>1</trace></ink>", encoding="utf-8")
    Path("empty.csv").write_text("", encoding="utf-8")
    assert run_cli("read", "letters.save", "good.inkml", "bad.inkml", "empty.csv") == 0
    captured = capsys.readouterr()
    assert captured.out == "v\n"
    assert captured.err.splitlines() == [
        "rnnlib-py: bad: a trace: point 0 has 1 numbers ('1'), expected 2; left out",
        "rnnlib-py: bad.inkml: holds no ink; left out",
        "rnnlib-py: empty.csv: the file is empty, expected ink; left out",
    ]
    assert run_cli("read", "letters.save", "good.inkml", "bad.inkml", "--strict") == 1
    assert "bad: a trace: point 0 has 1 numbers ('1'), expected 2 (--strict" in capsys.readouterr().err
    assert run_cli("read", "letters.save", "empty.csv") == 1
    assert "none of 1 files of ink could be read" in capsys.readouterr().err
    with pytest.raises(rnn.DataError, match="bad"):
        rnn.Network.load("letters.save").read_ink("bad.inkml")


def test_networks_and_formats_that_do_not_fit(capsys: Capture) -> None:
    Path("a.inkml").write_text(inkml(draw("v")), encoding="utf-8")
    assert run_cli("read", "letters.save", "a.inkml", "--format", "alto") == 2
    assert "format alto is for transcription" in capsys.readouterr().err
    assert run_cli("read", "letters.save", "a.inkml", "--format", "html", "-o", "a.html") == 2
    assert "format html is for pictures, the network reads pen strokes" in capsys.readouterr().err
    assert run_cli("read", "lines.save", "a.inkml", "--format", "page") == 2
    assert "format page is for images" in capsys.readouterr().err
    network = rnn.Network.load("letters.save")
    with pytest.raises(rnn.ConfigError, match="was trained on data of `rnnlib-py prepare ink`, not on pictures"):
        rnn.Network.load("lines.save").read("a.png")
    network.recipe = ""
    with pytest.raises(rnn.ConfigError, match="has no recipe, so that it is not known how it wants ink"):
        network.read_ink("a.inkml")
