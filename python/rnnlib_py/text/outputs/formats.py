# SPDX-License-Identifier: Apache-2.0
"""The formats that there are. A new one: a module beside this with a function that makes the text, and a line below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.text.outputs.alto import alto_text
from rnnlib_py.text.outputs.ctm import ctm_text
from rnnlib_py.text.outputs.document import Document
from rnnlib_py.text.outputs.hocr import hocr_text
from rnnlib_py.text.outputs.json_lines import json_lines_text
from rnnlib_py.text.outputs.page import page_text
from rnnlib_py.text.outputs.plain import plain_text
from rnnlib_py.text.outputs.tsv import tsv_text

Needs = Literal["any task", "text", "images", "seconds"]


@dataclass(frozen=True)
class OutputFormat:
    """A format: the ending of its files, what it needs, and what makes the text."""

    ending: str
    needs: Needs
    make: Callable[[Document], str]
    is_utf8: bool = True  # programs read it; else people do, in the encoding of their console


FORMATS = {
    "jsonl": OutputFormat(".jsonl", "any task", json_lines_text),
    "text": OutputFormat(".txt", "text", plain_text, is_utf8=False),
    "tsv": OutputFormat(".tsv", "text", tsv_text, is_utf8=False),
    "hocr": OutputFormat(".hocr", "images", hocr_text),
    "alto": OutputFormat(".xml", "images", alto_text),
    "page": OutputFormat(".xml", "images", page_text),
    "ctm": OutputFormat(".ctm", "seconds", ctm_text, is_utf8=False),
}


def document_text(document: Document, form: str) -> str:
    """A document as the text of a file.

    Parameters
    ----------
    document
        Of make_document.
    form
        "jsonl", "text", "tsv", "hocr", "alto", "page" or "ctm".

    Raises
    ------
    ConfigError
        Another format, or one that cannot hold these predictions: all but "jsonl" are for transcription, "text" and
        "tsv" for sequence_classification, too, "hocr", "alto" and "page" for images (2 dimensions), and "ctm" needs the
        seconds of a point.
    """
    dims = next((len(line.shape) for line in document.lines), 2)
    return check_format(form, document.task, dims, document.seconds).make(document)


def check_format(form: str, task: str, dims: int, seconds: float | None) -> OutputFormat:
    """The format; ConfigError where it cannot hold what a network of this task and so many dimensions reads."""
    if form not in FORMATS:
        raise ConfigError(f"format {form!r}: expected one of {', '.join(FORMATS)}")
    found = FORMATS[form]
    kind = find_task(task)
    has_text = kind.transcribes or (found.needs == "text" and kind.has_labels and not kind.per_point)
    if found.needs != "any task" and not has_text:
        raise ConfigError(f"format {form} is for transcription, the network's task is {task}: use jsonl")
    if found.needs == "images" and dims != 2:
        raise ConfigError(f"format {form} is for images, expected 2 dimensions: the sequences have {dims}")
    if found.needs == "seconds" and seconds is None:
        raise ConfigError(f"format {form} needs the time of an input point: --frame-rate or --frame-shift")
    return found
