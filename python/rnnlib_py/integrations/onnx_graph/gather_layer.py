# SPDX-License-Identifier: Apache-2.0
"""Gather layers: the units of several layers side by side (docs/behaviour.md, "Layers")."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph


def add_gather(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds at most one node."""
    graph.put(layer.name, graph.side_by_side(layer.sources))
