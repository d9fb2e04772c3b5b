# SPDX-License-Identifier: Apache-2.0
"""The engine as a function of PyTorch's autograd: rows of points in, rows of points out."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from typing import Any

import torch

from rnnlib_py import _core
from rnnlib_py.integrations.torch_parts.tensors import as_array

_SECOND = (
    "the second derivative of a network that runs in the engine is not available: its backward pass is not "
    "differentiable itself (it was asked for by create_graph=True)"
)


@dataclass(frozen=True)
class EngineRun:
    """How a batch runs. The same run gives the same rows as often as it is made.

    Attributes
    ----------
    network
        In the precision of the tensors; only its structure is used.
    rows
        "outputs", "net_inputs" or "hidden".
    shapes
        Of the sequences, whose points lie one after another in the inputs.
    points
        Of all the rows.
    given
        For each connection, whether there is a tensor of its weights; the others' weights are 0.
    keep
        A backward pass may follow.
    keep_inputs
        It gives the gradient of the inputs, too.
    seeds
        With dropout: one per sequence.
    """

    network: _core.Network
    rows: str
    shapes: _Seq[tuple[int, ...]]
    points: int
    given: _Seq[bool]
    keep: bool
    keep_inputs: bool
    threads: int
    dropout: float
    seeds: _Seq[int]

    def start(self) -> _core.Backpropagation:
        """A pass that has not run yet."""
        return _core.Backpropagation(
            self.network, self.rows, self.keep, self.keep_inputs, self.threads, self.dropout, self.seeds
        )

    def forward(self, inputs: torch.Tensor, weights: _Seq[torch.Tensor]) -> tuple[torch.Tensor, _core.Backpropagation]:
        """The rows [points of all sequences, units], and the pass that made them."""
        state = self.start()
        rows = inputs.new_empty(self.points, state.row_size)
        state.forward(self._by_connection(weights), self.shapes, as_array(inputs), rows.numpy())
        return rows, state

    def backward(
        self,
        state: _core.Backpropagation,
        d_rows: torch.Tensor,
        d_weights: _Seq[torch.Tensor | None],
        d_inputs: torch.Tensor | None,
    ) -> None:
        """Writes the gradients that are not None."""
        to = None if d_inputs is None else d_inputs.numpy()
        state.backward(self._by_connection(d_weights), to, as_array(d_rows))

    def _by_connection(self, tensors: _Seq[torch.Tensor | None]) -> list[Any]:
        remaining = iter(tensors)
        parts = [next(remaining) if given else None for given in self.given]
        return [None if part is None else as_array(part) for part in parts]


class EngineFunction(torch.autograd.Function):
    """apply(run, inputs [points, input size], *weights) -> rows [points, units].

    The engine keeps a forward pass in memory until its backward pass, and runs it again where there is a second one
    (retain_graph=True).
    """

    @staticmethod
    def forward(ctx: Any, run: EngineRun, inputs: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        rows, state = run.forward(inputs, weights)
        if run.keep:
            ctx.run, ctx.state = run, state
            ctx.save_for_backward(inputs, *weights)
        return rows

    @staticmethod
    def backward(ctx: Any, d_rows: torch.Tensor) -> Any:
        inputs, *weights = ctx.saved_tensors
        state, ctx.state = ctx.state, None
        with torch.no_grad():
            if state is None:
                _, state = ctx.run.forward(inputs, weights)
            wanted = ctx.needs_input_grad[1:]
            d_inputs, *d_weights = (
                torch.empty(of.shape, dtype=of.dtype) if needed else None
                for of, needed in zip((inputs, *weights), wanted, strict=True)
            )
            ctx.run.backward(state, d_rows, d_weights, d_inputs)
        gradients = (d_inputs, *d_weights)
        if torch.is_grad_enabled():
            gradients = _without_derivative(gradients, (inputs, *weights, d_rows))
        return (None, *gradients)


class _NoSecondDerivative(torch.autograd.Function):
    """apply(anchor, *gradients) -> the gradients, whose own derivative is refused; the anchor requires one."""

    @staticmethod
    def forward(_ctx: Any, _anchor: torch.Tensor, *gradients: torch.Tensor) -> Any:
        return tuple(gradient.detach() for gradient in gradients)

    @staticmethod
    def backward(_ctx: Any, *_: torch.Tensor) -> Any:
        raise RuntimeError(_SECOND)


def _without_derivative(gradients: _Seq[torch.Tensor | None], sources: _Seq[torch.Tensor]) -> tuple[Any, ...]:
    anchor = next(source for source in sources if source.requires_grad)
    made = iter(_NoSecondDerivative.apply(anchor, *(g for g in gradients if g is not None)))
    return tuple(None if gradient is None else next(made) for gradient in gradients)
