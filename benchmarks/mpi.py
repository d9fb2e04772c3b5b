# SPDX-License-Identifier: Apache-2.0
"""Training on several processes (docs/larger-runs.md): ranks beside threads, the cost of an update's sum, and what a
model made of both says of many machines, as a picture.

Usage: python benchmarks/mpi.py [--rounds N] [--picture docs/images/mpi-scaling.png]. Needs mpi4py, mpiexec, two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from mpi_model import Network, Training, draw, largest_share, line_lengths, speed_up, sum_seconds

WORKER = Path(__file__).with_name("mpi_worker.py")
WEIGHTS = [10_000, 100_000, 1_000_000, 10_000_000]
PERMISSIONS = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
}
# Workload, sequences per update: several shards per rank.
TRAININGS = [("speech_1d", 64), ("speech_1d_wide", 64), ("arabic_2d", 64)]
SHARD = 8  # sequences, in 1-D


def run(ranks: int, *words: object) -> Any:
    """What the worker prints, alone (0 ranks) or on ranks."""
    found = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or shutil.which("mpiexec") or "mpiexec"
    launcher = [found, "-n", str(ranks)] if ranks else []
    command = [*launcher, sys.executable, str(WORKER), *map(str, words), *(["mpi"] if ranks else [])]
    if words[0] == "sums":
        command.pop()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **PERMISSIONS}, check=False)
    if done.returncode:
        sys.exit(f"mpi.py: {' '.join(command)} failed: {done.stderr}")
    return json.loads(done.stdout)


def compare(rounds: int) -> dict[str, Any]:
    """Prints a row per workload; returns what was measured of the first on one thread."""
    print("seconds of an update, the shortest of all rounds; in brackets how many times faster than 1 x 1 thread\n")
    print(f"{'workload':14} {'seqs':>4} {'weights':>8} {'1 x 1 thread':>14} {'1 x 2 threads':>20} {'2 ranks x 1':>20}")
    first: dict[str, Any] = {}
    for name, sequences in TRAININGS:
        kinds: list[list[Any]] = [[], [], []]
        for _ in range(rounds):
            for kind, (ranks, threads) in zip(kinds, [(0, 1), (0, 2), (2, 1)], strict=True):
                kind.append(run(ranks, "train", name, sequences, threads, 4))
        seconds = [min(second for found in kind for second in found["seconds"]) for kind in kinds]
        texts = [f"{seconds[0]:14.3f}", *(f"{other:12.3f} ({seconds[0] / other:4.2f}x)" for other in seconds[1:])]
        print(f"{name:14} {sequences:4} {kinds[0][0]['weights']:8} {' '.join(texts)}", flush=True)
        first = first or {**kinds[0][0], "seconds": seconds[0]}
    return first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--picture", type=Path, default=Path("docs/images/mpi-scaling.png"))
    options = parser.parse_args()
    first = compare(options.rounds)
    print(f"\n{'weights':>9} {'MB':>6} {'exchange ms':>12} {'sum ms':>8}  (2 ranks on this machine)")
    rows = run(2, "sums", *WEIGHTS)
    for row in rows:
        size = 4e-6 * row["weights"]
        print(f"{row['weights']:9} {size:6.2f} {1e3 * row['exchange']:12.3f} {1e3 * row['sum']:8.3f}")
    fixed = median(run(0, "train", "speech_1d", 1, 1, 20, "short")["seconds"])
    compute = (first["seconds"] - fixed) / first["points"]
    training = Training(compute, fixed, first["weights"], SHARD)
    rate = 2 * 4 * rows[-1]["weights"] / rows[-1]["sum"]
    networks = [
        Network("messages as on this machine", rows[0]["exchange"] / 4, rate),
        Network("10 Gbit/s, 30 microseconds", 30e-6, 1.1e9),
        Network("1 Gbit/s, 50 microseconds", 50e-6, 0.11e9),
    ]
    print(f"\nthe model: {1e6 * compute:.2f} microseconds per point, {1e3 * fixed:.2f} ms per update besides")
    report(training, networks)
    draw(training, networks, [64, 256, 1024], options.picture)
    print(f"\ndrawn: {options.picture}")


def report(training: Training, networks: list[Network]) -> None:
    print(f"\n{'machines':>8} {'imbalance':>10}" + "".join(f" {n.name:>38}" for n in networks) + "  (256 sequences)")
    for ranks in (2, 8, 64):
        points = line_lengths(256)
        imbalance = largest_share(points, training.shard, ranks) * ranks / points.sum()
        cells = [
            f"{1e3 * sum_seconds(ranks, training.weights, n):.2f} ms, {speed_up(training, n, 256, ranks):.1f}x"
            for n in networks
        ]
        print(f"{ranks:8} {imbalance:10.2f}" + "".join(f" {cell:>38}" for cell in cells))


if __name__ == "__main__":
    main()
