# SPDX-License-Identifier: Apache-2.0
"""Nodes and constants of an ONNX graph under construction. Values are known by their names, as in ONNX itself.

Operators that changed between versions of the operator set are written here only, in the form that the version asks
for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike, NDArray
from onnx import TensorProto, helper, numpy_helper

Value = str  # the name of a tensor in the graph

_AXES_ARE_INPUTS = {"ReduceSum": 13, "ReduceMax": 18}  # since which operator set


class Builder:
    """A graph, or the body of a loop in one: `nodes` in their order. A body's constants are those of its graph."""

    def __init__(self, opset: int, half: bool = False) -> None:
        self.opset = opset
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._half = half  # weights are kept as float16
        self._names: dict[str, int] = {}
        self._layer = ""
        self._known: dict[tuple[str, bytes, tuple[int, ...]], Value] = {}
        self._graph = self

    @contextmanager
    def layer(self, name: str) -> Iterator[None]:
        """Nodes that are made inside are called after a layer."""
        before, self._layer = self._layer, name
        yield
        self._layer = before

    def body(self) -> Builder:
        """For the nodes of a loop: they may use all values of this graph."""
        inner = Builder(self.opset)
        inner._layer, inner._graph = self._layer, self._graph
        return inner

    def new_name(self, stem: str) -> str:
        """A name that nothing has yet, after the layer."""
        name = f"{self._layer}/{stem}" if self._layer else stem
        count = self._graph._names.get(name, 0)
        self._graph._names[name] = count + 1
        return f"{name}_{count}" if count else name

    # --- constants ---

    def constant(self, values: ArrayLike, dtype: Any = None, stem: str = "constant") -> Value:
        """The same numbers are kept once."""
        array = np.asarray(values, dtype=dtype)
        graph = self._graph
        key = (array.dtype.str, array.tobytes(), array.shape)
        if key not in graph._known:
            graph._known[key] = self.new_name(stem)
            graph.constants.append(numpy_helper.from_array(array, graph._known[key]))
        return graph._known[key]

    def ints(self, *values: int) -> Value:
        """int64 [len(values)]."""
        return self.constant(values, np.int64)

    def weights(self, values: NDArray[np.float64], stem: str) -> Value:
        """float32, in the file perhaps as float16."""
        if self._graph is not self:
            return self._graph.weights(values, stem)  # outside of the loop
        if not self._half:
            return self.constant(values, np.float32, stem)
        stored = self.constant(values, np.float16, f"{stem}_float16")
        return self.cast(stored, np.float32)

    # --- nodes ---

    def op(self, kind: str, *inputs: Value, stem: str = "", **attributes: Any) -> Value:
        """Adds a node with one output. An input "" is left out."""
        return self.ops(kind, 1, *inputs, stem=stem, **attributes)[0]

    def ops(self, kind: str, outputs: int, *inputs: Value, stem: str = "", **attributes: Any) -> list[Value]:
        """Adds a node."""
        name = self.new_name(stem or kind)
        names = [name] + [f"{name}:{i}" for i in range(1, outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=name, **attributes))
        return names

    def cast(self, value: Value, dtype: Any) -> Value:
        return self.op("Cast", value, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def concat(self, values: list[Value], axis: int) -> Value:
        return values[0] if len(values) == 1 else self.op("Concat", *values, axis=axis)

    def slice(self, value: Value, axis: int, begin: int, end: int) -> Value:
        return self.op("Slice", value, self.ints(begin), self.ints(end), self.ints(axis))

    def split(self, value: Value, sizes: list[int], axis: int = -1) -> list[Value]:
        if len(sizes) == 1:
            return [value]
        return self.ops("Split", len(sizes), value, self.ints(*sizes), axis=axis)

    def reshape(self, value: Value, shape: Value) -> Value:
        return self.op("Reshape", value, shape)

    def transpose(self, value: Value, *axes: int) -> Value:
        return self.op("Transpose", value, perm=list(axes))

    def zeros(self, shape: Value) -> Value:
        """float32 of that shape."""
        return self.op("ConstantOfShape", shape, value=helper.make_tensor("zero", TensorProto.FLOAT, [1], [0.0]))

    def reduce(self, kind: str, value: Value, axes: list[int], keep: bool = False) -> Value:
        """`kind`: ReduceSum or ReduceMax."""
        if not axes:
            return value
        if self.opset >= _AXES_ARE_INPUTS[kind]:
            return self.op(kind, value, self.ints(*axes), keepdims=int(keep))
        return self.op(kind, value, axes=axes, keepdims=int(keep))

    def total(self, kind: str, values: list[Value]) -> Value:
        """Values joined in pairs by an operator such as Add."""
        result = values[0]
        for value in values[1:]:
            result = self.op(kind, result, value)
        return result

    def range(self, end: Value) -> Value:
        """int64 [end]: 0, 1, …; `end` has the shape [1]."""
        scalar = self.op("Squeeze", end, self.ints(0))
        return self.op("Range", self.constant(0, np.int64), scalar, self.constant(1, np.int64))

    def along(self, vector: Value, axis: int, num_axes: int) -> Value:
        """A vector [n] as an array of `num_axes` axes, all of size 1 but this one."""
        others = [i for i in range(num_axes) if i != axis]
        return self.op("Unsqueeze", vector, self.ints(*others)) if others else vector
