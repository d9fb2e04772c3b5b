# SPDX-License-Identifier: Apache-2.0
"""Holds the rules for who may include whom (CONTRIBUTING.md, "Layout") and fails when one is broken.

Usage: python ci/include_table.py [ROOT]. Prints one line per fault; exit status 1 when there are any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from faults import run_check

# Module of cpp/src -> the modules it may include besides itself, and whose public headers.
MODULES: dict[str, set[str]] = {
    "base": set(),
    "tensor": {"base"},
    "config": {"base"},
    "decode": {"base", "tensor"},
    "layers": {"base", "tensor"},
    "loss": {"base", "tensor"},
    "optim": {"base", "tensor"},
    "network": {"base", "tensor", "config", "decode", "layers", "loss", "optim"},
    "train": {"base", "tensor", "config", "decode", "layers", "loss", "optim", "network"},
    "io": {"base", "tensor", "config", "decode", "layers", "loss", "optim", "network", "train"},
    "prepare": {"base", "tensor", "config", "decode", "layers", "loss", "optim", "network", "io"},
    "capi": set(),
}

# Public header -> its module, which says what it may include and who may include it. Plain values that every module
# speaks of belong to base.
PUBLIC_HEADERS: dict[str, str] = {
    "alignment.h": "decode",
    "build_info.h": "base",
    "cell_info.h": "base",
    "data_header.h": "base",
    "decoder.h": "decode",
    "error.h": "base",
    "export.h": "base",
    "files.h": "base",
    "metrics.h": "base",
    "normalisation.h": "base",
    "optimiser.h": "base",
    "prediction.h": "base",
    "random.h": "base",
    "sequence.h": "base",
    "spec.h": "base",
    "task.h": "base",
    "trace.h": "base",
    "types.h": "base",
    "benchmark.h": "tensor",
    "config.h": "config",
    "config_text.h": "config",
    "beam.h": "decode",
    "language_scorer.h": "decode",
    "lexicon.h": "decode",
    "ngram.h": "decode",
    "posterior.h": "decode",
    "scorer.h": "decode",
    "sum_scorer.h": "decode",
    "token_passing.h": "decode",
    "graph.h": "layers",
    "backpropagation.h": "network",
    "network.h": "network",
    "network_scorer.h": "network",
    "stream.h": "network",
    "workspace.h": "network",
    "augmentation.h": "train",
    "gradient_check.h": "train",
    "ranks.h": "train",
    "trainer.h": "train",
    "recipe.h": "prepare",
    "safetensors.h": "io",
    "save.h": "io",
    "c_api.h": "capi",
    "c_handle.h": "capi",
    "rnnlib.h": "capi",  # all of C++'s
}
CAPI_INCLUDES = set(MODULES)  # public headers only

SOURCE_SUFFIXES = {".h", ".hpp", ".inl", ".cpp", ".cc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
THREADS = re.compile(
    r"\bstd::(thread|jthread|async)\b(?!::)|\bpthread_create\b|^\s*#\s*(?:pragma\s+omp\b|include\s*<omp\.h>)|\b_Pragma\s*\(\s*\"omp\b"
)
STANDARD_HEADER = re.compile(r"[a-z_0-9]+|std(def|int)\.h")  # the C interface has C's
EIGEN = re.compile(r"(unsupported/)?(Eigen|eigen3)/")
PYBIND_GIL = re.compile(r"\bgil_scoped_(release|acquire)\b")
PYTHON = re.compile(r"(Python\.h|(pybind11|numpy)/)")


def includes(path: Path) -> Iterator[tuple[int, bool, str]]:
    """Yields line number, whether the name is in angle brackets, and the name, for every include of a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1] == "<", match[2]


def source_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix in SOURCE_SUFFIXES)


def check_floor(module: str, name: str) -> str | None:
    """A public header "rnnlib/..." included by a file of `module`: what is wrong with it, or None."""
    owner = PUBLIC_HEADERS.get(name.removeprefix("rnnlib/"))
    if owner is None:
        return f"{name} belongs to no module: give it a line in PUBLIC_HEADERS (ci/include_table.py)"
    allowed = CAPI_INCLUDES if module == "capi" else MODULES[module] | {module}
    return None if owner in allowed else f"{module}/ may not include {name}, which belongs to {owner}/"


def check_public_header(header: Path) -> Iterator[tuple[int, str]]:
    """Public headers: the standard library, and those public headers that their own module may include."""
    module = PUBLIC_HEADERS.get(header.name)
    if module is None:
        yield 0, f"rnnlib/{header.name} belongs to no module: give it a line in PUBLIC_HEADERS (ci/include_table.py)"
        return
    for number, angled, name in includes(header):
        if angled and not STANDARD_HEADER.fullmatch(name):
            yield number, f"a public header includes <{name}>; only the standard library and rnnlib/ are allowed"
        elif not angled and not name.startswith("rnnlib/"):
            yield number, f'a public header includes "{name}"; only the standard library and rnnlib/ are allowed'
        elif not angled and (fault := check_floor(module, name)):
            yield number, fault


def check_engine_include(module: str, angled: bool, name: str) -> str | None:
    """One include in cpp/src/<module>: what is wrong with it, or None."""
    if EIGEN.match(name):
        return None if module == "tensor" else f"only tensor/ includes Eigen, not {module}/ ({name})"
    if PYTHON.match(name):
        return f"the engine knows no Python ({name})"
    if angled:
        return None
    folder, slash, _ = name.partition("/")
    if not slash or folder == module:
        return None
    if folder == "rnnlib":
        return check_floor(module, name)
    if folder not in MODULES:
        return f'"{name}" does not start with rnnlib/ or a module of cpp/src'
    if folder not in MODULES[module]:
        return f'{module}/ may not include {folder}/ ("{name}")'
    return None


def check_threads(path: Path) -> Iterator[tuple[int, str]]:
    """Threads are made in base/parallel/."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if THREADS.search(line):
            yield number, "only base/parallel/ makes threads"


def check_engine_file(src: Path, path: Path) -> Iterator[tuple[int, str]]:
    module = path.relative_to(src).parts[0]
    if module not in MODULES:
        yield 0, f"{module} is not in the include table (ci/include_table.py)"
        return
    for number, angled, name in includes(path):
        if fault := check_engine_include(module, angled, name):
            yield number, fault
    if not path.is_relative_to(src / "base" / "parallel"):
        yield from check_threads(path)


def check_binding_file(path: Path) -> Iterator[tuple[int, str]]:
    """Bindings: public headers, pybind11 and each other."""
    for number, angled, name in includes(path):
        if EIGEN.match(name) or (not angled and "/" in name and not name.startswith(("rnnlib/", "pybind11/"))):
            yield number, f"bindings include public headers only ({name})"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if path.name != "gil.h" and (match := PYBIND_GIL.search(line)):
            yield number, f"{match[0]} ends the process in a daemon thread at exit; use gil.h"
    yield from check_threads(path)


def check(root: Path) -> list[str]:
    """All faults of the tree at `root`, as "file:line: what is wrong"."""
    src = root / "cpp" / "src"
    faults = []
    for folder, checker in (
        (root / "cpp" / "include", check_public_header),
        (src, lambda path: check_engine_file(src, path)),
        (root / "python" / "bindings", check_binding_file),
    ):
        for path in source_files(folder):
            faults += [f"{path.relative_to(root).as_posix()}:{number}: {text}" for number, text in checker(path)]
    return faults


if __name__ == "__main__":
    sys.exit(run_check(check, "a folder cpp/src", lambda root: (root / "cpp" / "src").is_dir()))
