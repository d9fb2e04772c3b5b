# SPDX-License-Identifier: Apache-2.0
"""Errors of a network over batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.data.batching import Batch
from rnnlib_py.model.metrics import Errors, MetricsSum
from rnnlib_py.model.skipped_targets import with_count

Evaluate: TypeAlias = "Callable[[_core.SequenceBatch], tuple[_core.Metrics, list[_core.SkippedTarget]]]"


def evaluation(
    network: _core.Network, config: Config, threads: int, raw: bool = False, decoder: _core.Decoder | None = None
) -> Evaluate:
    """Of a network as it is now, whatever its weights become; per label too when the config says verbose or
    confusionMatrix. `raw`: the engine is to normalise the sequences; `decoder`: None is the task's own."""
    verbose, confusion_matrix, legacy = config["verbose"], config["confusionMatrix"], config["legacyErrors"]
    snapshot = network.snapshot()
    return lambda batch: network.evaluate(batch, threads, verbose, confusion_matrix, legacy, raw, snapshot, decoder)


def noisy_evaluation(
    network: _core.Network, config: Config, threads: int, seed: int, decoder: _core.Decoder | None = None
) -> Evaluate:
    """The same, but with the perturbations of training when testDistortions is true."""
    if not config["testDistortions"]:
        return evaluation(network, config, threads, decoder=decoder)
    trainer = _core.Trainer(network, config.core, threads, seed, decoder=decoder)
    if config.save is not None:
        config.save.restore_trainer(network, trainer)
    return trainer.evaluate


def evaluate_batches(
    evaluate: Evaluate, batches: Iterable[Batch], config: Config
) -> tuple[Errors, list[_core.SkippedTarget]]:
    """The errors, and the targets that did not fit. No errors at all when no sequence has a target."""
    total = MetricsSum()
    skipped: list[_core.SkippedTarget] = []
    for batch in batches:
        metrics, more = evaluate(batch.sequences)
        total.add(metrics)
        skipped += more
    return with_count(total.errors(), skipped, config), skipped
