# SPDX-License-Identifier: Apache-2.0
"""Finds links of pages to files and sections that are not there.

Usage: python ci/check_links.py [ROOT] checks the links of Markdown pages, notebooks and HTML files within the
repository: by a relative path, by an anchor, or by the address that a file has on GitHub.
python ci/check_links.py --external [ROOT] asks the servers for every other address in the repository, also those in
sources and settings; what cannot be found out is listed and is no fault.
Prints one line per fault; exit status 1 when there are any.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from faults import run_check
from trees import FENCE, Tree, blank, places

REPOSITORY = "https://github.com/rnnlib-py/rnnlib-py"
IN_REPOSITORY = re.compile(re.escape(REPOSITORY) + r"/(?:blob|tree|raw)/main/(?P<path>[^#]+)")
PAGES = {".md", ".ipynb", ".html"}
TEXTS = {*PAGES, ".py", ".pyi", ".h", ".cpp", ".sh", ".cmake", ".toml", ".yml", ".yaml", ".cff", ".json", ".txt", ".in"}
# Names that are no pages: namespaces of XML, schemas, and addresses in examples.
NO_PAGES = (
    "http://www.w3.org/",
    "http://www.loc.gov/",
    "http://schema.",
    "https://json-schema.org/draft",
    "https://...",
)

LINK = re.compile(
    r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)=\"([^\"{}]+)\"", re.MULTILINE
)
URL = re.compile(r"https?://[^\s)>\]\"'`|,;}\\<]+")
PLACE = re.compile(r"\b(?:id|name)=\"([^\"]+)\"|^\(([\w-]+)\)=$", re.MULTILINE)
GONE = {404, 410}
SECONDS = 20


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST give a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain.lower()))


def page_text(tree: Tree, name: str) -> str:
    """A page as Markdown or HTML; of a notebook its cells of Markdown."""
    text = tree.text(name)
    if not name.endswith(".ipynb"):
        return FENCE.sub(lambda match: blank(match[0]), text)
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def anchors(tree: Tree, name: str) -> set[str]:
    """Where links into a page may lead: its headings (the second one of a name ends with -1), and places with names."""
    seen: Counter[str] = Counter()
    found = {match[1] or match[2] for match in PLACE.finditer(page_text(tree, name))}
    for heading in tree.headings(name):
        anchor = slug(heading)
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


def link_faults(tree: Tree, page: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a page's links within the repository, with line numbers."""
    for line, match in places(LINK, page_text(tree, page)):
        link = match[1] or match[2] or match[3]
        own = IN_REPOSITORY.match(link)
        parts = urlsplit(link)
        if own is None and (parts.scheme or parts.netloc):
            continue
        path = unquote(own["path"]) if own else unquote(parts.path)
        folder = tree.root if own else (tree.root / page).parent
        target = folder / path if path else tree.root / page
        if not target.exists():
            yield line, f"the link to {link} leads nowhere"
        elif parts.fragment and target.suffix in PAGES:
            name = target.resolve().relative_to(tree.root).as_posix()
            if unquote(parts.fragment) not in anchors(tree, name):
                yield line, f"{name} has no section #{parts.fragment}"


def check(root: Path) -> list[str]:
    """All faults of the pages of the tree at `root`, as "file:line: what is wrong"."""
    tree = Tree(root)
    return [
        f"{name}:{line}: {fault}"
        for name in tree.files
        if PurePosixPath(name).suffix in PAGES
        for line, fault in link_faults(tree, name)
    ]


def external_links(tree: Tree) -> dict[str, str]:
    """Address -> "file:line" of its first mention. Tests name addresses that do not exist."""
    found: dict[str, str] = {}
    for name in tree.files:
        if PurePosixPath(name).suffix not in TEXTS or name.startswith("tests/") or name == "ci/check_links.py":
            continue
        for line, match in places(URL, tree.text(name)):
            url = match[0].rstrip(".:")
            if not url.startswith((*NO_PAGES, REPOSITORY)):
                found.setdefault(url, f"{name}:{line}")
    return found


def answer(url: str) -> tuple[str, bool]:
    """What the server says, and whether the page is gone."""
    request = urllib.request.Request(url, headers={"User-Agent": "Mozilla/5.0 (rnnlib-py ci/check_links.py)"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            return f"status {reply.status}", False
    except urllib.error.HTTPError as error:
        return f"status {error.code}", error.code in GONE
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error)), False


def check_external(root: Path) -> list[str]:
    """Pages that are gone. What could not be found out is printed."""
    links = external_links(Tree(root))
    with ThreadPoolExecutor(8) as pool:
        answers = dict(zip(links, pool.map(answer, links), strict=True))
    good = [url for url, (text, _) in answers.items() if text == "status 200"]
    for url, (text, gone) in answers.items():
        if not gone and url not in good:
            print(f"{links[url]}: {url} is not known to be there ({text})", file=sys.stderr)
    print(f"links: {len(good)} of {len(links)} addresses answered", file=sys.stderr)
    return [f"{links[url]}: {url} is gone ({text})" for url, (text, gone) in answers.items() if gone]


if __name__ == "__main__":
    external = "--external" in sys.argv
    if external:
        sys.argv.remove("--external")
    sys.exit(run_check(check_external if external else check))
