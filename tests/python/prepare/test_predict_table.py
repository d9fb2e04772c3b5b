# SPDX-License-Identifier: Apache-2.0
"""Networks of `prepare table` and new tables: predictions in the user's units, by sequence and row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

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


def train(made: rnn.prepare.PreparedTable, **keys: object) -> rnn.Network:
    """A small network, which has learned a little, in net.save."""
    config = rnn.Config.read(
        made.config, **{"hiddenSize": [6], "totalEpochs": 3, "learnRate": 1e-2, "dropout": 0.0, **keys}
    )
    network = rnn.train(config, threads=1).network
    network.save("net.save")
    return network


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def write_signs() -> None:
    """Series of the class "all up" grow; the others fall."""
    rows = [f"s{i},{t if i % 2 else -t},{'all up' if i % 2 else 'down'}" for i in range(20) for t in range(5)]
    write("train.csv", "id,x,class", *rows)
    write("new.csv", "id,x", *(f"a,{t}" for t in range(5)), *(f"b,{-t}" for t in range(5)))


def test_classes_of_sequences(capsys: Capture) -> None:
    write_signs()
    network = train(rnn.prepare.table("train.csv", "out", id="id", fractions=[1]), totalEpochs=25)
    up, down = network.predict_table("new.csv")
    assert (up.name, up.classes, up.per_row) == ("a", ["all up"], False)
    assert (down.name, down.classes, down.targets) == ("b", ["down"], ["class"])
    assert run_cli("predict", "net.save", "new.csv") == 0
    found = rows_of(capsys.readouterr().out)
    assert [(row["id"], row["class"]) for row in found] == [("a", "all up"), ("b", "down")]
    assert [float(row["confidence"]) for row in found] == pytest.approx(
        [float(up.confidences[0]), float(down.confidences[0])], abs=1e-4
    )
    assert run_cli("predict", "net.save", "new.csv", "-o", "new.jsonl") == 0
    records = [json.loads(line) for line in Path("new.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(record["sequence"], record["class"]) for record in records] == [("a", "all up"), ("b", "down")]


def test_columns_in_memory_are_a_table() -> None:
    write_signs()
    network = train(rnn.prepare.table("train.csv", "out", id="id", fractions=[1]))
    expected = network.predict_table("new.csv")
    columns = {"id": ["a"] * 5 + ["b"] * 5, "x": np.array([*range(5), *(-t for t in range(5))])}
    pandas = pytest.importorskip("pandas")
    for table in (columns, pandas.DataFrame(columns)):
        found = network.predict_table(table)
        for one, other in zip(found, expected, strict=True):
            assert one.name == other.name
            np.testing.assert_array_equal(one.prediction.outputs, other.prediction.outputs)
    with pytest.raises(rnn.DataError, match="columns have the lengths"):
        network.predict_table({"id": ["a"], "x": [1, 2]})


def test_a_forecast_comes_back_in_its_units_with_the_times(capsys: Capture) -> None:
    days = [f"2024-01-{t + 1:02}" for t in range(30)]
    write("t.csv", "day,price", *(f"{day},{1000 + 5 * (t % 4)}" for t, day in enumerate(days)))
    made = rnn.prepare.table("t.csv", "out", time="day", ahead=2, fractions=[0.7, 0.3])
    network = train(made)
    (found,) = network.predict_table("t.csv")
    assert found.values.shape == (30, 1)
    assert found.times == days
    raw = np.asarray(found.prediction.outputs)
    np.testing.assert_allclose(found.values, raw * made.recipe.target_stds[0] + made.recipe.target_means[0])
    assert 990 < found.values.min() <= found.values.max() < 1030
    assert run_cli("predict", "net.save", "t.csv", "--format", "tsv") == 0
    rows = rows_of(capsys.readouterr().out, "\t")
    assert list(rows[0]) == ["sequence", "row", "day", "price+2"]
    assert (rows[29]["sequence"], rows[29]["row"], rows[29]["day"]) == ("t", "30", "2024-01-30")
    np.testing.assert_allclose([float(row["price+2"]) for row in rows], found.values[:, 0], rtol=1e-5)
    assert run_cli("predict", "net.save", "out/val.nc", "--denormalise") == 0
    values = json.loads(capsys.readouterr().out)["values"]
    assert 990 < np.min(values) <= np.max(values) < 1030


def test_normalised_values_of_a_data_file_are_warned_about(capsys: Capture) -> None:
    write("t.csv", "x,y", *(f"{t},{t % 3 + 0.5}" for t in range(12)))
    train(rnn.prepare.table("t.csv", "out", fractions=[1]))
    assert run_cli("predict", "net.save", "out/train.nc") == 0
    assert "--denormalise gives them as the targets were before" in capsys.readouterr().err


def test_rows_that_are_left_out_keep_the_others_numbers(capsys: Capture) -> None:
    write("t.csv", "colour,x,kind", *(f"{'red' if t % 2 else 'blue'},{t},{'ab'[t % 2]}" for t in range(12)))
    train(rnn.prepare.table("t.csv", "out", missing="drop", targets="kind", fractions=[1]))
    capsys.readouterr()
    write("new.csv", "x,colour", "1,red", ",blue", "3,green")
    assert run_cli("predict", "net.save", "new.csv") == 0
    captured = capsys.readouterr()
    assert [row["row"] for row in rows_of(captured.out)] == ["1", "3"]
    assert captured.err.splitlines() == [
        "rnnlib-py: new.csv: column 'colour' holds 'green', unknown to the network: taken as none of its own",
        "rnnlib-py: new.csv: column 'x' has 1 missing cell in 1 sequence: their rows are left out",
    ]


@pytest.mark.parametrize(
    ("table", "options", "status", "what"),
    [
        ("id,y\na,1\n", [], 2, "new.csv: has no column 'x' (its columns are y)"),
        ("x\n1\n", [], 2, "new.csv: has no column 'id'"),
        ("id,x\na,b\n", [], 1, "column 'x' holds texts, expected numbers"),
        ("id,x\na,1\nb,\n", ["--strict"], 1, "b: has missing cells"),
        ("id,x\na,\n", [], 1, "no sequence is left: 1 left out (a: has missing cells"),
        ("", [], 1, "new.csv: the file is empty"),
        ("id,x\na,1\n", ["--format", "ctm"], 2, "format ctm: expected one of csv, tsv, jsonl for tables"),
        ("id,x\na,1\n", ["--denormalise"], 2, "--denormalise is not for tables"),
    ],
)
def test_tables_that_do_not_fit(table: str, options: list[str], status: int, what: str, capsys: Capture) -> None:
    write_signs()
    train(rnn.prepare.table("train.csv", "out", id="id", fractions=[1]), totalEpochs=1)
    capsys.readouterr()
    Path("new.csv").write_text(table, encoding="utf-8")
    assert run_cli("predict", "net.save", "new.csv", *options) == status
    assert what in capsys.readouterr().err


def test_networks_and_files_of_another_kind(capsys: Capture) -> None:
    header = rnn.DataHeader(1, 1, 0, ["a", "b"])
    network = rnn.Network.build(rnn.Config({"task": "classification", "hiddenSize": 1}), header)
    with pytest.raises(rnn.ConfigError, match="not trained on data of `rnnlib-py prepare table`"):
        network.predict_table({"x": [1]})
    network.save("net.save")
    write("new.csv", "x", "1")
    assert run_cli("predict", "net.save", "new.csv") == 2
    for options, what in ((["--strict"], "--strict is for tables"), (["--format", "csv"], "format csv is for tables")):
        assert run_cli("predict", "net.save", "a.nc", *options) == 2
        assert what in capsys.readouterr().err
    assert run_cli("predict", "net.save", "a.nc", "b.nc") == 2
    assert "expected one data file, found 2" in capsys.readouterr().err


def test_texts_of_wide_tables() -> None:
    write("t.csv", "text," + ",".join(f"t{i}" for i in range(8)), *["ab a,1,2,3,4,5,6,7,8", "b,2,3,4,5,6,7,8,9"] * 2)
    network = train(rnn.prepare.table("t.csv", "out", task="transcription", units="characters", fractions=[1]))
    found = network.predict_table("t.csv")
    assert [one.name for one in found] == ["t/2", "t/3", "t/4", "t/5"]
    assert set("".join(found[0].classes)) <= set("ab␣")


def test_tables_that_come_later_are_prepared_like_those_of_the_save(capsys: Capture) -> None:
    write_signs()
    made = rnn.prepare.table("train.csv", "out", id="id", fractions=[1])
    network = train(made)
    later = write("later.csv", "id,x,colour,class", "a,1,red,all up", "a,2,red,all up")
    assert run_cli("prepare", "table", later, "--like", "net.save", "-o", "later", "--by-time") == 0
    assert "later/test.nc: 1 sequences\n" in capsys.readouterr().out
    assert not Path("later/table.config").exists()
    data = rnn.Dataset.read("later/test.nc", task="sequence_classification", header=network.header)
    expected = (np.array([[1], [2]]) - made.recipe.means[0]) / made.recipe.stds[0]
    np.testing.assert_allclose(data[0].inputs, expected, rtol=1e-6)
    assert data.header.labels == ["all␣up", "down"]
    assert data[0].target == 0
    assert rnn.prepare.table(later, "b", like="out/train.nc").recipe == made.recipe
    assert run_cli("evaluate", "net.save", "later/test.nc") == 0
