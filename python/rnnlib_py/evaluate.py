# SPDX-License-Identifier: Apache-2.0
"""Errors of a network over batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from rnnlib_py import _core
from rnnlib_py.batching import Batch
from rnnlib_py.config import Config
from rnnlib_py.metrics import Errors, MetricsSum

Evaluate: TypeAlias = "Callable[[_core.SequenceBatch], tuple[_core.Metrics, list[_core.SkippedTarget]]]"


def evaluation(network: _core.Network, config: Config, threads: int) -> Evaluate:
    """Of a network as it is, per label too when the config says verbose or confusionMatrix."""
    verbose, confusion_matrix = config["verbose"], config["confusionMatrix"]
    return lambda batch: network.evaluate(batch, threads, verbose, confusion_matrix)


def noisy_evaluation(network: _core.Network, config: Config, threads: int, seed: int) -> Evaluate:
    """The same, but with the noises of training when the config says testDistortions."""
    if not config["testDistortions"]:
        return evaluation(network, config, threads)
    trainer = _core.Trainer(network, config.core, threads, seed)
    if config.save is not None:
        config.save.restore_trainer(network, trainer)
    return trainer.evaluate


def evaluate_batches(evaluate: Evaluate, batches: Iterable[Batch]) -> tuple[Errors, list[_core.SkippedTarget]]:
    """The errors, and the targets that did not fit."""
    total = MetricsSum()
    skipped: list[_core.SkippedTarget] = []
    for batch in batches:
        metrics, more = evaluate(batch.sequences)
        total.add(metrics)
        skipped += more
    return total.errors(), skipped


def skipped_text(target: _core.SkippedTarget) -> str:
    """A sentence about one target that does not fit."""
    return (
        f"sequence {target.tag}: its target needs {target.needed} steps, the network's output has {target.available}; "
        "it is left out"
    )
