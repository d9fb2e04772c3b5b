# SPDX-License-Identifier: Apache-2.0
"""The benchmarks: a quick run works and reports what it should; multiply-accumulates are those counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rnnlib_py as rnn
from multiply_accumulates import forward_macs
from rnnlib_py import _core
from table import Row, reference_lines, text_table, times_faster
from workloads import DEFAULT, WORKLOADS

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "run.py"


def network(dims: int, inputs: int, **keys: object) -> rnn.Network:
    config = rnn.Config({"task": "transcription", "randSeed": 1}, **keys)
    return rnn.Network.build(config, rnn.DataHeader(dims, inputs, 0, ["a", "b"]))


def test_multiply_accumulates_in_1d() -> None:
    # a direction: 4 gates of 2 units, from 3 inputs, a bias, 2 units and with 3 peepholes per unit; 3 output units
    direction = 8 * 3 + 8 + 8 * 2 + 3 * 2
    assert forward_macs(network(1, 3, hiddenSize=2), [5]) == 5 * (2 * direction + 3 * 4 + 3)


def test_multiply_accumulates_in_2d_with_blocks_and_collapse() -> None:
    made = network(2, 1, inputBlock=[2, 2], hiddenSize=[1, 2], subsampleSize=3, hiddenBlock=[[2, 1]])
    # 5 x 4 pixels: 3 x 2 points with 4 inputs, then 2 x 2 with 3, then 2 output points
    level_0 = 4 * (5 * 4 + 5 + 2 * 5 * 1 + 4 * 1)
    subsample = 3 * (2 * 4 * 1)
    level_1 = 4 * (10 * 3 + 10 + 2 * 10 * 2 + 4 * 2)
    output, bias = 3 * 4 * 2, 3
    assert forward_macs(made, [5, 4]) == 6 * level_0 + 4 * subsample + 4 * level_1 + 4 * output + 2 * bias


def test_shared_weights_count_wherever_they_are_used() -> None:
    plain, shared = network(1, 3, hiddenSize=2), network(1, 3, hiddenSize=2, symmetry=True)
    assert shared.num_weights < plain.num_weights
    assert forward_macs(shared, [5]) == forward_macs(plain, [5])


@pytest.mark.parametrize("name", DEFAULT)
def test_targets_of_workloads_fit(name: str) -> None:
    workload = WORKLOADS[name]
    config = rnn.Config(workload.config)
    made = rnn.Network.build(config, rnn.DataHeader(len(workload.shape), workload.input_size, 0, workload.labels))
    if workload.task == "transcription":
        for target in workload.targets(16):
            repeats = int((target[1:] == target[:-1]).sum())
            assert len(target) + repeats <= made.output_shape(workload.shape)[0]


def test_product_rate() -> None:
    assert 1e6 < _core.product_rate(64, "float64", 0.0) < 1e13
    with pytest.raises(rnn.ConfigError, match="at least 1"):
        _core.product_rate(0)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The JSON of a quick run of two installations."""
    path = tmp_path_factory.mktemp("benchmarks") / "out.json"
    two = ["--python", f"one={sys.executable}", "--python", f"two={sys.executable},RNNLIB_NUM_THREADS=2"]
    result = run("--quick", "--workload", "tiny_2d", "--threads", "1", *two, "--output", str(path))
    assert result.returncode == 0, result.stderr
    assert path.with_suffix(".txt").read_text(encoding="utf-8") == result.stdout
    return json.loads(path.read_text(encoding="utf-8"))


def test_quick_run_has_every_row(report: Any) -> None:
    keys = [(row["mode"], row["sequences"], row["installation"]) for row in report["rows"]]
    assert keys == [(m, s, name) for m in ("train", "predict") for s in (1, 16) for name in ("one", "two")]
    assert {row["workload"] for row in report["rows"]} == {"tiny_2d"}
    assert set(report["installations"]) == {"one", "two"}


def test_quick_run_measures_everything(report: Any) -> None:
    for row in report["rows"]:
        assert row["seconds_median"] == row["seconds_min"] == row["seconds"][0] > 0
        assert 0 < row["memory_base"] < row["memory_peak"]
        assert row["rates"][0] > 1e6
        assert row["multiply_accumulates_per_second"] == pytest.approx(row["multiply_accumulates"] / row["seconds"][0])
        assert row["fraction_of_peak"] == pytest.approx(row["multiply_accumulates_per_second"] / row["rates"][0])
    operations = {row["mode"]: row["multiply_accumulates"] for row in report["rows"]}
    assert operations["train"] == 3 * operations["predict"]


def test_table_compares() -> None:
    old = Row("mdlstm_2d_bench", "train", 16, 1, "old", [4.0, 9.0, 5.0], [4.0, 9.0, 5.0], [21e9] * 3, 7)
    new = Row("mdlstm_2d_bench", "train", 16, 1, "new", [2.0, 3.0, 1.0], [2.0, 3.0, 1.0], [42e9] * 3, 7)
    assert times_faster(new, old) == 3  # the median of 2, 3 and 5
    head, *lines = [line.split() for line in text_table([old, new], baseline=[old])]
    assert head[-3:] == ["old", "vs", "file"]
    assert [line[-2:] for line in lines] == [["1.00", "1.00"], ["3.00", "2.50"]]
    assert [line.rpartition("scaled")[2] for line in reference_lines([old, new])] == [
        " to 42 GMAC/s 40000 ms",
        " to 42 GMAC/s 32000 ms",
    ]


def test_reading_of_language_models() -> None:
    command = [sys.executable, str(SCRIPT.with_name("language_models.py")), "--ngrams", "3000", "--rounds", "1"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.partition(" n-grams: ")[0] for line in lines] == ["sorted: 3,000", "shuffled: 3,000"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--python", "no/such/python"], "no/such/python"),
        (["--python", f"{sys.executable},OOPS"], "VARIABLE=VALUE"),
        (["--against", "other"], "expected torch"),
        (["--sequences", "5"], "divisors of 16"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], says: str) -> None:
    result = run("--quick", "--workload", "tiny_2d", *arguments)
    assert result.returncode != 0
    assert says in result.stderr
    assert "Traceback" not in result.stderr
