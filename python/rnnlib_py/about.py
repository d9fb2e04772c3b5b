# SPDX-License-Identifier: Apache-2.0
"""What this installation is and what it runs on."""

from __future__ import annotations

import platform
from typing import Any

from rnnlib_py import _core, _engine
from rnnlib_py.config.threads import get_num_threads


def build_info() -> dict[str, Any]:
    """How the engine was built.

    Returns
    -------
    dict
        "version", "compiler", "eigen" (its version), "threads" (whether it can use several), and instruction sets:
        "isa" (in use), "isas" (built), "supported" (that the processor can run; the best last).
    """
    return {**_core.build_info(), "isas": _engine.BUILT, "supported": _engine.SUPPORTED}


def about() -> list[str]:
    """Lines for `rnnlib-py --version --verbose`."""
    info = build_info()
    rows = {
        "instruction set": info["isa"],
        "built for": ", ".join(info["isas"]),
        "processor runs": ", ".join(info["supported"]),
        "compiler": info["compiler"],
        "threads": f"{get_num_threads() if info['threads'] else 1}",
        "Eigen": info["eigen"],
        "Python": f"{platform.python_version()}, {platform.system()} {platform.machine()}",
    }
    return [f"rnnlib-py {info['version']}", *(f"{name + ':':<17}{value}" for name, value in rows.items())]
