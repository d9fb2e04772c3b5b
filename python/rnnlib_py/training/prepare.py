# SPDX-License-Identifier: Apache-2.0
"""Everything about a run that can fail, before its first epoch and before anything is written."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

from rnnlib_py import _core, _engine
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.config.settings import seed_of
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.batching import Batch
from rnnlib_py.data.sets import DataSets
from rnnlib_py.model.decoding import bound
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_network
from rnnlib_py.model.skipped_targets import skipped_summary
from rnnlib_py.model.warm_start import warm_start
from rnnlib_py.runlog.events import SetFiles, Started
from rnnlib_py.runlog.log import Log
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.system.units import count_text
from rnnlib_py.text.configured import decoder_of
from rnnlib_py.training.agreement import Contents, check_same_place, check_same_work
from rnnlib_py.training.context import RunContext
from rnnlib_py.training.interruption import interruption
from rnnlib_py.training.options import TrainOptions
from rnnlib_py.training.progress import make_progress
from rnnlib_py.training.ranks import Ranks
from rnnlib_py.training.run import Run
from rnnlib_py.training.run_files import DatedFiles, RunFiles, folder_files
from rnnlib_py.training.target_use import TargetUse, count_targets


def choose_files(config: Config, options: TrainOptions, log: Log) -> tuple[Config, RunFiles | None]:
    """The config to run, and its files; None when the run makes none."""
    config = options.without_files(config)
    folder = options.output_dir
    if folder is not None:
        if not os.fspath(folder):
            raise ConfigError(
                "the name of the folder for the run's files (-o, output_dir) is empty; '.' is the current one"
            )
        config, files, notes = folder_files(config, Path(folder), options.resume, options.force)
        for note in notes:
            log.warn(note)
        return options.without_files(config), files
    if options.resume or options.force:
        raise ConfigError("--resume and --force (resume, force) need the folder of a run: -o DIR (output_dir)")
    if not config["autosave"]:
        return config, None
    dated = DatedFiles(config)
    dated.check()
    return config, dated


def prepare(
    config: Config,
    files: RunFiles | None,
    options: TrainOptions,
    log: Log,
    interrupt: Interrupt,
    constant_noise: float | None,
    ranks: Ranks,
) -> Run:
    """The run, with its log open."""
    threads = num_threads(config, options.threads, ranks.processes_on_cores)
    check_available(config)
    if "trainFile" not in config and options.train is None:
        raise ConfigError("no training data: trainFile is not given")
    for text in config.warnings():
        log.warn(text)
    seed = ranks.first(seed_of(config))
    random = _core.Random(seed)
    network, sets = open_network(config, random=random, given=options.given)
    contents = {name: Contents() for name in sets.sets} if ranks.size > 1 else {}
    uses = _check_targets(network, sets, interrupt, contents)
    check_same_work(ranks, config, contents)
    for text in sets.advice():
        log.warn(text)
    network.normalisation = sets.normalisation
    network.recipe = sets.recipe or network.recipe
    started = warm_start(network, config["warmStart"], config) if config.save is None and "warmStart" in config else []
    total_epochs = config["totalEpochs"] if config["totalEpochs"] >= 0 else None
    progress = make_progress(options.progress, total_epochs)
    decoder = _decoder_of_tests(config, network)
    context = RunContext(
        config, network, sets, random, seed, threads, log, interrupt, progress, files, decoder, constant_noise, ranks
    )
    run = Run(context)
    log.report(_start_of(run, sets, seed))
    _warn_of_skipped_targets(uses, config, log)
    if started:
        log.note(*started)
    if config.save is not None:
        log.report(run.restore(config.save, str(config.path)))
    elif not started:  # dropout and noise make the training errors of a good network larger than those of its tests
        run.look_at_start()
    check_same_place(ranks, network, run.place)
    _tell_ranks(run, ranks, threads, log)
    if files is not None:
        log.note(f"saving to {files.where()}")
    run.open_log()
    return run


def _decoder_of_tests(config: Config, network: Network) -> _core.Decoder | None:
    """What reads the labels when an epoch's network is tested: of other tasks best path, which is quick."""
    if config["task"] != "dictionary_transcription":
        return None
    decoder = bound(decoder_of(config), network.header.labels)
    return None if decoder is None else decoder.core


def _check_targets(
    network: Network, sets: DataSets, interrupt: Interrupt, contents: dict[str, Contents]
) -> dict[str, TargetUse]:
    """Reads all sets once, so that damage is found before the first epoch. DataError for one without a target of use:
    training would go on for ever and learn nothing, or have nothing to select the best network by."""
    uses = {}
    for name in sets.sets:
        batches = _until_signal(sets.batches(name), interrupt)
        uses[name] = count_targets(network, contents[name].passed(batches) if name in contents else batches)
    for name, use in uses.items():
        problem = use.problem(name)
        if problem:
            raise DataError(problem)
    return uses


def _tell_ranks(run: Run, ranks: Ranks, threads: int, log: Log) -> None:
    """How many there are; a warning when updates have too few sequences for all of them."""
    if ranks.size == 1:
        return
    log.note(f"{ranks.size} ranks share the sequences of an update, each on {count_text(threads, 'thread')}")
    config = run.config
    sequences = config["seqsPerWeightUpdate"]
    if not config["batchLearn"] and sequences < ranks.size:
        log.warn(
            f"an update has {count_text(sequences, 'sequence')} (seqsPerWeightUpdate), so that "
            f"{ranks.size - sequences} of the {ranks.size} ranks have nothing to do"
        )


def _until_signal(batches: Iterable[Batch], interrupt: Interrupt) -> Iterator[Batch]:
    for batch in batches:
        if interrupt.number is not None:
            raise interruption(interrupt, "interrupted before the first epoch: the data were being checked")
        yield batch


def _warn_of_skipped_targets(uses: dict[str, TargetUse], config: Config, log: Log) -> None:
    """Once, before the first epoch; sets with the same targets (a file that is given twice) in one sentence."""
    found: dict[str, list[str]] = {}
    for name, use in uses.items():
        if use.skipped:
            text = f"{skipped_summary(use.skipped, config, use.total)}; {use.suggestion()}"
            found.setdefault(text, []).append(name)
    for text, names in found.items():
        log.warn(f"{' and '.join(f'{name} set' for name in names)}: {text}")


def _start_of(run: Run, sets: DataSets, seed: int) -> Started:
    files = {name: SetFiles(len(data), list(data.paths)) for name, data in sets.sets.items()}
    version, isa, python = _core.__version__, _engine.ISA, platform.python_version()
    return Started(version, isa, python, seed, run.config, run.network, files)
