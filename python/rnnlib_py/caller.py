# SPDX-License-Identifier: Apache-2.0
"""Whose line a warning points to."""

from __future__ import annotations

import sys

_PACKAGE = __name__.partition(".")[0]


def caller_level() -> int:
    """`stacklevel` for warnings.warn in the function that calls this: the first line outside this package."""
    level = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame = frame.f_back
        level += 1
    return level
