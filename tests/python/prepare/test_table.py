# SPDX-License-Identifier: Apache-2.0
"""Data files of tables: inputs, targets and tasks in long and wide form, how they are split, and the config."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from tiny import run_cli

import rnnlib_py as rnn

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, *lines: str) -> str:
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return name


def sequences(made: rnn.prepare.PreparedTable, name: str = "train") -> dict[str, rnn.Sequence]:
    return {s.tag: s for s in rnn.Dataset.read(made.files[name], task=made.recipe.task)}


def unscaled(made: rnn.prepare.PreparedTable, sequence: rnn.Sequence) -> np.ndarray:
    recipe = made.recipe
    return np.asarray(sequence.inputs * np.array(recipe.stds) + np.array(recipe.means))


def write_series(name: str = "long.csv", series: int = 10, columns: Sequence[str] = ("id", "x", "y", "class")) -> str:
    """Series of 3 to 5 rows; a series of the class "up" grows."""
    rows = [",".join(columns)]
    for i in range(series):
        kind = "up" if i % 2 else "down"
        for t in range(3 + i % 3):
            rows.append(f"s{i},{(t if i % 2 else -t) + i / 10},{100 + i},{kind}")
    return write(name, *rows)


def test_long_form_with_classes_of_sequences(capsys: Capture) -> None:
    write_series()
    assert run_cli("prepare", "table", "long.csv", "--id", "id", "-o", "out") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.splitlines()[:7] == [
        "out/train.nc: 8 sequences",
        "out/val.nc: 1 sequences",
        "out/test.nc: 1 sequences",
        "task sequence_classification, long form (a row is a point in time)",
        "inputs (2): x, y",
        "target of each sequence: class",
        "2 labels: down 5, up 5",
    ]
    found: dict[str, rnn.Sequence] = {}
    for name in ("train", "val", "test"):
        data = rnn.Dataset.read(f"out/{name}.nc", task="sequence_classification")
        assert data.header.labels == ["down", "up"]
        found |= {s.tag: s for s in data}
    assert sorted(found) == [f"s{i}" for i in range(10)]
    with netCDF4.Dataset("out/train.nc") as file:
        recipe = json.loads(file.recipe)
        inputs = file["inputs"][:]
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(inputs.std(axis=0), 1, atol=1e-5)
    means, stds = recipe.pop("means"), recipe.pop("stds")
    assert recipe == {
        "kind": "table", "version": 1, "task": "sequence_classification", "form": "long", "id": "id", "time": "",
        "pattern": "(?P<channel>.*?)[ _.-]?(?P<step>\\d+)", "decimal": ".", "missing": "skip", "columns": ["x", "y"],
        "categories": ["", ""], "scales": ["linear", "linear"], "targets": ["class"], "target_means": [],
        "target_stds": [], "ahead": 0, "units": "words",
    }  # fmt: skip
    for i in range(10):
        sequence = found[f"s{i}"]
        assert sequence.target == i % 2
        steps = np.arange(3 + i % 3) * (1 if i % 2 else -1)
        expected = np.stack([steps + i / 10, np.full(len(steps), 100 + i)], axis=1)
        np.testing.assert_allclose(sequence.inputs * np.array(stds) + np.array(means), expected, atol=1e-4)


def test_the_config_trains() -> None:
    write_series()
    made = rnn.prepare.table("long.csv", "out", id="id", fractions=[0.8, 0.2])
    text = made.config.read_text(encoding="utf-8")
    assert "task sequence_classification\ntrainFile train.nc\nvalFile val.nc\n" in text
    config = rnn.Config.read(made.config, hiddenSize=[4, 4], totalEpochs=2)
    run = rnn.train(config, threads=1, output_dir="out/run")
    assert run.network.recipe == made.recipe.to_json()
    assert rnn.prepare.TableRecipe.from_json(run.network.recipe, "x") == made.recipe


def test_rows_are_sorted_by_dates_which_may_be_an_input() -> None:
    write(
        "t.csv",
        "when,id,x,target",
        "2024-01-01T00:10,a,2,1.5",
        "2024-01-01T00:00:00Z,b,5,2.5",
        "2024-01-01,a,1,1.5",
        "2024-01-01T01:10+01:00,b,6,2.5",
    )
    made = rnn.prepare.table("t.csv", "out", id="id", time="when", elapsed=True, fractions=[1])
    assert made.recipe.task == "sequence_regression"
    assert made.recipe.columns == ("when", "x")
    found = sequences(made)
    np.testing.assert_allclose(unscaled(made, found["a"]), [[0, 1], [600, 2]], atol=1e-4)
    np.testing.assert_allclose(unscaled(made, found["b"]), [[0, 5], [600, 6]], atol=1e-4)
    assert (made.recipe.target_means, made.recipe.target_stds) == ((2.0,), (0.5,))
    assert found["a"].target == -1
    assert found["b"].target == 1


def test_categories_become_inputs_of_their_own() -> None:
    write("t.csv", "colour,is_on,n,y", "red,true,1,0.1", "blue,false,2,0.25", "red,False,4,0.5", "green,TRUE,8,1")
    made = rnn.prepare.table("t.csv", "out", fractions=[1])
    assert made.recipe.task == "regression"
    assert made.recipe.columns == ("colour", "colour", "colour", "is_on", "n")
    assert made.recipe.categories == ("blue", "green", "red", "", "")
    assert (made.recipe.means[:3], made.recipe.stds[:3]) == ((0, 0, 0), (1, 1, 1))
    sequence = sequences(made)["t"]
    np.testing.assert_array_equal(sequence.inputs[:, :3], [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]])
    np.testing.assert_allclose(unscaled(made, sequence)[:, 3:], [[1, 1], [0, 2], [0, 4], [1, 8]], atol=1e-5)


def test_classes_and_numbers_of_rows() -> None:
    write("t.tsv", "x\tkind\tz", "1\ta a\t0.5", "2\tb\t", "3\t\t1.5", "4\ta a\t2.5")
    made = rnn.prepare.table("t.tsv", "a", inputs="x", targets="kind", fractions=[1])
    assert made.recipe.task == "classification"
    assert made.labels == {"a␣a": 2, "b": 1}
    np.testing.assert_array_equal(sequences(made)["t"].target, [0, 1, -1, 0])
    made = rnn.prepare.table("t.tsv", "b", inputs=["x"], targets=["z", "x"], fractions=[1])
    assert made.recipe.task == "regression"
    sequence = sequences(made)["t"]
    np.testing.assert_array_equal(sequence.importance, [1, 0, 1, 1])
    np.testing.assert_allclose(made.recipe.in_units(sequence.target)[[0, 2, 3]], [[0.5, 1], [1.5, 3], [2.5, 4]])


def test_texts_of_sequences() -> None:
    rows = [f"{i},{t},one two" for i in "ab" for t in range(4)]
    write("t.csv", "id,x,text", *rows)
    made = rnn.prepare.table("t.csv", "out", id="id", task="transcription", fractions=[1])
    assert made.labels == {"one": 2, "two": 2}
    np.testing.assert_array_equal(sequences(made)["a"].target, [0, 1])
    with pytest.raises(rnn.DataError, match="has 4 rows, but its text needs 7"):
        rnn.prepare.table("t.csv", "b", id="id", task="transcription", units="characters", fractions=[1])


def test_a_forecast_of_one_series_is_divided_by_time(capsys: Capture) -> None:
    write("t.csv", "day,x,y", *(f"2024-01-{t + 1:02},{t},{10 * t}" for t in range(22)))
    assert run_cli("prepare", "table", "t.csv", "--time", "day", "--ahead", "2", "-o", "out") == 0
    captured = capsys.readouterr()
    assert captured.err == (
        "rnnlib-py: out: there is one sequence: its rows were divided in the order of time (train, val, test)\n"
    )
    assert "target in each row, 2 rows later: x, y\n" in captured.out
    assert "bidirectional false\n" in Path("out/table.config").read_text(encoding="utf-8")
    starts = {"train": (0, 16), "val": (16, 18), "test": (18, 20)}
    for name, (start, end) in starts.items():
        data = rnn.Dataset.read(f"out/{name}.nc", task="regression")
        with netCDF4.Dataset(f"out/{name}.nc") as file:
            recipe = rnn.prepare.TableRecipe.from_json(file.recipe, name)
        assert [s.tag for s in data] == [f"t/{start}"]
        inputs = data[0].inputs * np.array(recipe.stds) + np.array(recipe.means)
        times = np.arange(start, end)
        np.testing.assert_allclose(inputs, np.stack([times, 10 * times], axis=1), atol=1e-4)
        np.testing.assert_allclose(recipe.in_units(data[0].target), inputs + np.array([2, 20]), atol=1e-4)


def test_windows_of_a_sequence_stay_together() -> None:
    write("t.csv", "id,x,y", *(f"{i},{t},{t % 7 / 2}" for i in range(4) for t in range(100)))
    made = rnn.prepare.table("t.csv", "out", id="id", window=30, fractions=[0.5, 0.5])
    assert made.counts == {"train": 8, "val": 8}
    train, val = ({tag.partition("/")[0] for tag in sequences(made, name)} for name in ("train", "val"))
    assert not train & val
    lengths = [len(sequence.inputs) for sequence in sequences(made).values()]
    assert lengths == [25] * 8


def test_a_long_sequence_is_cut_by_itself() -> None:
    write("t.csv", "x,y", *(f"{t},{t % 7 / 2}" for t in range(1000)))
    made = rnn.prepare.table("t.csv", "out", fractions=[0.9, 0.1])
    assert made.counts == {"train": 18, "val": 2}
    assert [s.tag for s in sequences(made, "val").values()] == ["t/900/0", "t/900/50"]
    assert rnn.prepare.table("t.csv", "b", window=0, fractions=[0.9, 0.1]).counts == {"train": 1, "val": 1}


@pytest.mark.parametrize("by_time", [False, True])
def test_windows_without_any_target_are_left_out(by_time: bool) -> None:
    rows = (f"{i},{t},{t / 2 if t < 40 or t >= 60 else ''}" for i in range(4) for t in range(100))
    write("t.csv", "id,x,y", *rows)
    made = rnn.prepare.table("t.csv", "out", id="id", targets=["y"], window=20, by_time=by_time, fractions=[0.6, 0.4])
    assert sum(made.counts.values()) == 16
    assert not [tag for name in ("train", "val") for tag in sequences(made, name) if tag.split("/")[-1] == "40"]


def test_many_sequences_can_be_divided_by_time() -> None:
    write("t.csv", "id,x,y", *(f"{i},{t},{t / 2}" for i in range(3) for t in range(10)))
    made = rnn.prepare.table("t.csv", "out", id="id", by_time=True, fractions=[0.8, 0.2])
    assert made.counts == {"train": 3, "val": 3}
    assert [s.tag for s in sequences(made, "val").values()] == ["0/8", "1/8", "2/8"]


def test_utf_16_and_a_first_row_without_a_delimiter() -> None:
    Path("t.csv").write_bytes("x\ty\n1\t1.5\n2\t2.5\n".encode("utf-16"))
    made = rnn.prepare.table("t.csv", "out", fractions=[1])
    assert made.note_lines == ["t.csv: begins with a byte order mark (UTF-16-LE): left out"]
    np.testing.assert_allclose(unscaled(made, sequences(made)["t"]), [[1], [2]], atol=1e-6)


def test_groups_stay_together_and_are_no_input() -> None:
    write("t.csv", "id,who,x,class", *(f"{i},p{i % 3},{t},{i % 2}" for i in range(12) for t in range(2)))
    made = rnn.prepare.table("t.csv", "out", id="id", by_group="column:who", fractions=[0.6, 0.2, 0.2])
    assert made.recipe.columns == ("x",)
    groups = [{int(tag) % 3 for tag in sequences(made, name)} for name in ("train", "val", "test")]
    assert sorted(map(list, groups)) == [[0], [1], [2]]


def test_wide_form_with_channels() -> None:
    names = [f"{c}_{t}" for t in range(3) for c in "ab"]
    write("t.csv", "who,label," + ",".join(names), "p,1,1,10,2,20,3,30", "q,2,4,40,5,50,,")
    made = rnn.prepare.table("t.csv", "out", form="wide", id="who", fractions=[1])
    assert made.recipe.task == "sequence_classification"
    assert made.recipe.columns == ("a", "b")
    found = sequences(made)
    np.testing.assert_allclose(unscaled(made, found["p"]), [[1, 10], [2, 20], [3, 30]], atol=1e-5)
    np.testing.assert_allclose(unscaled(made, found["q"]), [[4, 40], [5, 50]], atol=1e-5)
    assert made.labels == {"1": 1, "2": 1}


def test_wide_form_is_seen_and_long_tails_get_logarithms() -> None:
    rows = [",".join([*("0" for _ in range(7)), str(10**i), str(i + 0.5)]) for i in range(6)]
    write("t.csv", ",".join([*(f"t{i}" for i in range(8)), "target"]), *rows)
    made = rnn.prepare.table("t.csv", "out", fractions=[1])
    assert (made.recipe.form, made.recipe.task) == ("wide", "sequence_regression")
    assert made.recipe.scales == ("log",)
    np.testing.assert_allclose(unscaled(made, sequences(made)["t/4"])[-1], np.log1p(100), atol=1e-5)
    assert rnn.prepare.table("t.csv", "b", scale="linear", fractions=[1]).recipe.scales == ("linear",)


def test_files_of_a_folder_are_sequences() -> None:
    for kind in ("walk", "run"):
        Path("in", kind).mkdir(parents=True)
        for i in range(3):
            write(f"in/{kind}/{i}.csv", "x,class", f"{i},{kind}", f"{i + 1},{kind}")
    made = rnn.prepare.table("in", "out", fractions=[0.5, 0.5], by_group="[0-9]$")
    tags = {*sequences(made), *sequences(made, "val")}
    assert tags == {f"{kind}/{i}" for kind in ("walk", "run") for i in range(3)}
    assert made.labels == {"run": 3, "walk": 3}


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("zero", [0, 1, 0, 0, 4]),
        ("mean", [2.5, 1, 2.5, 2.5, 4]),
        ("previous", [1.75, 1, 1, 1, 4]),
        ("interpolate", [1, 1, 2, 3, 4]),
        ("drop", [1, 4]),
    ],
)
def test_missing_cells(missing: str, expected: list[float]) -> None:
    write("t.csv", "x,y", "NA,1.5", "1,2.5", ",3.5", "inf,4.5", "4,5.5")
    made = rnn.prepare.table("t.csv", "out", missing=missing, fractions=[1])
    np.testing.assert_allclose(unscaled(made, sequences(made)["t"])[:, 0], expected, atol=1e-5)
    assert made.note_lines[0] == "t.csv: column 'x' holds infinite numbers: taken as missing"
    assert made.note_lines[1].startswith("t.csv: column 'x' has 3 missing cells in 1 sequence: ")


def test_semicolons_and_decimal_commas() -> None:
    write("t.csv", "x;y", "1,5;1.000,25", "2,5;2")
    made = rnn.prepare.table("t.csv", "out", decimal=",", fractions=[1])
    sequence = sequences(made)["t"]
    np.testing.assert_allclose(unscaled(made, sequence), [[1.5], [2.5]])
    np.testing.assert_allclose(made.recipe.in_units(sequence.target), [[1000.25], [2]])
