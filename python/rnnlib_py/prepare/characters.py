# SPDX-License-Identifier: Apache-2.0
"""The characters of the texts: how often each occurs, which are rare, and which may be one letter written in two ways.

A character that occurs a few times cannot be learned, and one that stands for another's letter is learned as a second
letter that looks the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

RARE = 10  # occurrences in the training set: fewer are too few to learn from

# Characters that look alike in print, beside those that Unicode's compatibility forms make alike.
_ALIKE = ("'’ʼ′", '"”″', "-‐‑−", ",‚")  # noqa: RUF001


@dataclass(frozen=True)
class CharacterReport:
    """What characters() found.

    Attributes
    ----------
    counts : dict
        Character -> occurrences in all sets, in the order of their code points.
    rare : dict
        Those that occur in the training set less than 10 times, with these numbers; 0: not at all.
    mixed : list of dict
        Groups of characters that may be meant to be the same, with their counts in all sets.
    """

    counts: dict[str, int]
    rare: dict[str, int]
    mixed: list[dict[str, int]]

    def lines(self) -> list[str]:
        """Sentences about it."""
        made = [f"{len(self.counts):,} characters: {''.join(c for c in self.counts if c != ' ')}"]
        if self.rare:
            rare = sorted(self.rare.items(), key=lambda entry: entry[1])
            made.append(f"rare (less than {RARE} times in the training set): {_counts_text(rare)}")
        made += [f"written in several ways? {_counts_text(list(group.items()))}" for group in self.mixed]
        return made


def report_characters(training: Counter[str], everywhere: Counter[str]) -> CharacterReport:
    """Of the counts in the training set and in all sets."""
    counts = dict(sorted(everywhere.items()))
    rare = {character: training[character] for character in counts if training[character] < RARE}
    groups: dict[str, dict[str, int]] = {}
    for character, count in counts.items():
        groups.setdefault(_plain(character), {})[character] = count
    return CharacterReport(counts, rare, [group for group in groups.values() if len(group) > 1])


def _plain(character: str) -> str:
    """What characters that may be meant to be the same have in common."""
    for alike in _ALIKE:
        if character in alike:
            return alike[0]
    return unicodedata.normalize("NFKC", character)


def name_of(character: str) -> str:
    """As people can tell it: itself, with its code point where it is no common letter."""
    shown = character if character.isprintable() and not unicodedata.combining(character) else ""
    return shown if character.isascii() and shown else f"{shown} (U+{ord(character):04X})".strip()


def _counts_text(counts: list[tuple[str, int]]) -> str:
    return ", ".join(f"{name_of(character)} {count:,}" for character, count in counts)
