# SPDX-License-Identifier: Apache-2.0
"""How many multiply-accumulates (MACs) a network needs, whatever program computes it.

A weight that is used at P points needs P of them in prediction. Training needs three times as many: forward, for the
errors of the inputs, and for the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rnnlib_py import Network

TRAINING_FACTOR = 3


def forward_macs(network: Network, shape: Sequence[int]) -> int:
    """Multiply-accumulates of one forward pass over one sequence of a shape (x first).

    Weights are used at each point of the layer they lead to; those of a collapse layer at each point of the layers that
    it sums over. Tied weights count wherever they are used.
    """
    points = {name: math.prod(sizes) for name, sizes in network.layer_shapes(shape).items()}
    kinds = {layer.name: layer.kind for layer in network.graph.layers}
    return sum(
        connection.size * points[connection.source if kinds[connection.target] == "collapse" else connection.target]
        for connection in network.graph.connections
    )
