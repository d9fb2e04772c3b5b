# SPDX-License-Identifier: Apache-2.0
"""Finds references to files, sections, link targets and documents that are not in the repository.

Usage: python ci/check_references.py [ROOT]. Prints one line per fault; exit status 1 when there are any. It reads the
sources, pages, configs and scripts that git has or would take. Strings in tests are left out: they name files that the
tests make.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from faults import run_check

NAMED = "h|cpp|py|pyi|pyx|pxd|sh|cmake|md|yml|toml"  # endings of files that prose names
TEXT_SUFFIXES = {*(f".{ending}" for ending in NAMED.split("|")), ".c", ".in", ".config", ".txt"}
NOT_OURS = {"LICENSE", "NOTICE"}

# Names that look like files of ours and are none.
OTHERS = {
    "Eigen3Config.cmake",  # Eigen's
    "Python.h",  # Python's
    "omp.h",  # the compiler's
    "program.cpp",  # the reader's, in docs/cpp.md
}

FILE = re.compile(rf"(?<![\w./$<~*{{}}>\\-])((?:\.\./)*[\w-]+(?:/[\w.-]+)*\.(?:{NAMED}))(?![\w/(-])")
SECTION = re.compile(r'([\w./-]+\.md),\s+"([^"]+)"')
OTHER_DOCUMENT = re.compile(r"\bspec,?\s+(?:section|chapter|page)s?\s+\d|\(spec\s+\d|\.\./shared\b", re.IGNORECASE)
LINK = re.compile(
    r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)=\"([^\"]+)\"", re.MULTILINE
)
FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)
LINE_COMMENT = re.compile(r"//(.*)$", re.MULTILINE)
NEXT_LINE = re.compile(r"\n[ \t]*(?://|#)?")


def blank(text: str) -> str:
    """As many blanks; line feeds stay, so that places and line numbers do."""
    return re.sub(r"[^\n]", " ", text)


def prose_of_python(text: str) -> str:
    """The text with everything blanked that is neither a comment nor a docstring (any string of three quotes)."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    kept = list(blank(text))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""')):
            first = starts[token.start[0] - 1] + token.start[1]
            kept[first : first + len(token.string)] = token.string
    return "".join(kept)


def prose_of_cpp(text: str) -> str:
    """The text with everything blanked that is not a // comment."""
    kept = list(blank(text))
    for match in LINE_COMMENT.finditer(text):
        kept[match.start() : match.end()] = match[0]
    return "".join(kept)


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST give a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain.lower()))


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


def file_faults(tree: Tree, name: str, prose: str) -> Iterator[tuple[int, str]]:
    """Files and folders that are named and are not there; a path is one fault, however it was found."""
    found: dict[tuple[int, int], str] = {}
    for pattern in (FILE, tree.top_folder):
        for line, match in places(pattern, prose):
            if match[1] not in OTHERS and not tree.has(match[1], name):
                found[line, match.start()] = match[1]
    for (line, _), reference in found.items():
        yield line, f"{reference} is not in the repository"


def section_faults(tree: Tree, prose: str) -> Iterator[tuple[int, str]]:
    """Citations such as: docs/behaviour.md, "Units"."""
    for line, match in places(SECTION, prose):
        page, section = match[1], " ".join(match[2].split())
        if page in tree.files and section not in tree.headings(page):
            yield line, f'{page} has no section "{section}"'
    for line, match in places(OTHER_DOCUMENT, prose):
        yield line, f'"{" ".join(match[0].split())}" is of a document that is not in the repository'


def link_faults(tree: Tree, page: str) -> Iterator[tuple[int, str]]:
    """Links of a Markdown page to files and to sections of pages."""
    text = FENCE.sub(lambda match: blank(match[0]), tree.text(page))
    for line, match in places(LINK, text):
        parts = urlsplit(match[1] or match[2] or match[3])
        if parts.scheme or parts.netloc:
            continue
        target = (tree.root / page).parent / unquote(parts.path) if parts.path else tree.root / page
        if not target.exists():
            yield line, f"the link to {match[1] or match[2] or match[3]} leads nowhere"
        elif parts.fragment and target.suffix == ".md":
            name = target.resolve().relative_to(tree.root).as_posix()
            if parts.fragment not in map(slug, tree.headings(name)):
                yield line, f"{name} has no section #{parts.fragment}"


def check(root: Path) -> list[str]:
    """All faults of the tree at `root`, as "file:line: what is wrong"."""
    tree = Tree(root)
    faults = []
    for name in tree.files:
        path = PurePosixPath(name)
        if path.name in NOT_OURS or (path.suffix not in TEXT_SUFFIXES and path.name != "Doxyfile"):
            continue
        text = prose = tree.text(name)
        if path.parts[0] == "tests" and path.suffix in (".py", ".pyi"):
            prose = prose_of_python(text)
        elif path.parts[0] == "tests" and path.suffix in (".h", ".c", ".cpp"):
            prose = prose_of_cpp(text)
        prose = NEXT_LINE.sub(lambda match: "\n" + " " * (len(match[0]) - 1), prose)
        found = [*file_faults(tree, name, prose), *section_faults(tree, prose)]
        if path.suffix == ".md":
            found += link_faults(tree, name)
        faults += [f"{name}:{line}: {fault}" for line, fault in sorted(set(found))]
    return faults


if __name__ == "__main__":
    sys.exit(run_check(check))
