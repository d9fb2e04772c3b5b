# SPDX-License-Identifier: Apache-2.0
"""Times as people and batch systems write them."""

from __future__ import annotations

import math
import re
from numbers import Real

from rnnlib_py._core import ConfigError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?", re.ASCII)


def parse_duration(text: str, what: str) -> float:
    """Seconds: "90" or "90s", "30m", "4h", "2d", "50:00" (minutes and seconds), "3:50:00", "1-12:00:00" (a day and 12
    hours; after a day the first number is hours, as Slurm has it). ConfigError, which `what` begins, for all else."""
    match = _WITH_UNIT.fullmatch(text)
    seconds = _clock_seconds(text, what) if match is None else float(match[1]) * _UNITS[match[2] or "s"]
    if not 0 < seconds < math.inf:
        raise ConfigError(f"{what} is '{text}', expected more than 0 seconds")
    return seconds


def as_seconds(limit: float | str, what: str) -> float:
    """Seconds from a number of them or from a text as above. Raises ConfigError."""
    if isinstance(limit, str):
        return parse_duration(limit, what)
    if isinstance(limit, bool) or not isinstance(limit, Real) or not 0 < limit < math.inf:
        raise ConfigError(f"{what} is {limit!r}, expected a number of seconds above 0, or a text such as '3:50:00'")
    return float(limit)


def _clock_seconds(text: str, what: str) -> float:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ConfigError(f"{what} is '{text}', expected a time such as 90s, 30m, 4h, 3:50:00 or 1-12:00:00")
    days, parts = match[1], [int(part) for part in match.groups()[1:] if part is not None]
    if days is not None:  # hours, then what else there is
        parts += [0] * (3 - len(parts))
    if any(part >= 60 for part in parts[1:]):
        raise ConfigError(f"{what} is '{text}': minutes and seconds after a colon are less than 60")
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + part
    return 86400 * int(days or 0) + seconds
