# SPDX-License-Identifier: Apache-2.0
"""Documents on the standard output, and as files in a folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from rnnlib_py.system.files import check_writable, make_folder, write_atomically
from rnnlib_py.system.output import Output
from rnnlib_py.text.outputs import FORMATS, Document, document_text, file_names


def print_document(document: Document, form: str) -> None:
    """To the standard output."""
    output = Output.over(sys.stdout)
    if FORMATS[form].is_utf8:
        output.write_json(document_text(document, form))
    else:
        output.write(document_text(document, form))


def write_folder(folder: Path, document: Document, form: str, tags: list[str] | None = None) -> None:
    """A file for each sequence; `tags`: what they are called by, None for the sequences' own tags."""
    make_folder(folder)
    check_writable(folder)
    names = file_names([line.tag for line in document.lines] if tags is None else tags, FORMATS[form].ending)
    for name, line in zip(names, document.lines, strict=True):
        write_atomically(folder / name, document_text(replace(document, lines=[line]), form))
