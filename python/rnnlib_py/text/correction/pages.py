# SPDX-License-Identifier: Apache-2.0
"""Lines that were read, divided into pages that a browser shows without delay."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as _Seq

from rnnlib_py.model.reading import ReadText
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.text.correction.line import make_line
from rnnlib_py.text.correction.page import Page, correction_page

LINES_PER_PAGE = 500  # 3 to 5 megabytes of usual pictures


def page_names(count: int, stem: str) -> list[str]:
    """The files of the pages of so many lines: `lines.html`, or `lines-1.html`, `lines-2.html`, ...."""
    pages = -(-count // LINES_PER_PAGE)
    digits = len(str(pages))
    return [f"{stem}.html"] if pages == 1 else [f"{stem}-{number + 1:0{digits}}.html" for number in range(pages)]


def make_pages(
    found: _Seq[ReadText], recipe: LineRecipe, model: str, stem: str = "lines", least_sure: int = 0
) -> Iterator[tuple[str, str]]:
    """Names and HTML of pages, one after the other, so that the pictures of one page only are in memory.

    Parameters
    ----------
    found
        What was read in files, of read_files.
    recipe
        The network's.
    model
        The network's file, to be named.
    stem
        What the pages' files are called.
    least_sure
        So many lines, those that the network was least sure of, stand before all others.

    Raises
    ------
    IoError, DataError
        A picture has gone or changed since it was read.
    """
    names = page_names(len(found), stem)
    ordered = _least_sure_first(found, least_sure)
    for i, name in enumerate(names):
        part = ordered[i * LINES_PER_PAGE : (i + 1) * LINES_PER_PAGE]
        yield name, correction_page(Page([make_line(read, recipe) for read in part], model, name, names))


def _least_sure_first(found: _Seq[ReadText], count: int) -> list[ReadText]:
    def sureness(number: int) -> float:
        sure = found[number].prediction.confidences
        return float(sure.mean()) if len(sure) else 0.0

    first = sorted(range(len(found)), key=sureness)[:count]
    chosen = set(first)
    return [found[i] for i in [*first, *(i for i in range(len(found)) if i not in chosen)]]
