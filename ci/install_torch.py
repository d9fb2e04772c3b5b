# SPDX-License-Identifier: Apache-2.0
"""Installs PyTorch for its tests, where that is cheap: where the file that pip would take is a build for the CPU.

Usage: python ci/install_torch.py, with the Python it is for. Other builds need gigabytes of libraries for GPUs, which
the tests do not use. Where nothing is installed the reason is printed, the tests of PyTorch skip, and the exit status
is 0. A CPU build is taken where pip's own settings (an index or a folder of wheels) offer one.
"""

from __future__ import annotations

import importlib.util
import json
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).parent / "requirements-torch.txt"
_GPU = re.compile(r"(nvidia|cuda|triton|rocm|pytorch-triton|intel-sycl)\b", re.IGNORECASE)


def why_not(report: Mapping[str, Any], system: str) -> str:
    """Why the file of pip's installation report is not taken; "" when it is a build for the CPU."""
    torch = next((item for item in report["install"] if item["metadata"]["name"] == "torch"), None)
    if torch is None:
        return "pip would take no file"
    file = Path(torch["download_info"]["url"]).name
    for requirement in torch["metadata"].get("requires_dist", []):
        name, _, marker = requirement.partition(";")
        elsewhere = re.search(r"platform_system == [\"'](\w+)[\"']", marker)
        if _GPU.match(name) and "extra ==" not in marker and (elsewhere is None or elsewhere[1] == system):
            return f"{file} is a build for GPUs: it needs {name.strip()}"
    local = torch["metadata"]["version"].partition("+")[2]
    if local not in ("", "cpu"):
        return f"{file} is a build for {local}"
    return ""


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs pip; the requirements are those of the tests."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", *arguments, "-r", str(REQUIREMENTS)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> int:
    """0 unless pip failed to install what it had offered."""
    if importlib.util.find_spec("torch") is not None:
        print("PyTorch is there")
        return 0
    offered = pip("--dry-run", "--no-deps", "--only-binary=:all:", "--report", "-")
    if offered.returncode != 0:
        lines = offered.stderr.strip().splitlines()
        reason = lines[-1] if lines else "pip offers none"
    else:
        reason = why_not(json.loads(offered.stdout), platform.system())
    if reason:
        print(f"The tests of PyTorch are skipped: {reason}")
        return 0
    installed = pip()
    print("PyTorch is installed" if installed.returncode == 0 else installed.stderr)
    return installed.returncode


if __name__ == "__main__":
    sys.exit(main())
