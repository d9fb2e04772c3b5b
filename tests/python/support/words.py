# SPDX-License-Identifier: Apache-2.0
"""A small dictionary with bigrams, and outputs that read as its words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LABELS = ["a", "b", "␣"]
WORDS = "ab\nba\nAB a b\n"
ARPA = (
    "\\data\\\nngram 1=3\nngram 2=2\n\\1-grams:\n-0.5 ab -0.5\n-0.4 ba 0\n-1 AB -0.1\n"
    "\\2-grams:\n-0.1 ba AB\n-0.3 ab ba\n\\end\\\n"
)


def write_words(folder: Path) -> None:
    """words.txt and words.arpa."""
    (folder / "words.txt").write_text(WORDS, encoding="utf-8")
    (folder / "words.arpa").write_text(ARPA, encoding="utf-8")


def outputs_of(units: str, labels: list[str]) -> NDArray[np.float64]:
    """Outputs with a unit of 0.7 at each point; "-" is the blank."""
    all_units = [*labels, "-"]
    outputs = np.full((len(units), len(all_units)), 0.3 / len(labels))
    for point, unit in enumerate(units):
        outputs[point, all_units.index(unit)] = 0.7
    return outputs
