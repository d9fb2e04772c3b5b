# SPDX-License-Identifier: Apache-2.0
"""Holds the rules for which part of the Python package may import which and fails when one is broken.

A room is a folder of python/rnnlib_py. A room imports itself and the rooms before it in the table below; imports inside
functions and for type checkers count, too. Usage: python ci/python_rooms.py [ROOT]. Prints one line per fault; exit
status 1 when there are any.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from faults import run_check

PACKAGE = "rnnlib_py"

# The compiled modules and what loads them. Everything may import these, and they import only each other; _engine, which
# puts _core into the package, also imports the package itself.
FOUNDATION = {"_command", "_core", "_cpu", "_engine", "_labels"}

# Each may import what stands before it. prepare stands before model, since a network's recipe says how it treats files;
# runlog before training, since a run makes events and train() opens the writers that the user asked for; integrations
# and demo before cli, since some of them are commands. `about` is a single module, which the command line shows.
ROOMS = [
    "system",
    "config",
    "data",
    "prepare",
    "model",
    "runlog",
    "text",
    "training",
    "inspect",
    "plot",
    "integrations",
    "demo",
    "about",
    "cli",
]

# Single modules above all rooms: they may import everything, and no room imports them.
TOP = {"__init__", "__main__", "runner", "selftest", "testing"}


def imported_modules(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line number and dotted name within the package of every import; an empty name is the package itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "." * node.level
            continue
        elif isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            names = [f"{PACKAGE}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            if name.partition(".")[0] == PACKAGE:
                yield node.lineno, name.removeprefix(PACKAGE).lstrip(".")


def import_fault(importer: str, name: str) -> str | None:
    """What is wrong when the room (or foundation) `importer` imports this name of the package, or None."""
    if name.startswith("."):
        return "imports within the package are written in full: from rnnlib_py.<room>.<module> import ..."
    imported = name.partition(".")[0]
    if imported == importer or imported in FOUNDATION:
        return None
    if importer == "_engine" and not name:
        return None
    if importer in FOUNDATION:
        return f"{importer} belongs to the foundation, which may not import {imported or 'the package itself'}"
    if imported not in ROOMS:
        return f"a room imports rooms and {', '.join(sorted(FOUNDATION))} only, not {name or 'the package itself'}"
    if ROOMS.index(imported) > ROOMS.index(importer):
        return f"{importer} may not import {name}: {imported} comes after it in the table of ci/python_rooms.py"
    return None


def check_file(package: Path, path: Path) -> Iterator[tuple[int, str]]:
    """The faults of one file with their line numbers."""
    first = path.relative_to(package).parts[0].partition(".")[0]
    if first in TOP:
        return
    if first not in ROOMS and first not in FOUNDATION:
        yield 1, f"{first} is not in the table of ci/python_rooms.py"
        return
    for line, name in imported_modules(ast.parse(path.read_text(encoding="utf-8"))):
        if fault := import_fault(first, name):
            yield line, fault


def check(root: Path) -> list[str]:
    """All faults of the tree at `root`, as "file:line: what is wrong"."""
    package = root / "python" / PACKAGE
    paths = sorted([*package.rglob("*.py"), *package.rglob("*.pyi")])
    return [
        f"{path.relative_to(root).as_posix()}:{line}: {text}"
        for path in paths
        for line, text in sorted(check_file(package, path))
    ]


if __name__ == "__main__":
    sys.exit(run_check(check, f"a folder python/{PACKAGE}", lambda root: (root / "python" / PACKAGE).is_dir()))
