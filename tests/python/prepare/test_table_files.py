# SPDX-License-Identifier: Apache-2.0
"""Tables in .ts files of sktime and aeon, and in Parquet files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tiny import run_cli

import rnnlib_py as rnn
from rnnlib_py.prepare.table_cells import cells_of

Capture = pytest.CaptureFixture[str]
HEAD = "# two classes\n@problemName Tiny\n@timeStamps false\n@missing true\n@dimensions 2\n"
HEAD += "@classLabel true up down\n@data\n"
SERIES = "1,2,3:10,20,30:up\n4, 5:40,50:down\n\n6:?:up\n"


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def unscaled(made: rnn.prepare.PreparedTable) -> dict[str, np.ndarray]:
    data = rnn.Dataset.read(made.files["train"], task=made.recipe.task)
    return {s.tag: s.inputs * np.array(made.recipe.stds) + np.array(made.recipe.means) for s in data}


def test_ts_with_channels_of_unequal_lengths() -> None:
    Path("a.ts").write_text(HEAD + SERIES, encoding="utf-8")
    made = rnn.prepare.table("a.ts", "out", missing="zero", fractions=[1])
    assert (made.recipe.task, made.recipe.form, made.recipe.columns) == (
        "sequence_classification",
        "ts",
        ("dim_0", "dim_1"),
    )
    found = unscaled(made)
    np.testing.assert_allclose(found["a/0"], [[1, 10], [2, 20], [3, 30]], atol=1e-5)
    np.testing.assert_allclose(found["a/1"], [[4, 40], [5, 50]], atol=1e-5)
    np.testing.assert_allclose(found["a/2"], [[6, 0]], atol=1e-5)
    assert made.labels == {"down": 1, "up": 2}


def test_ts_with_numbers_as_targets() -> None:
    head = HEAD.replace("@classLabel true up down", "@targetlabel true")
    Path("a.ts").write_text(head + "1:2:0.5\n3:4:1.5\n", encoding="utf-8")
    made = rnn.prepare.table("a.ts", "out", fractions=[1])
    assert (made.recipe.task, made.recipe.target_means, made.recipe.target_stds) == (
        "sequence_regression",
        (1,),
        (0.5,),
    )


@pytest.mark.parametrize(
    ("series", "what"),
    [
        ("7:up\n", "in/bad.ts, line 9: has 1 channels, the series before have 2"),
        ("7:8:left\n", "in/bad.ts, line 9: its class is 'left', expected one of up, down"),
        ("7,8:9:up\n", "in/bad.ts, line 9: its channels have 1 and 2 values, expected as many"),
        ("7:x:up\n", "in/bad.ts, line 9: holds 'x': no number"),
        ("(0,7):(0,8):up\n", "in/bad.ts, line 9: holds '(0': time stamps, which are not read"),
        ("7:8:?\n", "bad/1: has no target"),
        ("7:?:up\n", "bad/1: has missing cells (--missing says what else is to become of them)"),
    ],
)
def test_bad_series_are_named_and_left_out(series: str, what: str, capsys: Capture) -> None:
    Path("in").mkdir()
    Path("in/bad.ts").write_text(HEAD + "1:2:up\n" + series, encoding="utf-8")
    assert run_cli("prepare", "table", "in", "-o", "out", "--fractions", "1") == 0
    assert capsys.readouterr().err == f"rnnlib-py: {what}; left out\n"
    assert run_cli("prepare", "table", "in", "-o", "b", "--fractions", "1", "--strict") == 1


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("@data\n", "has no series"),
        ("@timeStamps true\n@data\n1:2\n", "line 1: its values have time stamps, which are not read"),
        ("const a = 1;\n", "line 1: expected a line that begins with @ before @data, found 'const a = 1;'"),
        ("@problemName x\n", "has no line @data, expected a .ts file of sktime or aeon"),
    ],
)
def test_files_that_are_no_series(content: str, what: str) -> None:
    Path("bad.ts").write_text(content, encoding="utf-8")
    with pytest.raises(rnn.DataError, match="no sequence is left") as raised:
        rnn.prepare.table("bad.ts", "out")
    assert what in str(raised.value)


def test_parquet() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    start = datetime(2024, 1, 1)
    table = pyarrow.table(
        {
            "id": [1, 1, 2, 2],
            "when": [start + timedelta(seconds=s) for s in (5, 0, 0, 2)],
            "x": pyarrow.array([1.5, 2.5, None, 3.5]),
            "colour": pyarrow.array(["red", "blue", "red", None]).dictionary_encode(),
            "on": [True, False, True, True],
            "class": ["up", "up", "down", "down"],
        }
    )
    parquet.write_table(table, "a.parquet")
    made = rnn.prepare.table("a.parquet", "out", id="id", time="when", elapsed=True, missing="zero", fractions=[1])
    assert made.recipe.columns == ("when", "x", "colour", "colour", "on")
    found = unscaled(made)
    np.testing.assert_allclose(found["1"], [[0, 2.5, 1, 0, 0], [5, 1.5, 0, 1, 1]], atol=1e-5)
    np.testing.assert_allclose(found["2"], [[0, 0, 0, 1, 1], [2, 3.5, 0, 0, 1]], atol=1e-5)


def test_large_whole_numbers_are_different_ids() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    ids = [2**60, 2**60 + 1]
    parquet.write_table(pyarrow.table({"id": ids, "x": [1.0, 2.0], "class": ["a", "b"]}), "a.parquet")
    made = rnn.prepare.table("a.parquet", "out", id="id", fractions=[1])
    assert list(unscaled(made)) == [str(number) for number in ids]
    assert cells_of(np.array(ids), "id").tolist() == [str(number) for number in ids]


def test_parquet_without_pyarrow(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    Path("a.parquet").write_bytes(b"PAR1")
    assert run_cli("prepare", "table", "a.parquet", "-o", "out") == 2
    assert "a.parquet: Parquet needs pyarrow" in (error := capsys.readouterr().err)
    assert "pip install 'rnnlib-py[table]'" in error


def test_damaged_parquet() -> None:
    pytest.importorskip("pyarrow")
    Path("a.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(rnn.DataError, match=r"a\.parquet: is no Parquet file, or damaged"):
        rnn.prepare.table("a.parquet", "out")
