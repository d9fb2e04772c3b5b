# SPDX-License-Identifier: Apache-2.0
"""The engine's builds: which one is loaded, that it can be chosen, and that all compute the same to rounding."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import start_cli, write_config, write_data

import rnnlib_py as rnn

INFO = rnn.build_info()
USABLE = [isa for isa in INFO["isas"] if isa in INFO["supported"]]
LACKING = [isa for isa in ("baseline", "neon", "avx2", "avx512") if isa not in USABLE]
IS_X86_64 = platform.machine().lower() in ("x86_64", "amd64")

# What the x86-64 levels 3 and 4 ask for beyond level 1, as Linux names it; Linux leaves out what it does not save.
LEVEL_3 = set(
    "cx16 lahf_lm popcnt pni ssse3 sse4_1 sse4_2 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave".split()  # noqa: SIM905
)
LEVEL_4 = LEVEL_3 | {f"avx512{part}" for part in ("f", "bw", "cd", "dq", "vl")}

SHOW = "import rnnlib_py as rnn; print(rnn.build_info()['isa'])"

# A processor of our choice: what the package would ask is there before it is imported.
FAKE = """
import sys, types
cpu = types.ModuleType("rnnlib_py._cpu")
cpu.supported_isas = lambda: {supported}
sys.modules["rnnlib_py._cpu"] = cpu
import rnnlib_py as rnn
print(rnn.build_info()["isa"])
"""

TRAIN = """
import json, rnnlib_py as rnn
run = rnn.train(rnn.Config.read("x.config"), output=None, error_output=None, progress=None)
weights = {name: values.ravel().tolist() for name, values in run.network.weights.items()}
print(json.dumps({"errors": [epoch["train"] for epoch in run.history], "weights": weights}))
"""


def python(code: str, isa: str | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The code in a process of its own, RNNLIB_ISA set or not."""
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1])}
    environment.pop("RNNLIB_ISA", None)
    if isa is not None:
        environment["RNNLIB_ISA"] = isa
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, **options)


def last_line(process: subprocess.CompletedProcess[str]) -> str:
    return process.stderr.strip().splitlines()[-1]


# --- the choice ---


def test_the_best_build_is_loaded() -> None:
    assert python(SHOW).stdout.strip() == python(SHOW, "").stdout.strip() == USABLE[-1]


@pytest.mark.parametrize("isa", USABLE)
def test_another_build_can_be_chosen(isa: str) -> None:
    assert python(SHOW, isa).stdout.strip() == isa


def test_the_environment_is_left_as_it_was() -> None:
    code = "import os; before = dict(os.environ); import rnnlib_py; assert dict(os.environ) == before"
    assert python(code).returncode == 0


def test_the_module_is_found_under_its_name() -> None:
    code = """
import rnnlib_py._core as a
from rnnlib_py import _core as b
from rnnlib_py._core import Random
import importlib, pickle, rnnlib_py
assert a is b is importlib.import_module("rnnlib_py._core") is rnnlib_py._core
assert a.__name__ == a.__spec__.name == "rnnlib_py._core"
assert Random.__module__ == "rnnlib_py"  # where its users find it
assert pickle.loads(pickle.dumps(Random)) is Random
"""
    assert python(code).stderr == ""


def test_an_unknown_name() -> None:
    process = python(SHOW, "avx3")
    assert process.returncode == 1
    assert last_line(process) == (
        "ImportError: RNNLIB_ISA is 'avx3', expected one of baseline, neon, avx2, avx512; "
        f"here there are {', '.join(USABLE)}"
    )


@pytest.mark.parametrize("isa", LACKING)
def test_a_build_that_is_not_there(isa: str) -> None:
    line = last_line(python(SHOW, isa))
    assert line.startswith(f"ImportError: RNNLIB_ISA is '{isa}', but ")
    assert line.endswith(f"; here there are {', '.join(USABLE)}")


@pytest.mark.skipif("avx512" not in USABLE, reason="plays a lesser processor than this one")
@pytest.mark.parametrize("supported", [["baseline"], ["baseline", "avx2"]])
def test_a_lesser_processor(supported: list[str]) -> None:
    code = FAKE.format(supported=supported)
    assert python(code).stdout.strip() == supported[-1]
    assert last_line(python(code, "avx512")) == (
        f"ImportError: RNNLIB_ISA is 'avx512', but this processor cannot run it; here there are {', '.join(supported)}"
    )


def test_a_processor_that_runs_none() -> None:
    line = last_line(python(FAKE.format(supported=["other"])))
    assert line == f"ImportError: rnnlib_py is built for {', '.join(INFO['isas'])}; this processor runs other"


def test_what_the_processor_runs() -> None:
    if not IS_X86_64:
        assert INFO["supported"][0] == "baseline"
        return
    flags = Path("/proc/cpuinfo")
    if not flags.exists():
        pytest.skip("nothing to compare with: only Linux lists the processor's features in a file")
    line = next(line for line in flags.read_text().splitlines() if line.startswith("flags"))
    found = set(line.partition(":")[2].split())
    expected = {"baseline": True, "avx2": found >= LEVEL_3, "avx512": found >= LEVEL_4}
    assert INFO["supported"] == [isa for isa, there in expected.items() if there]


# --- the command ---


def cli(*arguments: str) -> tuple[int, str, str]:
    process = start_cli(*arguments)
    out, err = process.communicate()
    return process.returncode, out, err


@pytest.mark.parametrize("isa", USABLE)
def test_the_command_reports_it(isa: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_ISA", isa)
    status, out, err = cli("--version", "--verbose")
    assert (status, err) == (0, "")
    title, *lines = out.splitlines()
    assert title == f"rnnlib-py {rnn.__version__}"
    rows = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    assert rows["instruction set"] == isa
    assert rows["built for"] == ", ".join(INFO["isas"])
    assert rows["processor runs"] == ", ".join(INFO["supported"])
    assert rows["Eigen"] == INFO["eigen"]
    assert rows["Python"].startswith(platform.python_version())
    assert list(rows)[3:] == ["compiler", "threads", "Eigen", "Python"]
    assert all(rows.values())
    assert cli("--verbose", "--version") == (0, out, "")


def test_the_command_says_what_is_wrong_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNLIB_ISA", "best")
    status, out, err = cli("--version")
    assert (status, out) == (2, "")
    assert err.startswith("rnnlib-py: error: RNNLIB_ISA is 'best', expected one of ")
    assert len(err.splitlines()) == 1


# --- the numbers ---


@pytest.fixture
def training(tmp_path: Path) -> Path:
    write_data(tmp_path / "train.nc")
    write_config(tmp_path / "x.config", hiddenSize=9, precision="double", autosave=False)
    return tmp_path


def test_all_builds_compute_the_same(training: Path) -> None:
    texts = {isa: [python(TRAIN, isa, cwd=training).stdout for _ in range(2)] for isa in USABLE}
    results = {isa: json.loads(text) for isa, (text, _) in texts.items()}
    first = results[USABLE[0]]
    assert len(first["errors"]) == 2
    for isa, (text, again) in texts.items():
        assert text == again, f"{isa}: other bits the second time"
        for epoch, expected in zip(results[isa]["errors"], first["errors"], strict=True):
            assert epoch == pytest.approx(expected, rel=1e-9), isa
        for name, values in results[isa]["weights"].items():
            np.testing.assert_allclose(values, first["weights"][name], rtol=1e-9, atol=1e-12, err_msg=f"{isa} {name}")
