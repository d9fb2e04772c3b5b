# SPDX-License-Identifier: Apache-2.0
"""Compiles a Cython module by hand, as a user's build would, and imports it."""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

import rnnlib_py as rnn


def compile_module(source: Path, folder: Path) -> ModuleType:
    """The module made of a .pyx file, in a folder for what is made. Skips where there is no C compiler."""
    compiler = shlex.split(str(sysconfig.get_config_var("CC") or "cc"))
    if not shutil.which(compiler[0]):
        compiler = ["cc"]
    if not shutil.which(compiler[0]):
        pytest.skip("needs a C compiler")
    c_file = folder / f"{source.stem}.c"
    made = folder / f"{source.stem}{sysconfig.get_config_var('EXT_SUFFIX')}"
    packages = str(Path(rnn.__file__).absolute().parents[1])
    include = sysconfig.get_paths()["include"]
    undefined = ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    for command in (
        [sys.executable, "-m", "cython", "-3", "-I", packages, str(source), "-o", str(c_file)],
        [*compiler, "-O1", "-shared", "-fPIC", *undefined, f"-I{include}", str(c_file), "-o", str(made)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    spec = importlib.util.spec_from_file_location(source.stem, made)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
