# SPDX-License-Identifier: Apache-2.0
"""Errors of a network on a config's sets or on files."""

from __future__ import annotations

import warnings

from rnnlib_py.best import SetErrors
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset
from rnnlib_py.evaluate import evaluate_batches, skipped_text
from rnnlib_py.network import Network, SkippedTargetWarning
from rnnlib_py.opening import open_network
from rnnlib_py.threads import num_threads


def errors_of_sets(config: Config) -> SetErrors:
    """Errors by set: of a save's network, or of a config's with its starting weights."""
    threads = num_threads(config)
    network, sets = open_network(config)
    found: SetErrors = {}
    for name in sets.sets:
        found[name], skipped = evaluate_batches(network.core, config, sets.batches(name), threads)
        for target in skipped:
            warnings.warn(skipped_text(target), SkippedTargetWarning, stacklevel=2)
    sets.close()
    return found


def errors_of_files(config: Config, files: list[str]) -> SetErrors:
    """Errors of a save's network by file."""
    network = Network.from_config(config)
    found: SetErrors = {}
    for file in files:
        with Dataset.read(
            file,
            network.task,
            data_fraction=config["dataFraction"],
            header=network.header,
            header_source=str(config.path),
        ) as data:
            found[file] = network.evaluate(data)
    return found
