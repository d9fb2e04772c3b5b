# SPDX-License-Identifier: Apache-2.0
"""Doxygen's input filter (cpp/Doxyfile): a public header with its plain comments turned into Doxygen's.

A comment on lines of its own belongs to what follows (///), one behind code to that code (///<), together with lines
that go on in its column. The file's first comment tells what it is for. In C headers /* ... */ is treated alike.

Usage: python doxygen_filter.py HEADER, writes to the standard output.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

OWN = re.compile(r"^(\s*)//(?!/)( ?)(.*)$")
BEHIND = re.compile(r"^(.*\S.*?)(\s)//(?!/) (.*)$")


def filter_cpp(lines: list[str]) -> list[str]:
    out: list[str] = []
    column = -1  # of a comment behind code that may go on
    for number, line in enumerate(lines):
        own = OWN.match(line)
        if own and number == 0:  # the licence
            out.append("/// @file")
        elif own:
            go_on = len(own[1]) == column
            out.append(f"{own[1]}{'///<' if go_on else '///'} {own[3]}")
            if not go_on:
                column = -1
        else:
            behind = BEHIND.match(line)
            out.append(f"{behind[1]} ///< {behind[3]}" if behind else line)
            column = len(behind[1]) + len(behind[2]) if behind else -1
    return out


def filter_c(text: str) -> str:
    text = re.sub(r"/\* SPDX[^\n]*\n \*\n", "/** @file\n", text, count=1)
    text = re.sub(r"^(\s*)/\*(?![*]) (?![^\n]*-----)", r"\1/** ", text, flags=re.M)
    return re.sub(r"(\S[^\n]*\S\s+)/\*(?![*]) (?![^\n]*-----)", r"\1/**< ", text)


def main() -> None:
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    if text.startswith("/*"):
        sys.stdout.write(filter_c(text))
    else:
        sys.stdout.write("\n".join(filter_cpp(text.splitlines())) + "\n")


if __name__ == "__main__":
    main()
