# SPDX-License-Identifier: Apache-2.0
"""Errors of a network on a config's sets or on files; with the perturbations of
training when testDistortions is true."""

from __future__ import annotations

from collections.abc import Iterable

from rnnlib_py import _core
from rnnlib_py._core import DataError
from rnnlib_py.config import Config
from rnnlib_py.config.settings import seed_of
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.batching import Batch, batches
from rnnlib_py.model.decoding import AnyDecoder, bound
from rnnlib_py.model.evaluation import Evaluate, evaluate_batches, noisy_evaluation
from rnnlib_py.model.metrics import Errors, SetErrors
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file, open_network
from rnnlib_py.model.skipped_targets import SkippedTargetWarning, skipped_summary
from rnnlib_py.system.caller import warn_caller


def _errors(evaluate: Evaluate, sequences: Iterable[Batch], config: Config, name: str) -> Errors:
    """DataError when there is nothing to compare the network's outputs with."""
    errors, skipped = evaluate_batches(evaluate, sequences, config)
    if skipped:
        warn_caller(f"{name}: {skipped_summary(skipped, config)}", SkippedTargetWarning)
    if not errors:
        reason = "no target fits, and legacyErrors is true" if skipped else "no sequence has a target"
        raise DataError(f"{name}: {reason}: there is nothing to compare the network's outputs with")
    return errors


def errors_of_sets(config: Config, decoder: AnyDecoder | None = None) -> SetErrors:
    """Errors by set: of a save's network, or of a config's with starting weights; `decoder` as in Network.predict."""
    threads = num_threads(config)
    network, sets = open_network(config)
    evaluate = noisy_evaluation(network.core, config, threads, seed_of(config), _core_of(decoder, network))
    found = {name: _errors(evaluate, sets.batches(name), config, f"{name} set") for name in sets.sets}
    sets.close()
    return found


def errors_of_files(config: Config, files: list[str], decoder: AnyDecoder | None = None) -> SetErrors:
    """Errors of a save's network by file; `decoder` as in Network.predict."""
    network = Network.from_config(config)
    evaluate = noisy_evaluation(network.core, config, num_threads(config), seed_of(config), _core_of(decoder, network))
    found: SetErrors = {}
    for file in files:
        with open_file(config, network, file) as data:
            found[file] = _errors(evaluate, batches(network.normalised(data), network.converted), config, file)
    return found


def _core_of(decoder: AnyDecoder | None, network: Network) -> _core.Decoder | None:
    """The engine's decoder for a network's labels."""
    used = bound(decoder, network.header.labels)
    return None if used is None else used.core
