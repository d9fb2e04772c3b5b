# SPDX-License-Identifier: Apache-2.0
"""Which function adds the nodes of which kind of layer. A new kind is a module beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable

from rnnlib_py._core import ConfigError, LayerInfo
from rnnlib_py.integrations.onnx_graph.block_layer import add_block
from rnnlib_py.integrations.onnx_graph.collapse_layer import add_collapse
from rnnlib_py.integrations.onnx_graph.convolution_layer import add_convolution
from rnnlib_py.integrations.onnx_graph.gather_layer import add_gather
from rnnlib_py.integrations.onnx_graph.hidden_layer import add_hidden
from rnnlib_py.integrations.onnx_graph.input_layer import add_input
from rnnlib_py.integrations.onnx_graph.join_layer import add_join
from rnnlib_py.integrations.onnx_graph.max_pooling_layer import add_max_pooling
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph
from rnnlib_py.integrations.onnx_graph.output_layer import add_output
from rnnlib_py.integrations.onnx_graph.subsample_layer import add_subsample

LAYERS: dict[str, Callable[[NetworkGraph, LayerInfo], None]] = {
    "input": add_input,
    "block": add_block,
    "hidden": add_hidden,
    "convolution": add_convolution,
    "max_pooling": add_max_pooling,
    "subsample": add_subsample,
    "gather": add_gather,
    "join": add_join,
    "collapse": add_collapse,
    "output": add_output,
}


def add_layers(graph: NetworkGraph) -> None:
    """All of a network's, from the input up. ConfigError, with its name, for a layer that cannot be exported."""
    for layer in graph.layers:
        if layer.kind not in LAYERS:
            raise ConfigError(f"layer {layer.name}: layers of the kind {layer.kind} cannot be exported to ONNX")
        with graph.builder.layer(layer.name):
            LAYERS[layer.kind](graph, layer)
