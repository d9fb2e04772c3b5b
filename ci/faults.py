# SPDX-License-Identifier: Apache-2.0
"""What the checks of this folder share: a check gives the faults of a tree, and its script prints them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path


def run_check(
    check: Callable[[Path], list[str]], needs: str = "", has_it: Callable[[Path], object] = lambda root: root
) -> int:
    """Runs `check` on the tree that the first argument names, by default this one, and prints its faults, one a line.

    Returns the exit status: 1 when there are faults, 2 for a tree without what the check needs: `needs` says what that
    is, and `has_it` whether it is there.
    """
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    if not has_it(root):
        print(f"{root}: expected {needs}, found none", file=sys.stderr)
        return 2
    faults = check(root)
    for fault in faults:
        print(fault)
    return 1 if faults else 0
