# SPDX-License-Identifier: Apache-2.0
"""Warnings that point to the line of the user's program that they are about, however deep in the package they arise."""

from __future__ import annotations

import sys
import warnings

_NOT_THE_USER = (__name__.partition(".")[0], "warnings")  # the latter hands the data's warnings to a run's log


def warn_caller(text: str, category: type[Warning]) -> None:
    """A Python warning for the line that called into the package."""
    frame, level = sys._getframe(1), 2  # of this function's caller, as warnings.warn counts from here
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_USER:
        frame, level = frame.f_back, level + 1
    warnings.warn(text, category, stacklevel=level)
