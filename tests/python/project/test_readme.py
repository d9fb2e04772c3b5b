# SPDX-License-Identifier: Apache-2.0
"""What the README shows works as printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages import code_blocks

import rnnlib_py as rnn
from rnnlib_py.demo import data

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    (block,) = code_blocks(README, language)
    return str(block)


@pytest.fixture(scope="module")
def python_example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the Python example ran, and what it printed."""
    folder = tmp_path_factory.mktemp("readme")
    done = subprocess.run(
        [sys.executable, "-c", _block("python")], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_python_example_learns_its_task(python_example: tuple[Path, str]) -> None:
    error, target, output = (line.split(": ", 1)[1] for line in python_example[1].splitlines())
    assert float(error) < 0.05
    assert target == output


def test_the_cpp_example_reads_the_network_that_was_saved(python_example: tuple[Path, str]) -> None:
    folder = python_example[0]
    compiler = os.environ.get("CXX") or shutil.which("c++")
    builds = (ROOT / "build" / name for name in ("ci/dev", "dev", "release", "cpp"))  # without sanitizers
    libraries = [path for build in builds for path in build.glob("**/librnnlib.a")]
    if not compiler or not libraries:
        pytest.skip("needs a C++ compiler and the engine's library under build/, which ci/test.sh makes")
    (folder / "example.cpp").write_text(_block("cpp"), encoding="utf-8")
    command = [compiler, "-std=c++17", f"-I{ROOT / 'cpp' / 'include'}", "example.cpp", str(libraries[0]), "-pthread"]
    built = subprocess.run([*command, "-o", "example"], cwd=folder, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    ran = subprocess.run([str(folder / "example")], cwd=folder, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, ["up", "down", "swing"]), ran.stderr


def test_the_config_shown_is_the_demos_and_valid() -> None:
    assert _block("text") == data.config_text()
    rnn.Config.read(ROOT / "examples" / "digit_lines" / data.CONFIG_NAME)


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "docs" / "getting-started.md", ROOT / "examples" / "digit_lines" / "README.md"]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_commands_shown_exist() -> None:
    shown = set(re.findall(r"rnnlib-py ([a-z-]+)", README))
    for command in sorted(shown):
        done = subprocess.run(
            [sys.executable, "-m", "rnnlib_py", command, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
