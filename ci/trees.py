# SPDX-License-Identifier: Apache-2.0
"""The files of a repository, as the checks of this folder see them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)


def blank(text: str) -> str:
    """As many blanks; line feeds stay, so that places and line numbers do."""
    return re.sub(r"[^\n]", " ", text)


class Tree:
    """The files of a repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        listed = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, capture_output=True, check=True).stdout.decode().split("\0")
        self.files = [name for name in names if name and (root / name).is_file()]

    @cached_property
    def known(self) -> set[str]:
        """Every file and folder, by its whole path and by every ending of it: drawings/make.py, make.py, ...."""
        paths = {*self.files, *(str(parent) for name in self.files for parent in PurePosixPath(name).parents)}
        return {"/".join(parts[i:]) for path in paths for parts in [path.split("/")] for i in range(len(parts))}

    @cached_property
    def top_folder(self) -> re.Pattern[str]:
        """Matches what begins with a folder of the root: "docs/config.md", "tests/golden"."""
        folders = sorted({name.split("/")[0] for name in self.files if "/" in name})
        return re.compile(rf"(?<![\w./$<~*}}>\\-])((?:{'|'.join(map(re.escape, folders))})/[\w./-]*\w)")

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def has(self, reference: str, beside: str) -> bool:
        """Whether a file or folder is called so, as a path's ending or seen from the file that says it."""
        name = reference.rstrip("./")
        seen_from = (self.root / beside).parent / name
        return name in self.known or (self.root / name).exists() or seen_from.exists()

    def headings(self, page: str) -> list[str]:
        return HEADING.findall(FENCE.sub(lambda match: blank(match[0]), self.text(page)))


def places(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The matches with their line numbers."""
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match
