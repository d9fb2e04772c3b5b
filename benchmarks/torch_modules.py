# SPDX-License-Identifier: Apache-2.0
"""MDLSTM beside PyTorch: python benchmarks/torch_modules.py [--threads 1] [--rounds 7] [--quick].

Forward and backward passes with gradients of weights and inputs, float32: in two dimensions beside the same layers
written in PyTorch, all images of a diagonal's points in one product per direction; in one dimension beside
torch.nn.LSTM. The programs take turns, and medians are compared. Outputs are compared first.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from torch import Tensor, nn

from rnnlib_py.integrations.torch import MDLSTM


class Diagonals(nn.Module):
    """The layers of a two-dimensional MDLSTM, diagonal by diagonal: the points of one depend on the two before only."""

    def __init__(self, module: MDLSTM) -> None:
        super().__init__()
        self.module = module

    def forward(self, inputs: Tensor) -> Tensor:  # (batch, width, height, input size)
        count = len(self.module.directions)
        layers = [
            self.layer(inputs, count - 1 - i, signs, [d + 1 for d in (0, 1) if signs[d] < 0])
            for i, signs in enumerate(self.module.directions)
        ]
        return torch.cat(layers, -1)

    def layer(self, inputs: Tensor, direction: int, signs: tuple[int, ...], flips: list[int]) -> Tensor:
        weights, name = self.module.weights, f"hidden_0_{direction}"
        inputs = inputs.flip(flips)
        batch, width, height, _ = inputs.shape
        net = inputs @ weights[f"input_to_{name}"].T + weights[f"bias_to_{name}"]
        recurrent = torch.cat(
            [weights[f"{name}_to_{name}_delay_{-signs[0]}_0"], weights[f"{name}_to_{name}_delay_0_{-signs[1]}"]], 1
        ).T
        in_peephole, x_peephole, y_peephole, out_peephole = weights[f"{name}_peepholes"].reshape(-1, 4).T
        units = len(in_peephole)
        # Rows x = -1 … width - 1 of the diagonal before; row 0 and what lies outside the image are 0.
        h = s = inputs.new_zeros(batch, width + 1, units)
        diagonals, places = [], []
        for diagonal in range(width + height - 1):
            first, last = max(0, diagonal - height + 1), min(width, diagonal + 1)
            xs = torch.arange(first, last)
            h_x, s_x = h[:, first:last], s[:, first:last]
            h_y, s_y = h[:, first + 1 : last + 1], s[:, first + 1 : last + 1]
            gates = net[:, xs, diagonal - xs] + torch.cat([h_x, h_y], -1) @ recurrent
            in_net, x_net, y_net, cell, out_net = gates.unflatten(-1, (units, 5)).unbind(-1)
            state = (
                torch.sigmoid(in_net + in_peephole * (s_x + s_y)) * torch.tanh(cell)
                + torch.sigmoid(x_net + x_peephole * s_x) * s_x
                + torch.sigmoid(y_net + y_peephole * s_y) * s_y
            )
            output = torch.sigmoid(out_net + out_peephole * state) * torch.tanh(state)
            pad = (0, 0, first + 1, width - last)
            h, s = nn.functional.pad(output, pad), nn.functional.pad(state, pad)
            diagonals.append(output)
            places.append(xs * height + diagonal - xs)
        points = torch.cat(diagonals, 1)
        order = torch.cat(places)
        back = torch.empty_like(order)
        back[order] = torch.arange(len(order))
        return points[:, back].unflatten(1, (width, height)).flip(flips)


def seconds(module: nn.Module, inputs: Tensor) -> float:
    """Of a forward and a backward pass."""
    start = time.perf_counter()
    module(inputs).sum().backward()
    return time.perf_counter() - start


class FirstOutput(nn.Module):
    """The outputs of a torch.nn.LSTM without its last states."""

    def __init__(self, lstm: nn.LSTM) -> None:
        super().__init__()
        self.lstm = lstm

    def forward(self, inputs: Tensor) -> Tensor:
        return self.lstm(inputs)[0]


def compare(name: str, ours: nn.Module, theirs: nn.Module, inputs: Tensor, rounds: int) -> None:
    """Prints the medians of passes that take turns, and the largest difference of the outputs in float64."""
    with torch.no_grad():
        difference = (ours.double()(inputs.double()) - theirs.double()(inputs.double())).abs().max().item()
    assert difference < 1e-7, difference  # the sum of an LSTM's two biases was rounded to float32
    ours.float(), theirs.float()
    inputs.requires_grad_()
    seconds(ours, inputs), seconds(theirs, inputs)
    pairs = [(seconds(ours, inputs), seconds(theirs, inputs)) for _ in range(rounds)]
    engine, torch_ = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{name:44} {1e3 * engine:9.1f} {1e3 * torch_:9.1f} {ratio:7.2f}   {difference:.0e}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="small data: shows that it works")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    print(
        f"{'forward and backward, ' + str(options.threads) + ' thread(s)':44}    engine   PyTorch   ratio   difference"
    )
    print(f"{'':44}        ms        ms")
    for batch, width, height, size, units in [(2, 9, 5, 2, 3)] if options.quick else [(16, 128, 32, 16, 16)]:
        module = MDLSTM(size, units, threads=options.threads)
        name = f"2-D, {batch} images {width} x {height}, {size} inputs, 4 x {units} units"
        compare(name, module, Diagonals(module), torch.randn(batch, width, height, size), options.rounds)
    signals = [(2, 9, 3, 4, 2)] if options.quick else [(16, 300, 40, 100, 1), (16, 300, 40, 250, 2)]
    for batch, points, size, units, layers in signals:
        lstm = nn.LSTM(size, units, layers, bidirectional=True, batch_first=True)
        module = MDLSTM.from_torch_lstm(lstm, threads=options.threads)
        name = f"1-D, {batch} x {points} points, {size} inputs, {layers} x 2 x {units} units"
        compare(name, module, FirstOutput(lstm), torch.randn(batch, points, size), options.rounds)


if __name__ == "__main__":
    main()
