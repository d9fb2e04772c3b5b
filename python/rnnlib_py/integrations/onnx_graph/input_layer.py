# SPDX-License-Identifier: Apache-2.0
"""The input layer: its rows are those that the graph was given."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph


def add_input(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds no node."""
    graph.put(layer.name, graph.given)
