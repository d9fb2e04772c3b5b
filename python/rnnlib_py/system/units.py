# SPDX-License-Identifier: Apache-2.0
"""Numbers with their units, for people."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq

from rnnlib_py import _core


def plain(value: float, digits: int = 6) -> str:
    """With so many significant digits and never an exponent, which programs that cut a log into words trip over."""
    if not math.isfinite(value) or value == 0:
        return f"{value:g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def clock_text(seconds: float) -> str:
    """0:07, 12:34, 1:02:03, 3 days 4 h."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def bytes_text(count: int) -> str:
    """1.5 GiB (powers of 1024)."""
    size, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            break
        size /= 1024
    return f"{plain(size, 3)} {unit}"


def rate_text(name: str, value: float) -> str:
    """An error's value for people who follow a run: 6.97, or 4.1 % for a rate."""
    if not _core.prints_as_percent(name):
        return plain(value, 3)
    return f"{plain(100 * value, 3)} %"


def count_text(count: int, noun: str) -> str:
    """1 sequence, 1,234 sequences."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def direction_text(directions: _Seq[int]) -> str:
    """+1,-1: a layer's direction in each dimension."""
    return ",".join(f"{direction:+d}" for direction in directions)
