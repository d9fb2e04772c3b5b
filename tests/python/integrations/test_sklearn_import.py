# SPDX-License-Identifier: Apache-2.0
"""What is imported when, and what is said where scikit-learn is missing."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_package_and_its_command_line_load_no_scikit_learn() -> None:
    code = "import sys, rnnlib_py, rnnlib_py.cli; print({'sklearn', 'scipy', 'joblib', 'pandas'} & set(sys.modules))"
    assert run(code).stdout.strip() == "set()"


def test_without_scikit_learn_the_extra_is_named() -> None:
    done = run("import sys; sys.modules['sklearn'] = None; import rnnlib_py.integrations.sklearn")
    assert done.returncode == 1
    assert "ImportError: rnnlib_py.integrations.sklearn needs scikit-learn" in done.stderr
    assert "pip install 'rnnlib-py[sklearn]'" in done.stderr
