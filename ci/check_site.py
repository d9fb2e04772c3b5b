# SPDX-License-Identifier: Apache-2.0
"""Checks a site of HTML files: every link within it leads somewhere, no page loads anything from elsewhere, and no cell
of a notebook has written to the standard error, where warnings go.

Usage: python ci/check_site.py FOLDER. Prints a line per fault and a count; exit status 1 when there are faults.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links, the things to load, and the places to link to of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.warnings = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.places |= {values[name] for name in ("id", "name") if name in values}
        self.warnings += {"output", "stderr"} <= set(values.get("class", "").split())
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "icon", "preload", "shortcut icon"):
            self.loads.append(values.get("href", ""))
        elif tag in ("img", "script", "iframe", "source") and "src" in values:
            self.loads.append(values["src"])


def faults(folder: Path) -> tuple[int, list[str]]:
    """How many links and loads were checked, and what is wrong."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    found = [] if pages else [f"{folder}: no pages"]
    checked = 0
    for path, page in pages.items():
        name = path.relative_to(folder)
        found += [f"{name}: loads {load}" for load in page.loads if urlsplit(load).netloc]
        if page.warnings:
            found.append(f"{name}: {page.warnings} of its cells write to the standard error")
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            checked += 1
            target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
            if not target.exists():
                found.append(f"{name}: {link} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].places:
                found.append(f"{name}: {link}: no such place on that page")
    return checked, found


def main(folder: Path) -> int:
    checked, found = faults(folder.resolve())
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{folder}: {checked} links and files, {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
