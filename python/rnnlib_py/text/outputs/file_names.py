# SPDX-License-Identifier: Apache-2.0
"""Names for files with what was read in one sequence each."""

from __future__ import annotations

import re
from collections.abc import Sequence as _Seq

_OTHERS = re.compile(r"[^\w.-]+")
_LONGEST = 100  # characters: with an ending less than the 255 bytes that systems allow, in most scripts


def file_names(tags: _Seq[str], ending: str) -> list[str]:
    """A name for each tag, all of them different even where capitals do not count.

    Parameters
    ----------
    tags
        Letters, digits, "_", "-" and "." stay, whatever else there is (slashes, blanks) becomes "_".
    ending
        Of the names, with its dot.
    """
    taken: set[str] = set()
    names = []
    for tag in tags:
        stem = _OTHERS.sub("_", tag)[:_LONGEST].lstrip(".-") or "_"
        name, number = stem + ending, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}{ending}"
        taken.add(name.lower())
        names.append(name)
    return names
