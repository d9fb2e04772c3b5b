# SPDX-License-Identifier: Apache-2.0
"""Checks that CHANGELOG.md has the form of https://keepachangelog.com/en/1.1.0.

Usage: python ci/check_changelog.py [ROOT]. Versions are sections, the latest first: "[Unreleased]", then
"[1.2.0] - 2027-01-31", each with a link target. What changed is a list in one of six sections. Prints one line per
fault; exit status 1 when there are any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from faults import run_check

KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
VERSION = re.compile(r"\[(?:Unreleased|(?P<number>\d+\.\d+\.\d+))\](?: - (?P<date>\S+))?(?P<yanked> \[YANKED\])?")
TARGET = re.compile(r"^\[([^\]]+)\]: (https://\S+)$", re.MULTILINE)


def version_faults(title: str, earlier: tuple[int, ...] | None) -> Iterator[str]:
    """What is wrong with the title of a version; `earlier` is the number of the one above it."""
    match = VERSION.fullmatch(title)
    if match is None:
        yield f'"{title}" is neither "[Unreleased]" nor "[1.2.0] - 2027-01-31"'
        return
    if match["number"] is None:
        if match["date"] or earlier is not None:
            yield "[Unreleased] has no date and stands above all versions"
        return
    if earlier is not None and tuple(map(int, match["number"].split("."))) >= earlier:
        yield f"[{match['number']}] stands below an older version"
    try:
        date.fromisoformat(match["date"] or "")
    except ValueError:
        yield f"[{match['number']}] has no date like 2027-01-31"


def check_text(text: str) -> Iterator[tuple[int, str]]:
    """The faults of a changelog, with line numbers."""
    lines = text.splitlines()
    if lines[:1] != ["# Changelog"]:
        yield 1, 'the first line is not "# Changelog"'
    targets = dict(TARGET.findall(text))
    earlier: tuple[int, ...] | None = None
    version = kind = ""
    kinds: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            version, kind, kinds = line[3:], "", set()
            yield from ((number, fault) for fault in version_faults(version, earlier))
            match = VERSION.fullmatch(version)
            if match is not None:
                name = match["number"] or "Unreleased"
                if name not in targets:
                    yield number, f"[{name}] has no link target"
                if match["number"]:
                    earlier = tuple(map(int, match["number"].split(".")))
        elif line.startswith("### "):
            kind = line[4:]
            if kind not in KINDS:
                yield number, f'"{kind}" is none of {", ".join(KINDS)}'
            if kind in kinds:
                yield number, f'there is a second section "{kind}" of {version}'
            kinds.add(kind)
        elif line.startswith("- ") and not kind:
            yield number, "a change that stands in no section such as Added"
        elif line and version and not line.startswith(("- ", "  ")) and not TARGET.match(line):
            yield number, "neither a change (- ...) nor the rest of one"
    if not version:
        yield 1, "there is no version"


def check(root: Path) -> list[str]:
    """All faults of CHANGELOG.md in `root`, as "file:line: what is wrong"."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    return [f"CHANGELOG.md:{line}: {fault}" for line, fault in check_text(text)]


if __name__ == "__main__":
    sys.exit(run_check(check, "CHANGELOG.md", lambda root: (root / "CHANGELOG.md").is_file()))
