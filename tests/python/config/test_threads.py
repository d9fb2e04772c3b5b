# SPDX-License-Identifier: Apache-2.0
"""How many threads: who decides, what is refused, what a container's share does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import run_cli, start_cli

import rnnlib_py as rnn
from rnnlib_py.config import threads as module
from rnnlib_py.config.threads import num_threads
from rnnlib_py.system.cores import available_cores, cpu_share

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: Patch) -> Iterator[None]:
    """Nothing set, on a machine of 8 cores."""
    monkeypatch.delenv("RNNLIB_NUM_THREADS", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(module, "available_cores", lambda: 8)
    yield
    rnn.set_num_threads(None)


# --- who decides ---


def test_processes_share_the_cores(monkeypatch: Patch) -> None:
    assert [num_threads(rnn.Config({}), processes=n) for n in (1, 2, 3, 20)] == [8, 4, 2, 1]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert num_threads(rnn.Config({}), processes=2) == 3
    assert num_threads(rnn.Config({"threads": 5}), processes=2) == 5


def test_the_first_that_is_given_counts(monkeypatch: Patch) -> None:
    config = rnn.Config({"threads": 4})
    assert rnn.get_num_threads() == num_threads(rnn.Config({})) == 8
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert rnn.get_num_threads() == num_threads(rnn.Config({})) == 7
    monkeypatch.setenv("RNNLIB_NUM_THREADS", "6")
    assert rnn.get_num_threads() == num_threads(rnn.Config({})) == 6
    rnn.set_num_threads(5)
    assert rnn.get_num_threads() == num_threads(rnn.Config({})) == 5
    assert num_threads(config) == 4
    assert num_threads(config, 3) == 3
    rnn.set_num_threads(None)
    assert rnn.get_num_threads() == 6


@pytest.mark.parametrize(
    ("text", "expected"), [("2", 2), ("12", 8), ("3,2", 3), (" 3 ", 3), ("", 8), ("0", 8), ("many", 8), ("-2", 8)]
)
def test_omp_num_threads_is_a_limit(text: str, expected: int, monkeypatch: Patch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    assert rnn.get_num_threads() == expected


@pytest.mark.parametrize(("text", "expected"), [("1", 1), ("12", 12), (" 3 ", 3), ("4096", 4096), ("", 8), (" ", 8)])
def test_the_variable(text: str, expected: int, monkeypatch: Patch) -> None:
    monkeypatch.setenv("RNNLIB_NUM_THREADS", text)
    assert rnn.get_num_threads() == expected


def test_numbers_of_numpy() -> None:
    rnn.set_num_threads(np.int64(3))
    assert rnn.get_num_threads() == 3
    assert type(rnn.get_num_threads()) is int


@pytest.mark.usefixtures("folder")
def test_a_run_uses_it(monkeypatch: Patch) -> None:
    seen: list[int] = []
    trainer = rnn._core.Trainer

    def spy(network: Any, config: Any, threads: int, *rest: Any) -> Any:
        seen.append(threads)
        return trainer(network, config, threads, *rest)

    monkeypatch.setattr("rnnlib_py._core.Trainer", spy)
    config = rnn.Config.read("x.config")
    rnn.train(config)
    del config["threads"]
    rnn.set_num_threads(3)
    rnn.train(config)
    rnn.train(config, threads=2)
    assert seen == [1, 3, 2]


# --- what is refused ---


@pytest.mark.parametrize("value", [0, -1, 4097, 2.0, "2", True, [2]])
def test_wrong_numbers(value: Any) -> None:
    rnn.set_num_threads(5)
    with pytest.raises(rnn.ConfigError) as error:
        rnn.set_num_threads(value)
    assert str(error.value) == f"the number of threads is {value!r}, expected a whole number from 1 to 4096"
    assert rnn.get_num_threads() == 5
    with pytest.raises(rnn.ConfigError, match=r"threads is .*, expected a whole number from 1 to 4096"):
        num_threads(None, value)


@pytest.mark.parametrize("text", ["0", "-1", "4097", "two", "2.0", "2,2", "1_0", "9" * 5000])
def test_wrong_variables(text: str, monkeypatch: Patch) -> None:
    monkeypatch.setenv("RNNLIB_NUM_THREADS", text)
    with pytest.raises(rnn.ConfigError) as error:
        rnn.get_num_threads()
    assert str(error.value) == f"RNNLIB_NUM_THREADS is {text!r}, expected a whole number from 1 to 4096"
    assert num_threads(rnn.Config({"threads": 2})) == 2


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [["train", "x.config", "--threads="], ["--version", "--verbose"]])
def test_the_command_refuses_a_wrong_variable(
    command: list[str],
    monkeypatch: Patch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RNNLIB_NUM_THREADS", "all")
    assert run_cli(*command) == 2
    expected = "rnnlib-py: error: RNNLIB_NUM_THREADS is 'all', expected a whole number from 1 to 4096\n"
    assert capsys.readouterr().err == expected


def test_the_command_shows_it(monkeypatch: Patch) -> None:
    monkeypatch.setenv("RNNLIB_NUM_THREADS", "3")
    out, _ = start_cli("--version", "--verbose").communicate()
    rows = {name: value.strip() for name, _, value in (line.partition(":") for line in out.splitlines())}
    assert rows["threads"] == ("3" if rnn.build_info()["threads"] else "1")


# --- a container's share ---


def machine(root: Path, groups: str, files: dict[str, str]) -> Path:
    for name, text in {"proc/self/cgroup": groups, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


V1 = "5:cpuset:/c\n4:cpu,cpuacct:/docker/c\n1:name=systemd:/c\n0::/\n"
V1_CPU = "sys/fs/cgroup/cpu,cpuacct/"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {}, None),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "max 100000\n"}, None),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "250000 100000\n"}, 2.5),
        ("0::/a/b\n", {"sys/fs/cgroup/a/b/cpu.max": "50000 100000\n", "sys/fs/cgroup/a/cpu.max": "max 100000\n"}, 0.5),
        ("0::/a/b\n", {"sys/fs/cgroup/a/b/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.max": "300000 100000\n"}, 3),
        ("0::/a:b\n", {"sys/fs/cgroup/a:b/cpu.max": "200000 100000\n"}, 2),
        ("0::/\n", {"sys/fs/cgroup/cpu.max": "what\n"}, None),
        (V1, {f"{V1_CPU}cpu.cfs_quota_us": "-1\n", f"{V1_CPU}cpu.cfs_period_us": "100000\n"}, None),
        (V1, {f"{V1_CPU}cpu.cfs_quota_us": "400000\n", f"{V1_CPU}cpu.cfs_period_us": "100000\n"}, 4),
        (V1, {f"{V1_CPU}docker/c/cpu.cfs_quota_us": "1\n", f"{V1_CPU}docker/c/cpu.cfs_period_us": "2\n"}, 0.5),
        (V1, {f"{V1_CPU}cpu.cfs_quota_us": "400000\n"}, None),
    ],
)
def test_the_share(groups: str, files: dict[str, str], expected: float | None, tmp_path: Path) -> None:
    assert cpu_share(machine(tmp_path, groups, files)) == expected


def test_no_control_groups(tmp_path: Path) -> None:
    assert cpu_share(tmp_path) is None


@pytest.mark.parametrize(("share", "expected"), [(None, 8), (0.2, 1), (1.5, 2), (2.0, 2), (64.0, 8)])
def test_cores_of_a_share(share: float | None, expected: int, monkeypatch: Patch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr("rnnlib_py.system.cores.cpu_share", lambda: share)
    assert available_cores() == expected
