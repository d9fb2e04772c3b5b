# SPDX-License-Identifier: Apache-2.0
"""Writes n-gram models as ARPA files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnnlib_py.system.files import replacing
from rnnlib_py.text.kneser_ney import Level, Reals

NEVER = -99.0  # the logarithm of 0, as other programs write it


def write_arpa(path: Path, words: list[str], levels: list[Level]) -> None:
    """Writes a model, packed by gzip when the name ends with .gz. IoError."""
    with replacing(path) as temporary:
        text = "".join(arpa_lines(words, levels)).encode("utf-8", "surrogateescape")
        temporary.write_bytes(gzip.compress(text, mtime=0) if path.suffix == ".gz" else text)


def arpa_lines(words: list[str], levels: list[Level]) -> Iterator[str]:
    """The lines of the file, with their line feeds."""
    yield "\\data\\\n"
    for n, level in enumerate(levels, 1):
        yield f"ngram {n}={np.count_nonzero(level.kept)}\n"
    texts = [""]
    for n, level in enumerate(levels, 1):
        yield f"\n\\{n}-grams:\n"
        ngrams = level.ngrams
        starts = [text and text + " " for text in texts]
        texts = [starts[p] + words[w] for p, w in zip(ngrams.prefix.tolist(), ngrams.word.tolist(), strict=True)]
        probabilities = _log10(level.probability)
        back_offs = _log10(level.back_off)
        is_highest = n == len(levels)
        for place in np.flatnonzero(level.kept).tolist():
            back_off = "" if is_highest else f"\t{back_offs[place]:.7g}"
            yield f"{probabilities[place]:.7g}\t{texts[place]}{back_off}\n"
    yield "\n\\end\\\n"


def _log10(values: Reals) -> list[float]:
    with np.errstate(divide="ignore"):
        found: list[float] = np.maximum(np.log10(values), NEVER).tolist()
    return found
