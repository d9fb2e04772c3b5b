# SPDX-License-Identifier: Apache-2.0
"""The order in which a network's parts are shown: from the input to the output."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d+")


def network_order(name: str) -> tuple[int, ...]:
    """A sort key for layers and what is named after them: input, then level by level (its hidden layers, what stands on
    them), then output. Equal for variables of one layer."""
    numbers = [int(digits) for digits in _NUMBER.findall(name.split("_delay_")[0])]
    if name.startswith("input_block"):
        return (0, 1)
    if name.startswith("input"):
        return (0, 0)
    if name.startswith("hidden_"):
        above = 1 if "_block" in name else 0
        return (1, *numbers[:1], 0, above, *numbers[1:2])
    if name.startswith(("subsample_", "gather_")):
        return (1, *numbers[:1], 1)
    return (2, 0 if "collapse" in name else 1)
