# SPDX-License-Identifier: Apache-2.0
"""The memory this process has used."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_memory() -> int | None:
    """The most resident memory so far, in bytes; None where the system does not report it."""
    if _STATUS.exists():  # ru_maxrss would begin with what the parent process had
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:  # not a Unix
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
