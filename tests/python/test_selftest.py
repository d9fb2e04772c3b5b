# SPDX-License-Identifier: Apache-2.0
"""The check of an installation: it passes here, and fails, with a line that says what, where something is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import selftest

CHECKS = ["versions", "files", "data", "training 1D", "training 2D", "gradient", "save", "threads"]
THIS_BUILD = ["--this-build"]


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Name of a check -> its line, and "selftest" -> the last line."""
    *checks, last = capsys.readouterr().out.splitlines()
    return {line.split(":")[0].split(None, 1)[1]: line for line in checks} | {"selftest": last}


def test_it_passes_as_a_command(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1])}
    command = [sys.executable, "-m", "rnnlib_py.selftest"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    builds = [f"build {isa}" for isa in selftest.SelfTest.other_builds()]
    assert [line.split(":")[0].split(None, 1)[1] for line in done.stdout.splitlines()[:-1]] == CHECKS + builds
    assert done.stdout.splitlines()[-1].startswith(f"selftest: all {len(CHECKS + builds)} checks passed")
    assert not list(tmp_path.iterdir())


def test_other_numbers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    recorded = {**selftest.RECORDED, "2D": [x * (1 + 1e-7) for x in selftest.RECORDED["2D"]]}
    monkeypatch.setattr(selftest, "RECORDED", recorded)
    assert selftest.main(THIS_BUILD) == 1
    found = lines(capsys)
    assert found["training 1D"].startswith("ok ")
    assert found["training 2D"].startswith("FAILED  training 2D: ctcError [12.23")
    assert found["selftest"].startswith(f"selftest: 1 of {len(CHECKS)} checks FAILED: training 2D")


def test_data_that_come_back_changed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write = rnn.write_netcdf

    def changed(path: Any, sequences: Any, *arguments: Any, **more: Any) -> Any:
        return write(path, [{**s, "inputs": np.nextafter(s["inputs"], 9)} for s in sequences], *arguments, **more)

    monkeypatch.setattr(rnn, "write_netcdf", changed)
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["data"] == "FAILED  data: NETCDF4: other inputs in seq0"


def test_a_save_with_other_weights(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    save = rnn.Network.save

    def changed(network: rnn.Network, path: Any) -> None:
        network.set_weights({"bias_to_output": np.ones(4)})
        save(network, path)
        network.set_weights({"bias_to_output": np.zeros(4)})

    monkeypatch.setattr(rnn.Network, "save", changed)
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["save"].startswith("FAILED  save: other outputs after saving and loading: seq0, ")


def test_threads_that_change_the_result(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    train = rnn.train

    def changed(config: rnn.Config, threads: int | None = None) -> rnn.Run:
        config["learnRate"] = 0.011 if threads == 2 else 0.01
        return train(config, threads=threads)

    monkeypatch.setattr(rnn, "train", changed)
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["threads"].startswith("FAILED  threads: other weights with two threads than with one: ")


def test_an_engine_of_another_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    version = rnn.__version__
    monkeypatch.setattr(rnn, "__version__", "9.9.9")
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["versions"] == f"FAILED  versions: the engine is 9.9.9, the package {version}"


def test_a_file_that_was_left_out(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(selftest, "FILES", [*selftest.FILES, "other.pyi"])
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["files"] == "FAILED  files: the package lacks other.pyi"


def test_a_build_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest.sys, "executable", "false" if os.name == "posix" else "where")
    with pytest.raises(selftest.FailedError, match="exit status"):
        selftest.SelfTest.build("baseline")


def test_any_exception_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(rnn, "train", broken)
    assert selftest.main(THIS_BUILD) == 1
    assert lines(capsys)["threads"] == "FAILED  threads: RuntimeError: no luck"
