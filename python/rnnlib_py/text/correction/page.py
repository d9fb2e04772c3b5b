# SPDX-License-Identifier: Apache-2.0
"""A page of corrections: one HTML file with pictures and script in it, which needs no server and no network.

page.html, page.css and page.js beside this file are its parts. The lines are JSON in the page; its policy lets the
browser run no other script and load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence as _Seq
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from rnnlib_py.prepare.correction_format import FORMAT, VERSION
from rnnlib_py.system.output import json_text, printable
from rnnlib_py.system.units import count_text
from rnnlib_py.text.correction.line import CorrectionLine


@dataclass(frozen=True)
class Page:
    """What stands on one page, and beside which others.

    Attributes
    ----------
    lines : list of CorrectionLine
        In the order in which they are shown first.
    model : str
        The network's file.
    name : str
        The page's file.
    names : list of str
        The files of all pages.
    """

    lines: _Seq[CorrectionLine]
    model: str
    name: str
    names: _Seq[str]


def correction_page(page: Page) -> str:
    """The HTML of a page."""
    style, script = _part("page.css"), _part("page.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "POLICY": policy,
        "TITLE": _text(f"{count_text(len(page.lines), 'line')} read by {page.model}"),
        "PAGES": _links(page),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": _data(page),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("page.html"))


@cache
def _part(name: str) -> str:
    return resources.files("rnnlib_py.text.correction").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a policy names the script or style that may be used."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


def _text(text: str) -> str:
    return html.escape(printable(text).encode("utf-8", "backslashreplace").decode())


def _links(page: Page) -> str:
    if len(page.names) == 1:
        return ""
    links = [
        f"<b>{number}</b>" if name == page.name else f'<a href="{html.escape(quote(name))}">{number}</a>'
        for number, name in enumerate(page.names, 1)
    ]
    return f'<nav aria-label="Pages">Page {" ".join(links)}</nav>'


def _data(page: Page) -> str:
    """JSON that cannot end the element that it stands in."""
    known = "".join(f"{line.sha256} {line.text}\n" for line in page.lines)
    record = {
        "format": FORMAT,
        "version": VERSION,
        "model": page.model,
        "file": f"{page.name.removesuffix('.html')}.corrections.json",
        "id": hashlib.sha256(f"{page.model}\n{known}".encode("utf-8", "surrogatepass")).hexdigest()[:16],
        "lines": [_record(line) for line in page.lines],
    }
    return json_text(record).replace("<", "\\u003c")


def _record(line: CorrectionLine) -> dict[str, Any]:
    pieces = [(text, round(sure, 3)) for text, sure in line.pieces]
    return {**asdict(line), "confidence": round(line.confidence, 4), "pieces": pieces}
