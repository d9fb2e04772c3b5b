# SPDX-License-Identifier: Apache-2.0
"""How many multiply-accumulates (MACs) a network needs, whatever program computes it.

A weight that is used at P points needs P of them in prediction. Training needs three times as many: forward, for the
errors of the inputs, and for the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rnnlib_py import Config, Network

TRAINING_FACTOR = 3


def _blocked(shape: Sequence[int], block: Sequence[int]) -> tuple[int, ...]:
    if not block or 0 in block:
        return tuple(shape)
    return tuple(-(-size // step) for size, step in zip(shape, block, strict=True))


def level_points(config: Config, shape: Sequence[int]) -> list[int]:
    """Points of each level's hidden layers for inputs of a shape (x first)."""
    shape = _blocked(shape, config.get("inputBlock", []))
    points = [math.prod(shape)]
    blocks = config.get("hiddenBlock", [])
    for level in range(len(config["hiddenSize"]) - 1):
        shape = _blocked(shape, blocks[level] if level < len(blocks) else [])
        points.append(math.prod(shape))
    return points


def forward_macs(network: Network, shape: Sequence[int]) -> int:
    """Multiply-accumulates of one forward pass over one sequence of a shape.

    Weights of a hidden layer (input, recurrent, bias, peepholes) are used at each of its points, those of a subsample
    layer at each point above the block, those of the output at each point of the last level, the output's bias at each
    point of the output. Tied weights count wherever they are used.
    """
    points = level_points(network.config, shape)
    output_points = math.prod(network.output_shape(shape))

    def points_of(connection: str) -> int:
        target = connection.rpartition("_to_")[2]  # all of it for hidden_0_1_peepholes
        kind, _, rest = target.partition("_")
        if kind == "output":
            return output_points if connection.startswith("bias_to_") else points[-1]
        level = int(rest.split("_")[0])
        return points[level + 1] if kind == "subsample" else points[level]

    sizes = {connection.name: connection.size for connection in network.core.connections()}
    for name, owner in network.core.shared_connections().items():
        sizes[name] = sizes[owner]
    return sum(size * points_of(name) for name, size in sizes.items())
