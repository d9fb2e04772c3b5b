# SPDX-License-Identifier: Apache-2.0
"""Data files and several Python threads, forks, garbage collection and the interpreter's end; number of open files.

What used to crash runs in a process of its own: the netCDF library is not thread-safe, and a crash ends the process.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.lock import LOCK
from rnnlib_py.data.netcdf.open_files import MAX_OPEN, OPEN_FILES, OpenFiles

PACKAGE = Path(rnn.__file__).parent
SETUP = """
import gc, os, sys, threading, time
import numpy as np
import rnnlib_py as rnn

NUMBERS = [np.random.default_rng(i).normal(size=(200, 2)).astype("f4") for i in range(60)]
SEQUENCES = [(numbers, ["a", "b"]) for numbers in NUMBERS]

def check(data, i):
    if not np.array_equal(data[i].inputs, NUMBERS[i]):
        raise AssertionError(f"sequence {i}: other numbers than in the file")

failed = []
def run(work, count=4):
    def guarded(k):
        try:
            work(k)
        except BaseException as error:
            failed.append(repr(error))
    threads = [threading.Thread(target=guarded, args=(k,)) for k in range(count)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    if failed:
        sys.exit(f"{failed}")
"""


def run_script(folder: Path, script: str, timeout: float = 120) -> None:
    """Runs the script after SETUP in a process of its own; it must end with status 0 and without a word."""
    done = subprocess.run(
        [sys.executable, "-c", SETUP + textwrap.dedent(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files")
    run_script(
        path,
        """
        for k in range(4):
            rnn.write_netcdf(f"{k}.nc", SEQUENCES, task="transcription", compression=True)
        rnn.write_netcdf("classic.nc", SEQUENCES, task="transcription", format="NETCDF3_CLASSIC")
        """,
    )
    return path


def test_only_one_file_of_the_package_imports_netcdf4() -> None:
    importing = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] in ("netCDF4", "cftime", "h5py", "xarray") for name in names):
                importing.append(str(file.relative_to(PACKAGE)))
    assert importing == [str(Path("data", "netcdf", "library.py"))]


WORK = {
    "own data sets": """
        for _ in range(6):
            data = rnn.Dataset.read(f"{k}.nc", task="transcription")
            for i in range(60):
                check(data, i)
    """,
    "a shared lazy data set": """
        for _ in range(6):
            for i in range(60):
                check(shared, (i * 7 + k) % 60)
    """,
    "a shared data set that is loaded and closed": """
        for j in range(20):
            check(loaded, (j * 7 + k) % 60)
            if k == 0:
                loaded.close()
    """,
    "data sets that are dropped while they are open": """
        for _ in range(30):
            data = rnn.Dataset.read(f"{k}.nc", task="transcription", budget_bytes=0)
            check(data, k)
            loop = [data]
            loop.append(loop)
            del data, loop
            if k == 0:
                gc.collect()
    """,
    "writing": """
        for i in range(4):
            rnn.write_netcdf(f"out{k}.nc", SEQUENCES, task="transcription", compression=True)
        check(rnn.Dataset.read(f"out{k}.nc", task="transcription"), k)
    """,
    "statistics, normalise, split, merge": """
        from rnnlib_py.data.tools.file_statistics import file_statistics
        from rnnlib_py.data.tools.merge import merge
        from rnnlib_py.data.tools.normalise import normalise
        from rnnlib_py.data.tools.split import split
        expected = np.concatenate(NUMBERS).mean(axis=0)
        for i in range(3):
            assert np.allclose(file_statistics(f"{k}.nc").columns["inputs"].mean, expected, atol=1e-5)
            split(f"{k}.nc", [0.5, 0.5], [f"a{k}.nc", f"b{k}.nc"])
            merge(f"m{k}.nc", [f"a{k}.nc", f"b{k}.nc"])
            normalise([f"m{k}.nc"])
    """,
    "training": """
        config = {"task": "transcription", "trainFile": f"{k}.nc", "hiddenSize": 2, "totalEpochs": 1, "threads": 1}
        rnn.train({**config, "dataFraction": 0.2})
    """,
}


@pytest.mark.parametrize("work", WORK)
def test_threads_read_and_write_at_the_same_time(folder: Path, work: str) -> None:
    sets = """
shared = rnn.Dataset.read("0.nc", task="transcription", budget_bytes=0)
loaded = rnn.Dataset.read("1.nc", task="transcription")
def work(k):
"""
    run_script(folder, sets + textwrap.indent(textwrap.dedent(WORK[work]), "    ") + "\nrun(work)\n")


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork")
@pytest.mark.parametrize("file", ["0.nc", "classic.nc"])
def test_children_read_the_data_set_that_threads_of_the_parent_are_reading(folder: Path, file: str) -> None:
    """Neither may wait for a lock that stayed behind in the parent, nor share the position in an open file."""
    run_script(
        folder,
        f"""
        shared = rnn.Dataset.read("{file}", task="transcription", budget_bytes=0)
        check(shared, 0)  # the file is open now
        stop = threading.Event()

        def work(k):
            while not stop.is_set():
                for i in range(60):
                    check(shared, i)

        def children(k):
            if k:
                return work(k)
            try:
                for _ in range(8):
                    child = os.fork()
                    if child == 0:
                        status = 1
                        try:
                            for i in range(60):
                                check(shared, i)
                            check(rnn.Dataset.read("{file}", task="transcription"), 1)
                            status = 0
                        finally:
                            os._exit(status)
                    assert os.waitpid(child, 0)[1] == 0
            finally:
                stop.set()

        import warnings
        warnings.simplefilter("ignore")  # newer versions of Python warn about forks beside threads
        run(children, 3)
        """,
    )


def test_daemon_threads_that_read_do_not_disturb_the_end(folder: Path) -> None:
    for _ in range(3):
        run_script(
            folder,
            """
            shared = rnn.Dataset.read("0.nc", task="transcription", budget_bytes=0)
            def work(k):
                while True:
                    for i in range(60):
                        check(shared, i)
                        rnn.Dataset.read(f"{k}.nc", task="transcription")
            for k in range(3):
                threading.Thread(target=work, args=(k,), daemon=True).start()
            time.sleep(0.3)
            """,
        )


def test_a_program_can_hold_the_lock_for_its_own_use_of_netcdf() -> None:
    assert rnn.netcdf_lock is LOCK


@pytest.mark.skipif(sys.platform == "win32", reason="the number of open files cannot be limited here")
def test_thousands_of_files_keep_a_bounded_number_open(tmp_path: Path) -> None:
    """A soft limit of 160 open files; without ours, the 300 of the set do not fit."""
    script = """
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (160, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    for k in range(300):
        rnn.write_netcdf(f"{k}.nc", [(np.full((3, 1), k), ["a"])], task="transcription", format="NETCDF3_CLASSIC")
    data = rnn.Dataset.read([f"{k}.nc" for k in range(300)], task="transcription", budget_bytes=0)
    for k in [*range(300), *range(0, 300, 7)]:
        assert data[k].inputs[0] == k
    run(lambda k: [check_number(data, j) for j in range(k, 300, 3)])
    """
    run_script(tmp_path, "def check_number(data, k):\n    assert data[k].inputs[0] == k\n" + textwrap.dedent(script))


@pytest.mark.skipif(sys.platform == "win32", reason="the number of open files cannot be limited here")
def test_too_many_open_files_are_called_so_when_a_file_is_written(tmp_path: Path) -> None:
    """The netCDF library says "permission denied"."""
    script = """
    import errno, os, resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (160, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    sequences = [(np.ones((3, 1)), ["a"])]
    rnn.write_netcdf("t.nc", sequences, task="transcription")
    held = []
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        assert error.errno == errno.EMFILE
    texts = []
    while held:
        try:
            rnn.write_netcdf("t.nc", sequences, task="transcription")
            break
        except rnn.IoError as error:
            texts.append(str(error))
            os.close(held.pop())
    assert texts and held, texts
    assert all(os.strerror(errno.EMFILE) in text for text in texts), texts
    """
    run_script(tmp_path, textwrap.dedent(script))


def test_the_least_recently_used_file_is_closed_and_opened_again(tmp_path: Path) -> None:
    paths = [tmp_path / f"{k}.nc" for k in range(3)]
    for k, path in enumerate(paths):
        rnn.write_netcdf(path, [(np.full((3, 1), k), ["a"])], task="transcription")
    opened: list[int] = []
    files = OpenFiles(limit=2)

    def use(k: int) -> None:
        def open_file() -> object:
            opened.append(k)
            return NetcdfFile(paths[k])

        with LOCK:
            files.get(k, open_file)  # type: ignore[arg-type]

    for k in (0, 1, 0, 2, 0, 1):
        use(k)
    assert opened == [0, 1, 2, 1]  # 2 took the place of 1, and 1 that of 2
    assert len(files) == 2


def test_dropped_data_sets_give_their_files_back(tmp_path: Path) -> None:
    path = tmp_path / "d.nc"
    rnn.write_netcdf(path, [(np.ones((3, 1)), ["a"])], task="transcription")
    before = len(OPEN_FILES)
    data = rnn.Dataset.read(path, task="transcription", budget_bytes=0)
    assert data[0].inputs.shape == (3, 1)
    assert len(OPEN_FILES) == min(before + 1, MAX_OPEN)
    del data
    assert len(OPEN_FILES) == before
