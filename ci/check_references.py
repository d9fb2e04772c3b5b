# SPDX-License-Identifier: Apache-2.0
"""Finds references to files, sections and documents that are not in the repository (links of pages: ci/check_links.py).

Usage: python ci/check_references.py [ROOT]. Prints one line per fault; exit status 1 when there are any. It reads the
sources, pages, configs and scripts that git has or would take. Strings in tests are left out: they name files that the
tests make.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from faults import run_check
from trees import Tree, blank, places

NAMED = "h|cpp|py|pyi|pyx|pxd|sh|cmake|md|yml|toml"  # endings of files that prose names
TEXT_SUFFIXES = {*(f".{ending}" for ending in NAMED.split("|")), ".c", ".in", ".config", ".txt"}
NOT_OURS = {"LICENSE", "NOTICE"}

# Names that look like files of ours and are none.
OTHERS = {
    "Eigen3Config.cmake",  # Eigen's
    "Python.h",  # Python's
    "self.cpp",  # Conan's
    "program.cpp",  # the reader's, in docs/cpp.md
}

FILE = re.compile(rf"(?<![\w./$<~*{{}}>\\-])((?:\.\./)*[\w-]+(?:/[\w.-]+)*\.(?:{NAMED}))(?![\w/(-])")
SECTION = re.compile(r'([\w./-]+\.md),\s+"([^"]+)"')
OTHER_DOCUMENT = re.compile(r"\bspec,?\s+(?:section|chapter|page)s?\s+\d|\(spec\s+\d|\.\./shared\b", re.IGNORECASE)
LINE_COMMENT = re.compile(r"//(.*)$", re.MULTILINE)
NEXT_LINE = re.compile(r"\n[ \t]*(?://|#)?")


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
        faults += [f"{name}:{line}: {fault}" for line, fault in sorted(set(found))]
    return faults


if __name__ == "__main__":
    sys.exit(run_check(check))
