# SPDX-License-Identifier: Apache-2.0
"""Compares two systems on the same sequences (paired bootstrap): both see the same draws."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.text.bootstrap import Bootstrap, interval, ratio
from rnnlib_py.text.score import TextScore


@dataclass(frozen=True)
class Difference:
    """How the error rates of two systems differ in one unit.

    Attributes
    ----------
    first : float
        The rate of the first.
    second : float
        The rate of the second.
    difference : float
        The second less the first: below 0 the second is better.
    low : float
        Where the 95 % interval of the difference begins. It holds 0 where the sequences do not tell which is better.
    high : float
        Where it ends.
    second_better : float
        The part of the samples in which the second has the lower rate; samples without a difference count half.
    p_value : float
        How often chance alone makes such a difference (two-sided, from the samples).
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    second_better: float
    p_value: float

    def record(self) -> dict[str, Any]:
        """For JSON; what is not finite is None."""
        return {name: value if math.isfinite(value) else None for name, value in asdict(self).items()}


def compare(first: TextScore, second: TextScore, bootstrap: Bootstrap | None = None) -> dict[str, Difference]:
    """Which of two systems is better, and how sure that is.

    Parameters
    ----------
    first, second
        Scores of the same references.
    bootstrap
        How intervals are found; None: from 1000 samples.

    Returns
    -------
    dict
        Unit -> Difference.

    Raises
    ------
    DataError
        Scores of other references.
    """
    bootstrap = bootstrap or Bootstrap()
    if len(first.sequences) != len(second.sequences) or list(first.rates) != list(second.rates):
        raise DataError(
            f"expected scores of the same references, found {len(first.sequences)} sequences in "
            f"{', '.join(first.rates)} and {len(second.sequences)} in {', '.join(second.rates)}"
        )
    for one, other in zip(first.sequences, second.sequences, strict=True):
        if (one.tag, one.reference) != (other.tag, other.reference):
            raise DataError(f"sequence {one.number} has other references: '{one.tag}' and '{other.tag}'")
    units = list(first.rates)
    sums = bootstrap.sums(np.concatenate([score.counts(unit) for score in (first, second) for unit in units], axis=1))
    rates = ratio(sums[:, 0::2], sums[:, 1::2])  # [samples, units of the first, then those of the second]
    found = {}
    for i, unit in enumerate(units):
        before, after = rates[:, i], rates[:, len(units) + i]
        # Two infinite rates are equal.
        differences = np.where(before == after, 0.0, after - np.where(before == after, 0.0, before))
        less, more = int((differences < 0).sum()), int((differences > 0).sum())
        equal = len(differences) - less - more
        low, high = interval(differences)
        values = first.rates[unit].value, second.rates[unit].value
        difference = 0.0 if values[0] == values[1] else values[1] - values[0]
        # One more on either side: so many samples cannot show that chance never makes the difference.
        p_value = min(1.0, 2 * (min(less, more) + equal + 1) / (len(differences) + 1))
        better = (less + equal / 2) / len(differences)
        found[unit] = Difference(*values, difference, low, high, better, p_value)
    return found
