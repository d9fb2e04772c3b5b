# SPDX-License-Identifier: Apache-2.0
"""The manual page: it is the parser's, and troff reads it without a warning."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rnnlib_py import _core
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.man_page import escaped, man_page

PAGE = Path(__file__).parents[3] / "docs" / "rnnlib-py.1"


def test_the_page_is_up_to_date() -> None:
    advice = "docs/rnnlib-py.1 is old: python -m rnnlib_py.cli.man_page > docs/rnnlib-py.1"
    assert PAGE.read_text(encoding="utf-8") == man_page(), advice


def test_signs_of_troff_are_text() -> None:
    assert escaped(".a\n'b\\c-d") == "\\&.a\n\\&'b\\ec\\-d"


@pytest.fixture(scope="module")
def shown() -> str:
    """The page as a reader sees it."""
    if shutil.which("man") is None:
        pytest.skip("there is no man here")
    done = subprocess.run(
        ["man", "--local-file", "--warnings", str(PAGE)],
        env={"MANWIDTH": "100", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "MANPAGER": "cat"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "--local-file" in done.stderr:
        pytest.skip("this man cannot read a file")  # macOS
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(r".\x08", "", done.stdout)


def test_man_shows_every_command_and_key(shown: str) -> None:
    for name in COMMANDS:
        assert re.search(rf"^   rnnlib-py {name}\b", shown, re.MULTILINE), name
    for key in _core.key_table():
        assert re.search(rf"^       {key.name} \(", shown, re.MULTILINE), key.name


def test_man_shows_what_an_option_does(shown: str) -> None:
    assert "       -o, --output DIR\n              a folder for this run's files: last.save, best.save" in shown
    assert "\n       learnRate (real >= 0; default 1e-4)\n" in shown
