# SPDX-License-Identifier: Apache-2.0
"""Holds the limits of sizes (CONTRIBUTING.md, "Rules") and fails when one is passed: lines of a file, lines of a
function (without its docstring), parameters of a function.

Usage: python ci/check_sizes.py [ROOT]. Prints one line per fault; exit status 1 when there are any. An exception that
is not needed any more is a fault, too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from faults import run_check
from function_sizes import functions

FILE_LINES = 400
FUNCTION_LINES = 60
PARAMETERS = 8

SUFFIXES = {".h", ".hpp", ".inl", ".c", ".cpp", ".py", ".pyi", ".pyx", ".pxd"}
FOLDERS = ["benchmarks", "ci", "cpp/include", "cpp/src", "docs", "examples", "python", "tests"]

# "file" or "file:function" -> why it may be larger.
EXCEPTIONS = {
    "python/bindings/network.cpp:evaluate": "Python names the few arguments that it needs",
    "python/rnnlib_py/_core.pyi": "type checkers read the interface of one compiled module from one file",
    "python/rnnlib_py/integrations/estimators/base.py:__init__": "scikit-learn's parameters are those of __init__",
    "python/rnnlib_py/integrations/estimators/classifier.py:__init__": "the same",
    "python/rnnlib_py/integrations/estimators/transcriber.py:__init__": "the same",
    "python/rnnlib_py/integrations/optuna.py:sweep": "as train.py:train",
    "python/rnnlib_py/prepare/make_ink.py:ink": "as train.py:train",
    "python/rnnlib_py/prepare/make_audio.py:audio": "as train.py:train",
    "python/rnnlib_py/prepare/make_lines.py:lines": "as train.py:train",
    "python/rnnlib_py/prepare/make_table.py:table": "as train.py:train",
    "python/rnnlib_py/runner.pxd:read_positions": "callers in Cython pass plain pointers and sizes, as in C",
    "python/rnnlib_py/runner.pxd:run_and_read": "the same",
    "python/rnnlib_py/runner.pyx:read_positions": "the same",
    "python/rnnlib_py/runner.pyx:run_and_read": "the same",
    "python/rnnlib_py/training/train.py:train": "a public function whose users name the few arguments that they need",
}


def source_files(root: Path) -> list[Path]:
    """The sources of the tree; what builds leave behind is in none of these folders, caches aside."""
    found = [path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in SUFFIXES]
    return sorted(path for path in found if not any(part.startswith((".", "_build")) for part in path.parts))


def check_file(name: str, path: Path) -> Iterator[tuple[str, int, str]]:
    """Key in EXCEPTIONS, line and sentence of every limit that a file passes."""
    text = path.read_text(encoding="utf-8")
    count = len(text.splitlines())
    if count > FILE_LINES:
        yield name, 1, f"the file has {count} lines; at most {FILE_LINES} are allowed"
    for function in functions(path, text):
        key = f"{name}:{function.name}"
        if function.lines > FUNCTION_LINES:
            sentence = f"{function.name} has {function.lines} lines; at most {FUNCTION_LINES} are allowed"
            yield key, function.line, sentence
        if function.parameters > PARAMETERS:
            sentence = f"{function.name} has {function.parameters} parameters; at most {PARAMETERS} are allowed"
            yield key, function.line, sentence


def check(root: Path) -> list[str]:
    """All faults of the tree at `root`, as "file:line: what is wrong"."""
    faults = []
    used = set()
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        for key, line, sentence in check_file(name, path):
            if key in EXCEPTIONS:
                used.add(key)
            else:
                faults.append(f"{name}:{line}: {sentence}")
    if root == Path(__file__).resolve().parent.parent:
        unused = EXCEPTIONS.keys() - used
        faults += [f"ci/check_sizes.py:1: the exception for {key} is not needed any more" for key in sorted(unused)]
    return faults


if __name__ == "__main__":
    sys.exit(run_check(check, f"sources in {', '.join(FOLDERS)}", source_files))
