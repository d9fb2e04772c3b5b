# SPDX-License-Identifier: Apache-2.0
"""How many cores this process may use: those it may run on, and the share of them that its control group has.

A container with a share of 2 cores on a machine of 64 sees all 64; threads beyond the share would only wait. Linux:
cgroups(7), `cpu.max` in version 2, `cpu.cfs_quota_us` in version 1.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def available_cores() -> int:
    """The cores this process may use, at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    share = cpu_share()
    return cores if share is None else min(cores, max(1, math.ceil(share)))


@functools.cache
def cpu_share(root: Path = Path("/")) -> float | None:
    """The control group's share of the machine's time in cores, None for no limit. Read once."""
    try:
        text = (root / "proc/self/cgroup").read_text()
    except (OSError, ValueError):
        return None
    shares = [share for line in text.splitlines() for share in _shares(root / "sys/fs/cgroup", line)]
    return min(shares, default=None)


def _shares(mount: Path, line: str) -> Iterator[float]:
    """The limits of a line `number:controllers:/path`: those of the group and of all above it."""
    _, _, rest = line.partition(":")
    controllers, _, path = rest.partition(":")
    group = PurePosixPath(path.lstrip("/"))
    for part in (group, *group.parents):  # in a container the path may be the machine's: only the root is there
        if not controllers:
            yield from _share(mount / part / "cpu.max")
        elif "cpu" in controllers.split(","):
            folder = mount / controllers / part
            yield from _share(folder / "cpu.cfs_quota_us", folder / "cpu.cfs_period_us")


def _share(*files: Path) -> Iterator[float]:
    """The quotient of the two numbers in the files, if there are any and they are no "max" or -1."""
    try:
        quota, period = (int(word) for file in files for word in file.read_text().split())
    except (OSError, ValueError):
        return
    if quota > 0 and period > 0:
        yield quota / period
