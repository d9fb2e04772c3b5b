# SPDX-License-Identifier: Apache-2.0
"""Errors of a network over batches."""

from __future__ import annotations

from collections.abc import Iterable

from rnnlib_py import _core
from rnnlib_py.batching import Batch
from rnnlib_py.config import Config
from rnnlib_py.metrics import Errors, MetricsSum


def evaluate_batches(
    network: _core.Network, config: Config, batches: Iterable[Batch], threads: int
) -> tuple[Errors, list[_core.SkippedTarget]]:
    """The errors (per label too when the config says verbose or confusionMatrix), and the targets that did not fit."""
    verbose, confusion_matrix = config["verbose"], config["confusionMatrix"]
    total = MetricsSum()
    skipped: list[_core.SkippedTarget] = []
    for batch in batches:
        metrics, more = network.evaluate(batch.sequences, threads, verbose, confusion_matrix)
        total.add(metrics)
        skipped += more
    return total.errors(), skipped


def skipped_text(target: _core.SkippedTarget) -> str:
    """A sentence about one target that does not fit."""
    return (
        f"sequence {target.tag}: its target needs {target.needed} steps, the network's output has {target.available}; "
        "it is left out"
    )
