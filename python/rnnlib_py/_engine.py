# SPDX-License-Identifier: Apache-2.0
"""Loads the engine as rnnlib_py._core: the best build that the processor can run. Must be the package's first import.

The package holds the engine once per instruction set, as _isa/<name>/_core. Each is complete, and only one is loaded.
RNNLIB_ISA in the environment names another one.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from pathlib import Path

import rnnlib_py
from rnnlib_py._command import is_command, say_error, show_errors_in_one_line
from rnnlib_py._cpu import supported_isas

ISAS = ("baseline", "neon", "avx2", "avx512")  # the best last
VARIABLE = "RNNLIB_ISA"
_MODULE = "rnnlib_py._core"


def _find_builds() -> dict[str, ModuleSpec]:
    """The builds there are. An editable installation has two folders: the sources' and that of what was compiled."""
    folders = {isa: [str(Path(path, "_isa", isa)) for path in rnnlib_py.__path__] for isa in ISAS}
    found = {isa: PathFinder.find_spec(_MODULE, paths) for isa, paths in folders.items()}
    return {isa: spec for isa, spec in found.items() if spec is not None}


def _choose(built: list[str], supported: list[str], wanted: str) -> str:
    """The best build, or the wanted one. Raises ImportError."""
    usable = [isa for isa in built if isa in supported]
    if not wanted:
        if not usable:
            raise ImportError(f"rnnlib_py is built for {_listed(built)}; this processor runs {_listed(supported)}")
        return usable[-1]
    if wanted == "baseline" and "neon" in built:  # which every processor of its architecture has
        wanted = "neon"
    there = f"here there are {_listed(usable)}"
    if wanted not in ISAS:
        raise ImportError(f"{VARIABLE} is '{wanted}', expected one of {_listed(ISAS)}; {there}")
    if wanted not in usable:
        reason = "this processor cannot run it" if wanted in built else "rnnlib_py is not built for it"
        raise ImportError(f"{VARIABLE} is '{wanted}', but {reason}; {there}")
    return wanted


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names) or "none"


def _load(spec: ModuleSpec) -> None:
    """Makes it rnnlib_py._core, as an import statement would."""
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[_MODULE] = module
    spec.loader.exec_module(module)
    vars(rnnlib_py)["_core"] = module


if is_command():
    show_errors_in_one_line()
_builds = _find_builds()
BUILT = list(_builds)
SUPPORTED = supported_isas()
try:
    ISA = _choose(BUILT, SUPPORTED, os.environ.get(VARIABLE, ""))
except ImportError as error:
    if not is_command():
        raise
    say_error(f"error: {error}")
    raise SystemExit(2) from None
_load(_builds[ISA])
