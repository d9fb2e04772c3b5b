# SPDX-License-Identifier: Apache-2.0
"""Trains every config of a folder into a folder of its own; a program for mpirun, and for one process alone.

Usage: python mpi_trainings.py RESULTS THREADS [mpi]. Configs are *.config of the current folder, in the order of their
names.
"""

import sys
from pathlib import Path

import rnnlib_py as rnn


def train_all(results: Path, threads: int, with_mpi: bool) -> None:
    ranks = None
    if with_mpi:
        from rnnlib_py.integrations.mpi import MpiRanks

        ranks = MpiRanks()
    for config in sorted(Path().glob("*.config")):
        run = rnn.train(config, output_dir=results / config.stem, threads=threads, ranks=ranks)
        assert run.epoch == run.config["totalEpochs"]


if __name__ == "__main__":
    train_all(Path(sys.argv[1]), int(sys.argv[2]), "mpi" in sys.argv[3:])
