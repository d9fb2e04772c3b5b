# SPDX-License-Identifier: Apache-2.0
"""The order of the Python rooms (ci/python_rooms.py): the tree keeps it, and every kind of breach is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from ci_script import ROOT, run_script
from ci_script import write as write_file


def write(root: Path, name: str, text: str) -> None:
    write_file(root / "python" / "rnnlib_py", name, text)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small package that keeps every rule, using everything that is allowed."""
    write(tmp_path, "__init__.py", "from rnnlib_py import _engine\nfrom rnnlib_py.training.train import train\n")
    write(tmp_path, "_engine.py", "import rnnlib_py\nfrom rnnlib_py._cpu import supported_isas\n")
    write(tmp_path, "runner.pyi", "from rnnlib_py.data import Dataset\n")
    write(tmp_path, "system/files.py", "import os\nimport rnnlib_py_other\nfrom rnnlib_py import _core\n")
    write(tmp_path, "data/__init__.py", "from rnnlib_py.data.dataset import Dataset\n")
    write(tmp_path, "data/dataset.py", "from rnnlib_py import _core, system\nimport rnnlib_py.config.threads\n")
    write(tmp_path, "cli/main.py", "def demo():\n    from rnnlib_py.demo import main\n    return main\n")
    return tmp_path


def test_this_tree_keeps_the_rules() -> None:
    done = run_script("python_rooms.py", ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_tree_that_keeps_the_rules(tree: Path) -> None:
    done = run_script("python_rooms.py", tree)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("data/x.py", "from rnnlib_py.model.network import Network\n", "1: data may not import model.network"),
        ("data/x.py", "import os\nimport rnnlib_py.training.train\n", "2: data may not import training.train"),
        ("data/x.py", "from rnnlib_py import plot\n", "1: data may not import plot"),
        ("data/tools/x.py", "def f():\n    from rnnlib_py.cli import main\n", "2: data may not import cli"),
        (
            "data/x.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from rnnlib_py.model.network import Network\n",
            "3: data may not import model.network",
        ),
        ("data/x.pyi", "from rnnlib_py.model.network import Network\n", "1: data may not import model.network"),
        ("data/x.py", "import rnnlib_py as rnn\n", "1: a room imports rooms and _command, _core, _cpu, _engine"),
        ("data/x.py", "from rnnlib_py import Dataset\n", "1: a room imports rooms and _command, _core, _cpu, _engine"),
        ("cli/x.py", "from rnnlib_py.selftest import main\n", "1: a room imports rooms and _command, _core, _cpu"),
        ("data/x.py", "from . import dataset\n", "1: imports within the package are written in full"),
        ("_engine.py", "from rnnlib_py.system import files\n", "1: _engine belongs to the foundation"),
        ("_command.py", "import rnnlib_py\n", "1: _command belongs to the foundation"),
        ("cellar/x.py", "", "1: cellar is not in the table"),
        ("x.py", "", "1: x is not in the table"),
    ],
)
def test_breaches_are_found(tree: Path, name: str, text: str, fault: str) -> None:
    write(tree, name, text)
    done = run_script("python_rooms.py", tree)
    assert done.returncode == 1
    assert done.stdout.startswith(f"python/rnnlib_py/{name}:{fault}"), done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_a_folder_without_a_package_is_bad_usage(tmp_path: Path) -> None:
    done = run_script("python_rooms.py", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected a folder python/rnnlib_py, found none" in done.stderr
