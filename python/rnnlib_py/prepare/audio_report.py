# SPDX-License-Identifier: Apache-2.0
"""What there is in prepared recordings: how long they are, the rates of the files, how often each label occurs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.characters import RARE

_SHOWN = 100  # labels that are listed


@dataclass(frozen=True, eq=False)
class AudioReport:
    """What audio() found.

    Attributes
    ----------
    seconds : ndarray
        float64 (recordings,). How long each is.
    rates : dict
        Samples per second of the files -> recordings.
    counts : dict
        Label -> occurrences in all sets; of task classification frames.
    rare : dict
        Those that occur in the training set less than 10 times, with these numbers; 0: not at all.
    """

    seconds: NDArray[np.float64]
    rates: dict[int, int]
    counts: dict[str, int]
    rare: dict[str, int]

    def lines(self) -> list[str]:
        """Sentences about it."""
        shortest, median, longest = np.percentile(self.seconds, (0, 50, 100))
        rates = ", ".join(f"{rate:,} Hz ({count:,})" for rate, count in self.rates.items())
        names = list(self.counts)
        shown = " ".join(names[:_SHOWN]) + (f" … {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
        made = [
            f"{_length(self.seconds.sum())} of recordings: {shortest:.2f} to {longest:.2f} s, half of them at least "
            f"{median:.2f} s; rates of the files: {rates}",
            f"{len(names):,} labels: {shown}",
        ]
        if self.rare:
            rare = sorted(self.rare.items(), key=lambda entry: entry[1])
            text = ", ".join(f"{name} {count}" for name, count in rare[:_SHOWN])
            more = f", … {len(rare) - _SHOWN:,} more" if len(rare) > _SHOWN else ""
            made.append(f"rare (less than {RARE} times in the training set): {text}{more}")
        return made


def report_audio(
    seconds: NDArray[np.float64], rates: Counter[int], training: Counter[str], everywhere: Counter[str]
) -> AudioReport:
    """Of the recordings, and of the labels in the training set and in all sets."""
    counts = dict(sorted(everywhere.items()))
    rare = {label: training[label] for label in counts if training[label] < RARE}
    return AudioReport(seconds, dict(rates.most_common()), counts, rare)


def _length(seconds: float) -> str:
    minutes = seconds / 60
    return f"{seconds:.1f} s" if minutes < 2 else f"{minutes:.1f} minutes" if minutes < 120 else f"{minutes / 60:.1f} h"
