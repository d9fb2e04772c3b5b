# SPDX-License-Identifier: Apache-2.0
"""What a network is made of, as Python sees it: sizes, layers, weights."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as _Seq

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnlib_py import _core
from rnnlib_py._core import DataError, DataHeader
from rnnlib_py.config import Config
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.masked import refuse_masked
from rnnlib_py.system.html_tables import html_table
from rnnlib_py.system.units import count_text, direction_text

Array = NDArray[np.float64]


class NetworkStructure:
    """The engine's network and its config."""

    def __init__(self, core: _core.Network, config: Config) -> None:
        self.core = core
        self.config = config

    def __repr__(self) -> str:
        header = self.header
        return (
            f"<Network: {self.task}, {header.num_dims}-D, {count_text(header.input_size, 'input')}, "
            f"{count_text(self.output_size, 'output')}, {self.num_weights:,} weights, {self.precision}>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (layer.name, layer.type, direction_text(layer.directions), str(layer.size), f"{layer.num_weights:,}")
            for layer in self.layers
        ]
        return html_table(repr(self)[1:-1], ("layer", "type", "direction", "units", "weights"), rows)

    @property
    def precision(self) -> str:
        """ "float32" or "float64"."""
        return self.core.precision

    @property
    def task(self) -> str:
        """The task's name, as the key `task` has it."""
        return self.core.task

    @property
    def header(self) -> DataHeader:
        """Dimensions, input and target sizes, and label names of the data it is for."""
        return self.core.header

    @property
    def num_weights(self) -> int:
        """All weights; those that connections have in common (symmetry) count once."""
        return self.core.num_weights

    @property
    def output_size(self) -> int:
        """Units of the output layer; transcription: labels and the blank."""
        return self.core.output_size

    @property
    def layers(self) -> list[_core.LayerInfo]:
        """A row per layer: name, type, directions, size, num_weights."""
        return self.core.layers()

    @property
    def graph(self) -> _core.Graph:
        """The network as data, for programs that draw, export or compare networks: nobody has to take names apart.

        `layers`, from the input up, have name, type, directions, size, num_weights, kind ("input", "block", "hidden",
        "convolution", "max_pooling", "subsample", "gather", "join", "collapse", "output", …), level and direction (-1
        where they belong to none), block (points of one, per dimension), kernel (points under a convolution's kernel
        per dimension) and sources (names of the layers that they read, with or without weights).

        `connections`, in the order of their targets, have name, kind ("full", "bias", "peephole", "recurrent",
        "convolution"), source and target (names of layers; a bias has no source), delay (of recurrent ones: offset of
        the source's point per dimension), offset, rows and cols of the weights, owner (whose weights it uses: its own
        name unless symmetry shares another's) and gates (names of a unit's inputs that it leads to; empty: one).
        """
        return self.core.graph

    def layer_shapes(self, shape: _Seq[int]) -> dict[str, tuple[int, ...]]:
        """Layer -> the shape of its points, without units, for inputs of a shape.

        Raises
        ------
        DataError
            Inputs of this shape do not fit the network.
        """
        shapes = self.core.layer_shapes(list(shape))
        return {layer.name: tuple(of) for layer, of in zip(self.graph.layers, shapes, strict=True)}

    def output_shape(self, shape: _Seq[int]) -> tuple[int, ...]:
        """The shape of the output for inputs of a shape (both without units)."""
        return tuple(self.core.output_shape(list(shape)))

    @property
    def output_step(self) -> tuple[int, ...]:
        """Input points that an output point stands for, along each dimension of the output: what blocks join."""
        return tuple(self.core.output_step())

    def memory(
        self, shape: _Seq[int], sequences: int = 1, target_length: int = 0, threads: int | None = None
    ) -> dict[str, int]:
        """What running equal sequences at once takes, within a factor of two, beside the data and the results.

        Parameters
        ----------
        shape
            The inputs' shape, without the numbers per point.
        sequences
            How many of them.
        target_length
            Labels of each target, for transcription.
        threads
            See set_num_threads.

        Returns
        -------
        dict
            Bytes: "weights"; "update": a trainer's gradient and optimiser; "predict", "train": a workspace that runs
            "batch" sequences together, forward or also backward. "workspaces": those in use at once, one per thread or
            fewer. The network keeps them, at the size their largest batch needed.
        """
        return self.core.memory(list(shape), sequences, target_length, num_threads(self.config, threads))

    def _split(self, flat: Array) -> dict[str, Array]:
        parts = {}
        for c in self.core.connections():
            part = flat[c.offset : c.offset + c.size]
            parts[c.name] = part if c.kind in ("bias", "peephole") else part.reshape(c.rows, c.cols)
        return parts

    @property
    def weights(self) -> dict[str, Array]:
        """A copy of the weights by connection: (n,) for biases and peepholes, else (units of the target's input, units
        of the source). Connections that share another's weights (symmetry) are not there."""
        return self._split(self.core.weights())

    def set_weights(self, weights: Mapping[str, ArrayLike]) -> None:
        """Sets the weights of the connections named, and leaves the others.

        Parameters
        ----------
        weights
            Connection -> numbers, shaped as in `weights` or flat.

        Raises
        ------
        DataError
            An unknown name, a connection without weights of its own, or another number of weights.
        NumericError
            NaN or infinite weights.
        """
        flat = np.zeros(self.num_weights)
        connections = {c.name: c for c in self.core.connections()}
        shared = self.core.shared_connections()
        for name, values in weights.items():
            if name in shared:
                raise DataError(f"connection {name} has no weights of its own: it shares those of {shared[name]}")
            if name not in connections:
                raise DataError(f"unknown connection {name!r}; there are {', '.join(connections)}")
            c = connections[name]
            refuse_masked(values, f"weights of {name}", "a number")
            array = np.asarray(values, dtype=np.float64)
            if array.size != c.size or (array.ndim == 2 and array.shape != (c.rows, c.cols)):
                raise DataError(f"connection {name} takes {c.rows} x {c.cols} weights, found shape {array.shape}")
            flat[c.offset : c.offset + c.size] = array.reshape(-1)
        self.core.set_weights(flat, list(weights))
