# SPDX-License-Identifier: Apache-2.0
"""How long an n-gram model takes to be read, and how much memory: python benchmarks/language_models.py [--ngrams N].

The model is made of random words, with as many trigrams as bigrams, once sorted by its words and once shuffled (some
programs sort by the last word). Each reading has a process of its own, so that its peak memory is that of one reading.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import rnnlib_py as rnn
from serving import peak_memory

MEGABYTE = 1e6


def ngram_lines(ngrams: int, shuffled: bool) -> Iterator[str]:
    """An ARPA file of about so many n-grams of up to three words."""
    random = np.random.default_rng(1)
    size = max(ngrams // 30, 3)
    ranks = 1 / np.arange(1, size + 1)
    text = random.choice(size, size=2 * ngrams, p=ranks / ranks.sum())
    bigrams = np.unique(text[:-1] * size + text[1:])
    bigrams = np.sort(random.permutation(bigrams)[: (ngrams - size) // 2])
    trigrams = np.unique(text[:-2] * size**2 + text[1:-1] * size + text[2:])
    trigrams = trigrams[np.isin(trigrams // size, bigrams)]
    trigrams = np.sort(random.permutation(trigrams)[: ngrams - size - len(bigrams)])
    levels = [np.arange(size), bigrams, trigrams]
    yield "\\data\\\n"
    for n, level in enumerate(levels, 1):
        yield f"ngram {n}={len(level)}\n"
    for n, level in enumerate(levels, 1):
        yield f"\n\\{n}-grams:\n"
        for code in (random.permutation(level) if shuffled and n > 1 else level).tolist():
            words = " ".join(f"word{code // size**i % size}" for i in reversed(range(n)))
            back_off = "" if n == len(levels) else f"\t-{code % 900 / 1000:.6f}"
            yield f"-{code % 5000 / 1000:.6f}\t{words}{back_off}\n"
    yield "\n\\end\\\n"


def read_once(path: str) -> None:
    """Reads a model, and prints how many n-grams it has, seconds, its size, and how much the peak memory grew."""
    before = peak_memory()
    start = time.perf_counter()
    model = rnn.read_ngram_model(path)
    seconds = time.perf_counter() - start
    peak = peak_memory() - before
    ngrams = sum(model.num_ngrams(n) for n in range(1, model.order + 1))
    print(f"{ngrams:,} n-grams: {seconds:.3f} s, model {model.memory / MEGABYTE:.1f} MB, peak {peak / MEGABYTE:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ngrams", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read_once(options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("sorted", "shuffled"):
            path = Path(folder, f"{name}.arpa")
            with path.open("w", encoding="utf-8") as file:
                file.writelines(ngram_lines(options.ngrams, name == "shuffled"))
            for _ in range(options.rounds):
                command = [sys.executable, __file__, "--read", str(path)]
                print(f"{name}: {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()}")


if __name__ == "__main__":
    main()
