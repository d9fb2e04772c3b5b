# SPDX-License-Identifier: Apache-2.0
"""Are the labels of a transcription the words of a text, where its characters were meant?"""

from __future__ import annotations

from collections.abc import Mapping

# The words of a text are made of letters, and longer than the names of sounds and signs. In a few lines nearly all
# words occur once; a longer text has more words than letters, and, whatever its length, a large part of them occurs
# once.
LEAST_LETTERS = 3 / 4
LEAST_LENGTH = 3.0
FEW_WORDS, ONCE_IN_FEW = 6, 3 / 4
MANY_WORDS, ONCE_IN_MANY = 20, 1 / 3


def labels_like_text(counts: Mapping[str, int]) -> str:
    """A sentence when the labels that occur, with how often, look like the vocabulary of a text; else ""."""
    words = [word for word, count in counts.items() if count]
    once = sum(count == 1 for count in counts.values())
    alphabet = set("".join(words))
    few_lines = len(words) >= FEW_WORDS and once >= ONCE_IN_FEW * len(words)
    text = len(words) >= max(MANY_WORDS, len(alphabet)) and once >= ONCE_IN_MANY * len(words)
    if not (few_lines or text) or not _are_words(words):
        return ""
    return (
        f"the {len(words):,} labels look like the words of a text ({', '.join(words[:5])}, …; {once:,} of them occur "
        f"once), and each would be learned on its own: units='characters' of write_netcdf and Dataset makes each of "
        f"the {len(alphabet)} characters a label (units='words' says that words are meant)"
    )


def _are_words(labels: list[str]) -> bool:
    total = sum(map(len, labels))
    letters = sum(character.isalpha() for label in labels for character in label)
    return total >= LEAST_LENGTH * len(labels) and letters >= LEAST_LETTERS * total
