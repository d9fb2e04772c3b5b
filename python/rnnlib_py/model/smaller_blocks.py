# SPDX-License-Identifier: Apache-2.0
"""Do transcription targets fit the network's output, and if not, which smaller blocks would do?

A target of n labels with r equal neighbours needs n + r steps (Graves et al. 2006); the output of a network with blocks
b_1, b_2, … along dimension 0 has ceil(… ceil(length / b_1) / b_2 …) steps.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.config import Config, format_value

Lengths = NDArray[np.int64]


def block_rows(config: Config, num_dims: int) -> dict[str, list[list[int]]]:
    """Blocks as rows with a number per dimension: "inputBlock" (one row, or none), "poolSize" and "hiddenBlock" (one
    per level, in the dimensions of the level)."""

    def spread(values: list[int], n: int) -> list[int]:
        return list(values) * n if len(values) == 1 else list(values)

    level_dims = spread(config.get("levelDims", [num_dims]), len(config["hiddenSize"]))
    one = config.get("inputBlock", [])
    rows = {"inputBlock": [spread(one, num_dims)] if one and 0 not in one else []}
    for name in ("poolSize", "hiddenBlock"):
        rows[name] = [spread(row, dims) for row, dims in zip(config.get(name, []), level_dims, strict=False)]
    return rows


def output_steps(lengths: Lengths, blocks: Iterable[int]) -> Lengths:
    """Steps of the output for inputs of these lengths along dimension 0."""
    for block in blocks:
        lengths = -(-lengths // block)
    return lengths


def _fits(lengths: Lengths, needed: Lengths, blocks: Iterable[int]) -> bool:
    return bool((output_steps(lengths, blocks) >= needed).all())


def find_smaller_blocks(sizes: list[int], lengths: Lengths, needed: Lengths) -> list[int] | None:
    """Block sizes along dimension 0, none larger than `sizes`, with which all targets fit: those that shorten most, and
    of those the ones that change fewest sizes; None when even the inputs are too short."""
    if not _fits(lengths, needed, [1] * len(sizes)):
        return None
    candidates = itertools.product(*(range(1, size + 1) for size in sizes))

    def preference(blocks: tuple[int, ...]) -> tuple[int, int]:
        return -math.prod(blocks), sum(a != b for a, b in zip(blocks, sizes, strict=True))

    return next(list(blocks) for blocks in sorted(candidates, key=preference) if _fits(lengths, needed, blocks))


def suggestion(config: Config, num_dims: int, lengths: Lengths, needed: Lengths) -> str:
    """A sentence that names settings with which all targets would fit."""
    rows = block_rows(config, num_dims)
    flat = [row for blocks in rows.values() for row in blocks]
    found = find_smaller_blocks([row[0] for row in flat], lengths, needed)
    if found is None:
        count = int((lengths < needed).sum())
        return f"no blocks would do: {count} of the targets need more steps than their inputs have"
    for row, size in zip(flat, found, strict=True):
        row[0] = size
    values = {name: blocks[0] if name == "inputBlock" else blocks for name, blocks in rows.items() if blocks}
    settings = [f"{name} {format_value(value)}" for name, value in values.items()]
    return f"all targets would fit with {' and '.join(settings)}"
