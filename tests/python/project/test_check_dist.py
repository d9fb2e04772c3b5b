# SPDX-License-Identifier: Apache-2.0
"""The check of wheels: what is missing and what should not be there is found."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import rnnlib_py as rnn

ROOT = Path(__file__).parents[3]
INFO = f"rnnlib_py-{rnn.__version__}.dist-info"
GOOD = [
    "rnnlib_py/__init__.py",
    "rnnlib_py/cli/main.py",
    "rnnlib_py/py.typed",
    "rnnlib_py/_core.pyi",
    "rnnlib_py/runner.pxd",
    "rnnlib_py/_cpu.cpython-311-x86_64-linux-gnu.so",
    "rnnlib_py/_isa/avx2/_core.cp313-win_amd64.pyd",
    "rnnlib_py/demo/digit_lines.config",
    "rnnlib_py/text/correction/page.html",
    "rnnlib_py-0.1.0.data/data/share/man/man1/rnnlib-py.1",
    f"{INFO}/WHEEL",
    f"{INFO}/licenses/LICENSE",
    "rnnlib_py/_isa/",
]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_dist", ROOT / "ci" / "check_dist.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def wheel(folder: Path, names: list[str], version: str = rnn.__version__) -> Path:
    path = folder / "x.whl"
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, "")
        made.writestr(f"{INFO}/METADATA", f"Metadata-Version: 2.4\nName: rnnlib-py\nVersion: {version}\n")
    return path


def test_the_version_is_that_of_the_engine(check: ModuleType) -> None:
    assert check.version() == rnn.__version__


def test_a_good_wheel(check: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    windows = [*(name for name in GOOD if not name.endswith(".so")), "rnnlib_py/runner.cp313-win_amd64.pyd"]
    path = wheel(tmp_path, windows)
    assert check.main([path]) == 0
    assert capsys.readouterr().out == "x.whl: 0.0 MB, holds what it should\n"


@pytest.mark.parametrize(
    "name",
    [
        "rnnlib_py/_labels.pyx",
        "rnnlib_py/runner.c",
        "rnnlib_py/_core.cpython-311-x86_64-linux-gnu.so",
        "lib/librnnlib.a",
        "include/rnnlib/network.h",
        "tests/test_api.py",
        "rnnlib_py.libs/libstdc++-1234.so.6",
        "rnnlib_py.libs/libgomp-f9a9ad78.so.1.0.0",
    ],
)
def test_what_should_not_be_there(check: ModuleType, name: str, tmp_path: Path) -> None:
    assert list(check.check_wheel(wheel(tmp_path, [*GOOD, name]))) == [f"{name} should not be there"]


@pytest.mark.parametrize("name", ["rnnlib_py/py.typed", "rnnlib_py/runner.pxd", f"{INFO}/licenses/LICENSE"])
def test_what_is_missing(check: ModuleType, name: str, tmp_path: Path) -> None:
    (fault,) = check.check_wheel(wheel(tmp_path, [there for there in GOOD if there != name]))
    assert fault.startswith("nothing like ")


def test_another_version(check: ModuleType, tmp_path: Path) -> None:
    assert list(check.check_wheel(wheel(tmp_path, GOOD, "9.9"))) == [f"its version is not {rnn.__version__}"]


def test_what_is_installed_here_would_pass(check: ModuleType) -> None:
    """The patterns against the files that this installation has."""
    package = Path(rnn.__file__).parent
    if "site-packages" not in package.parts:
        pytest.skip("not installed from a wheel")
    names = [p.relative_to(package.parent).as_posix() for p in package.rglob("*") if p.is_file()]
    kept = [name for name in names if "__pycache__" not in name]
    assert [n for n in kept if not any(re.fullmatch(p, n) for p in check.WHEEL + check.LIBRARIES)] == []
