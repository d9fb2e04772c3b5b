# SPDX-License-Identifier: Apache-2.0
"""A two-dimensional LSTM with peepholes in plain PyTorch, point by point: the twin of what the engine computes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor


def lstm_2d(inputs: Tensor, weights: Mapping[str, Tensor], direction: int, signs: tuple[int, int]) -> Tensor:
    """Units (width, height, units) of a layer of level 0 for inputs (width, height, input size)."""
    name = f"hidden_0_{direction}"
    x_delay, y_delay = (
        weights[f"{name}_to_{name}_delay_{-signs[0]}_0"],
        weights[f"{name}_to_{name}_delay_0_{-signs[1]}"],
    )
    in_peephole, x_peephole, y_peephole, out_peephole = weights[f"{name}_peepholes"].reshape(-1, 4).T
    width, height, _ = inputs.shape
    from_input, bias = weights[f"input_to_{name}"], weights[f"bias_to_{name}"]
    zero = inputs.new_zeros(len(bias) // 5)
    outputs: dict[tuple[int, int], Tensor] = {}
    states: dict[tuple[int, int], Tensor] = {}
    for x in range(width)[:: signs[0]]:
        for y in range(height)[:: signs[1]]:
            befores = [(x - signs[0], y), (x, y - signs[1])]
            h_x, h_y = (outputs.get(before, zero) for before in befores)
            s_x, s_y = (states.get(before, zero) for before in befores)
            net = bias + from_input @ inputs[x, y] + x_delay @ h_x + y_delay @ h_y
            in_net, x_net, y_net, cell, out_net = net.reshape(-1, 5).T
            in_gate = torch.sigmoid(in_net + in_peephole * (s_x + s_y))
            x_gate = torch.sigmoid(x_net + x_peephole * s_x)
            y_gate = torch.sigmoid(y_net + y_peephole * s_y)
            state = in_gate * torch.tanh(cell) + x_gate * s_x + y_gate * s_y
            states[x, y] = state
            outputs[x, y] = torch.sigmoid(out_net + out_peephole * state) * torch.tanh(state)
    return torch.stack([torch.stack([outputs[x, y] for y in range(height)]) for x in range(width)])
