# SPDX-License-Identifier: Apache-2.0
"""The check of references (ci/check_references.py): the tree has no dead ones, and every kind of them is found."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ci_script import ROOT, run_script, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree that names files, folders and sections in every way that is allowed."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    write(tmp_path, "README.md", "# A\n\n[page](docs/page.md#the-units-of-c) [here](#a) [out](https://x.org/y.md)\n")
    write(
        tmp_path,
        "docs/page.md",
        "# Page\n\n## The units of `C++`, or so\n\n## The units of C\n\n```\n# no heading\n[no link](none.txt)\n```\n"
        "![p](images/p.png) [up](../README.md) `src/a.h`\n",
    )
    write(tmp_path, "docs/images/p.png", "")
    write(
        tmp_path, "cpp/src/a.h", '// See docs/page.md, "The units\n// of C", a.h, src/a.h, cpp/src/*.cpp and ../page.\n'
    )
    write(tmp_path, "pyproject.toml", "# docs/page.md, cpp/src, cpp/\n")
    write(tmp_path, "tests/test_a.py", 'write("docs/made.md")  # a.h\n')
    write(tmp_path, "tests/a.cpp", '#include "made.h"  // a.h\n')
    return tmp_path


def test_this_tree_has_no_dead_references() -> None:
    result = run_script("check_references.py", ROOT)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_what_is_there_may_be_named(tree: Path) -> None:
    result = run_script("check_references.py", tree)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("pyproject.toml", "# docs/wheels.md", "docs/wheels.md is not in the repository"),
        ("a.sh", "python ci/none.py", "ci/none.py is not in the repository"),
        ("a.py", "import x  # gone.py does it", "gone.py is not in the repository"),
        ("a.py", 'raise E("docs/wheels.md says why")', "docs/wheels.md is not in the repository"),
        ("cpp/src/b.h", "// other/a.h", "other/a.h is not in the repository"),
        ("a.md", "look into `tests/golden`", "tests/golden is not in the repository"),
        ("tests/b.py", '"""Like gone.h."""', "gone.h is not in the repository"),
        ("tests/b.cpp", 'x("made.h");  // gone.h', "gone.h is not in the repository"),
        ("cpp/src/b.h", '// docs/page.md, "The units of D"', 'docs/page.md has no section "The units of D"'),
        ("cpp/src/b.h", '// docs/page.md,\n// "The units\n// of D"', 'docs/page.md has no section "The units of D"'),
        ("cpp/src/b.h", "// What a cell does (spec section 4).", '"spec section 4" is of a document that is not in'),
        (
            "cpp/src/b.h",
            "// What a cell does (spec\n// section 4).",
            '"spec section 4" is of a document that is not in',
        ),
        ("a.md", "cases are in ../shared/cases", '"../shared" is of a document that is not in the repository'),
    ],
)
def test_a_dead_reference_is_found(tree: Path, name: str, text: str, says: str) -> None:
    write(tree, name, f"{text}\n")
    result = run_script("check_references.py", tree)
    assert result.returncode == 1, result.stderr
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{name}:")
    assert says in line
