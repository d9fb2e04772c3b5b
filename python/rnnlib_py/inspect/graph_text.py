# SPDX-License-Identifier: Apache-2.0
"""A network's graph as JSON, for programs, and in Graphviz's DOT language, for pictures (`rnnlib-py info --format`)."""

from __future__ import annotations

import json
from typing import Any

from rnnlib_py._core import Connection, LayerInfo
from rnnlib_py.model.network import Network
from rnnlib_py.system.units import count_text, direction_text

_SIZES = ("block", "kernel", "size", "num_weights")
_LAYER = ("name", "kind", "type", "level", "direction", "directions", "sources", *_SIZES)
_CONNECTION = ("name", "kind", "source", "target", "delay", "owner", "gates", "offset", "rows", "cols")


def graph_json(network: Network) -> str:
    """Lines of JSON: what the network is for, its layers and its connections, with the attributes of Network.graph."""
    header, graph = network.header, network.graph
    content: dict[str, Any] = {
        "task": network.task,
        "num_dims": header.num_dims,
        "input_size": header.input_size,
        "output_size": network.output_size,
        "labels": list(header.labels),
        "num_weights": network.num_weights,
        "layers": [{name: getattr(layer, name) for name in _LAYER} for layer in graph.layers],
        "connections": [{name: getattr(connection, name) for name in _CONNECTION} for connection in graph.connections],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def graph_dot(network: Network) -> str:
    """A graph whose nodes are layers, from the bottom up; edges are connections, dotted ones copies without weights."""
    graph = network.graph
    lines = ["digraph network {", "  rankdir=BT;", "  node [shape=box, fontname=sans];", "  edge [fontname=sans];"]
    lines += [f"  {_quoted(layer.name)} [label={_quoted(_layer_label(layer))}];" for layer in graph.layers]
    weighted = {(connection.source, connection.target) for connection in graph.connections}
    for layer in graph.layers:
        copied = [source for source in layer.sources if (source, layer.name) not in weighted]
        lines += [f"  {_quoted(source)} -> {_quoted(layer.name)} [style=dotted];" for source in copied]
    for connection in graph.connections:
        if connection.source:  # biases have none
            edge = f"{_quoted(connection.source)} -> {_quoted(connection.target)}"
            lines.append(f"  {edge} [label={_quoted(_edge_label(connection))}];")
    return "\n".join([*lines, "}"])


def _layer_label(layer: LayerInfo) -> str:
    directions = f" {direction_text(layer.directions)}" if layer.directions else ""
    sizes = layer.block or layer.kernel
    points = f" {'x'.join(map(str, sizes))}" if sizes else ""
    return f"{layer.name}\n{layer.type}{directions}{points}, {count_text(layer.size, 'unit')}"


def _edge_label(connection: Connection) -> str:
    if connection.kind == "peephole":
        return "peepholes"
    delay = f"({','.join(map(str, connection.delay))}) " if connection.delay else ""
    tied = f" of {connection.owner}" if connection.owner != connection.name else ""
    return f"{delay}{connection.rows}x{connection.cols}{tied}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
