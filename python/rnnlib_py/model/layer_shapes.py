# SPDX-License-Identifier: Apache-2.0
"""The shape of every layer for inputs of some shape."""

from __future__ import annotations

from collections.abc import Sequence as _Seq

from rnnlib_py.model.network import Network
from rnnlib_py.model.smaller_blocks import block_rows

Shape = tuple[int, ...]


def _shrink(shape: Shape, block: _Seq[int]) -> Shape:
    return tuple(-(-size // b) for size, b in zip(shape, block, strict=True))


def layer_shapes(network: Network, shape: Shape) -> dict[str, Shape]:
    """Layer name -> shape, without units. Every block layer shrinks what comes after it."""
    rows = block_rows(network.config, len(shape))
    shapes: dict[str, Shape] = {}
    current, above = shape, shape  # of the level, and of what stands on top of it
    for layer in network.layers:
        name = layer.name
        if name == "input_block":
            current = above = _shrink(current, rows["inputBlock"][0])
            shapes[name] = current
        elif name.startswith("hidden_") and name.endswith("_block"):
            above = _shrink(current, rows["hiddenBlock"][int(name.split("_")[1])])
            shapes[name] = above
        elif name.startswith(("subsample_", "gather_")):
            current = shapes[name] = above
        elif name.startswith("output"):
            shapes[name] = network.output_shape(shape)
        else:
            above = shapes[name] = current
    return shapes
