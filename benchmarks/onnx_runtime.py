# SPDX-License-Identifier: Apache-2.0
"""Networks in onnxruntime beside the engine, size and time: python benchmarks/onnx_runtime.py [--rounds N].

The trained networks of models/, and networks of 2-D LSTM levels with random weights, on random inputs of usual sizes. A
round runs the engine and onnxruntime once each, and every other round in the opposite order. The table shows medians of
milliseconds per sequence, and the median of the rounds' ratios. With one thread the time is that of the processor,
which other programs on the machine hardly change. `difference` is the largest one between outputs of the engine and of
onnxruntime, `rounding` that between the engine's own outputs in single and in double precision: how much a network
amplifies rounding.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np
import onnxruntime

import rnnlib_py as rnn
from rnnlib_py.integrations.onnx import convert

LINE, RECORDING = (600, 48), (150,)
SHAPES = {
    "digits": (28, 28), "fraktur": LINE, "handwriting_french": LINE, "pen_digits": (60,), "spoken_digits": RECORDING,
}  # fmt: skip
MADE = {  # 2-D LSTM networks: an Arabic handwriting network of Graves and Schmidhuber 2009, and one wide level
    "2-D LSTM 2,10,50": {
        "inputBlock": "3,4", "hiddenSize": "2,10,50", "hiddenBlock": "3,4;2,4", "subsampleSize": "6,20",
    },
    "2-D LSTM 100": {"inputBlock": "6,8", "hiddenSize": 100},
}  # fmt: skip


@dataclass
class Figures:
    """Milliseconds per sequence, a number per round, and the largest differences of an output: between the engine and
    onnxruntime, and between the engine's precisions."""

    engine: list[float]
    onnx: list[float]
    difference: float
    rounding: float


def make_network(name: str, precision: str) -> rnn.Network:
    if name in SHAPES:
        return rnn.Network.load_model(name, precision)
    header = rnn.DataHeader(2, 1, 0, [f"label{i}" for i in range(80)])
    config = rnn.Config({"task": "transcription", "randSeed": 1, **MADE[name]})
    return rnn.Network.build(config, header, precision)


def largest_difference(some: Iterable[np.ndarray], others: Iterable[np.ndarray]) -> float:
    return max(float(np.abs(one - other).max()) for one, other in zip(some, others, strict=True))


def milliseconds(work: Callable[[], object], threads: int) -> float:
    clock = time.process_time if threads == 1 else time.perf_counter
    begin = clock()
    work()
    return 1e3 * (clock() - begin)


def measure(network: rnn.Network, exact: rnn.Network, inputs: np.ndarray, threads: int, rounds: int) -> Figures:
    """The engine and onnxruntime on inputs [batch, *shape, inputs]; `exact` is the network in double precision."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    content = convert(network).SerializeToString()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    sequences = list(inputs)
    works: list[Callable[[], object]] = [
        lambda: network.predict(sequences, raw=True, threads=threads),
        lambda: session.run(None, {"inputs": inputs}),
    ]
    found = session.run(None, {"inputs": inputs})[0]
    predicted = [prediction.outputs for prediction in network.predict(sequences, raw=True, threads=threads)]
    doubles = [prediction.outputs for prediction in exact.predict(sequences, raw=True, threads=threads)]
    times: list[list[float]] = [[], []]
    for k in range(rounds):
        for i in (0, 1) if k % 2 else (1, 0):
            times[i].append(milliseconds(works[i], threads) / len(sequences))
    return Figures(*times, largest_difference(found, predicted), largest_difference(predicted, doubles))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--threads", type=int, default=1, help="of both")
    parser.add_argument("--batch", type=int, default=8, help="sequences at once, beside one")
    parser.add_argument("--networks", help="names, separated by commas (default: all)")
    options = parser.parse_args()
    names = options.networks.split(",") if options.networks else [*SHAPES, *MADE]
    figures: dict[tuple[str, int], Figures] = {}
    random = np.random.default_rng(1)
    print(
        "| network | weights | ONNX file | as float16 | difference | rounding |\n| --- | --- | --- | --- | --- | --- |"
    )
    for name in names:
        network, exact = make_network(name, "float32"), make_network(name, "float64")
        exact.set_weights(network.weights)
        shape = (options.batch, *SHAPES.get(name, LINE), network.header.input_size)
        inputs = random.normal(size=shape).astype(np.float32)
        batches = sorted({1, options.batch})
        for batch in batches:
            figures[name, batch] = measure(network, exact, inputs[:batch], options.threads, options.rounds)
        whole, half = (convert(network, dtype=dtype).ByteSize() / 1e6 for dtype in ("float32", "float16"))
        found = figures[name, options.batch]
        sizes = f"{network.num_weights:,} | {whole:.2f} MB | {half:.2f} MB"
        print(f"| {name} | {sizes} | {found.difference:.0e} | {found.rounding:.0e} |", flush=True)
    print("\n| network | inputs | at once | engine, ms | onnxruntime, ms | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    for (name, batch), one in figures.items():
        shape_text = "x".join(map(str, SHAPES.get(name, LINE)))
        ratio = median(other / own for own, other in zip(one.engine, one.onnx, strict=True))
        print(f"| {name} | {shape_text} | {batch} | {median(one.engine):.2f} | {median(one.onnx):.2f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
