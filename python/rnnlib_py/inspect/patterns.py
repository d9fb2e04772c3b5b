# SPDX-License-Identifier: Apache-2.0
"""Names chosen by patterns like "hidden_0_*"."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from fnmatch import fnmatchcase

from rnnlib_py._core import ConfigError


def select(names: _Seq[str], patterns: _Seq[str] | None, what: str) -> list[str]:
    """The names that match, pattern by pattern, each once; all when there are no patterns. ConfigError for a pattern
    that matches none; `what` names in it what they are names of."""
    if not patterns:
        return list(names)
    found: list[str] = []
    for pattern in patterns:
        matching = [name for name in names if fnmatchcase(name, pattern)]
        if not matching:
            raise ConfigError(f"no {what} is called '{pattern}'; there are {', '.join(names)}")
        found += matching
    return list(dict.fromkeys(found))
