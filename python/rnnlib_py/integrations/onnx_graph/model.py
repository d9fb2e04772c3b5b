# SPDX-License-Identifier: Apache-2.0
"""From a network to a complete ONNX model: inputs, normalisation, layers, outputs, metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.data.normalisation import Scale, stored_names
from rnnlib_py.data.tasks import find_task
from rnnlib_py.integrations.onnx_graph.builder import Builder
from rnnlib_py.integrations.onnx_graph.grid import Grid
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows
from rnnlib_py.integrations.onnx_graph.registry import add_layers
from rnnlib_py.model.network import Network

INPUTS, SIZES, OUTPUTS, OUTPUT_SIZES = "inputs", "sizes", "outputs", "output_sizes"
_NO_LIMIT = 2**31  # a size that no padded batch has


def make_model(
    network: Network, opset: int, half: bool, normalise: bool, metadata: Mapping[str, str]
) -> onnx.ModelProto:
    """The model; see rnnlib_py.integrations.onnx for what the parameters mean."""
    header = network.header
    builder = Builder(opset, half)
    scales = network.normalisation if normalise else {}
    rows = _given(builder, header.num_dims, header.input_size, scales.get("inputs"))
    graph = NetworkGraph(network, builder, rows)
    add_layers(graph)
    last = graph.rows(graph.layers[-1].name)
    outputs = [_add_outputs(graph, last, scales.get("targetPatterns"))]
    if last.grid.num_dims:
        builder.nodes.append(helper.make_node("Identity", [last.grid.sizes], [OUTPUT_SIZES], name=OUTPUT_SIZES))
        outputs.append(_info(OUTPUT_SIZES, TensorProto.INT64, ["batch", last.grid.num_dims], "of each output"))
    made = helper.make_graph(
        builder.nodes,
        "network",
        _input_infos(header.num_dims, header.input_size),
        outputs,
        [*builder.constants, *_default_sizes(header.num_dims)],
        doc_string=f"{network.task}, {network.num_weights:,} weights",
    )
    imports = [helper.make_opsetid("", opset)]
    model = helper.make_model(
        made,
        producer_name="rnnlib-py",
        producer_version=_core.__version__,
        opset_imports=imports,
        ir_version=max(4, helper.find_min_ir_version_for(imports)),  # 4: constants need not be inputs
    )
    own = _metadata(network)
    for name in metadata:
        if name in own:
            raise ConfigError(f"metadata {name!r}: the file itself uses this name")
    helper.set_model_props(model, {**own, **metadata})
    return model


def _given(b: Builder, num_dims: int, input_size: int, scale: Scale | None) -> Rows:
    """The rows of the input layer."""
    shape = b.op("Shape", INPUTS)
    batch, *lengths = b.split(shape, [1] * (num_dims + 2), axis=0)[:-1]
    sizes = ""
    if num_dims:
        own = b.op("Min", SIZES, b.concat(lengths, axis=0))
        sizes = b.op("Expand", own, b.concat([batch, b.ints(num_dims)], axis=0))
    tensor = INPUTS
    if scale is not None:  # in double, as the engine does it
        centred = b.op("Sub", b.cast(INPUTS, np.float64), b.constant(scale.means, np.float64, "means"))
        tensor = b.cast(b.op("Div", centred, b.constant(scale.divisors, np.float64, "stds")), np.float32)
    return Rows(tensor, Grid(b, batch, lengths, sizes), input_size)


def _add_outputs(graph: NetworkGraph, last: Rows, scale: Scale | None) -> onnx.ValueInfoProto:
    b, rows = graph.builder, last
    if scale is not None:
        scaled = b.op("Mul", b.cast(rows.tensor, np.float64), b.constant(scale.divisors, np.float64, "stds"))
        added = b.op("Add", scaled, b.constant(scale.means, np.float64, "means"))
        rows = Rows(b.cast(added, np.float32), rows.grid, rows.size)
    tensor = graph.masked(rows).tensor
    b.nodes.append(helper.make_node("Identity", [tensor], [OUTPUTS], name=OUTPUTS))
    points = [f"output_size_{d}" for d in range(rows.grid.num_dims)]
    return _info(OUTPUTS, TensorProto.FLOAT, ["batch", *points, rows.size], "probabilities, or values of regression")


def _input_infos(num_dims: int, input_size: int) -> list[onnx.ValueInfoProto]:
    points = [f"size_{d}" for d in range(num_dims)]
    inputs = [_info(INPUTS, TensorProto.FLOAT, ["batch", *points, input_size], "sequences, padded to one shape")]
    if num_dims:
        inputs.append(_info(SIZES, TensorProto.INT64, ["sequences", num_dims], "of each sequence; default: all points"))
    return inputs


def _default_sizes(num_dims: int) -> list[onnx.TensorProto]:
    if not num_dims:
        return []
    return [onnx.numpy_helper.from_array(np.full((1, num_dims), _NO_LIMIT, np.int64), SIZES)]


def _info(name: str, kind: int, shape: list[str | int], meaning: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape, doc_string=meaning)


def _metadata(network: Network) -> dict[str, str]:
    """What a program needs to use the outputs, and what the sources of the inputs were."""
    task = find_task(network.task)
    labels = list(network.header.labels)
    found = {"task": task.name, "rnnlib_version": _core.__version__}
    if labels:
        found["labels"] = json.dumps(labels, ensure_ascii=False)
    if task.has_blank:
        found["blank"] = str(len(labels))
    if network.recipe:
        found["recipe"] = network.recipe
    for variable, scale in network.normalisation.items():
        means, stds = stored_names(variable)[0]
        found[means] = " ".join(map(repr, scale.means.tolist()))
        found[stds] = " ".join(map(repr, scale.stds.tolist()))
    return found
