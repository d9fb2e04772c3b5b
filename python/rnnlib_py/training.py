# SPDX-License-Identifier: Apache-2.0
"""Training from a config: rnnlib_py.train, and what `rnnlib-py train` runs."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Mapping
from typing import TextIO

from rnnlib_py import _core, _engine
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.available import check_available
from rnnlib_py.config import Config
from rnnlib_py.data_sets import DataSets
from rnnlib_py.events import Ended, EpochDone, SetFiles, Started
from rnnlib_py.files import check_writable
from rnnlib_py.interrupt import Interrupt
from rnnlib_py.log import Log, warnings_in
from rnnlib_py.memory import peak_memory
from rnnlib_py.network import Network, seed_of
from rnnlib_py.opening import open_network
from rnnlib_py.progress import NoProgress, make_progress
from rnnlib_py.run import Epoch, Interrupted, OnEpoch, Run
from rnnlib_py.skipped_targets import skipped_summary
from rnnlib_py.target_use import TargetUse, count_targets
from rnnlib_py.tensorboard_files import TensorBoardFiles
from rnnlib_py.threads import num_threads
from rnnlib_py.warm_start import warm_start
from rnnlib_py.work import EpochWork

ConfigLike = Config | str | os.PathLike[str] | Mapping[str, object]


def as_config(config: ConfigLike) -> Config:
    """A Config from itself, a path (config or save), or a mapping."""
    if isinstance(config, Config):
        return config
    return Config(config) if isinstance(config, Mapping) else Config.read(config)


def train(
    config: ConfigLike,
    *,
    output: TextIO | None = None,
    error_output: TextIO | None = None,
    progress: TextIO | None = None,
    on_epoch: OnEpoch | None = None,
    threads: int | None = None,
    hard_interrupt: bool = False,
    log_format: str = "text",
    tensorboard: str | os.PathLike[str] | None = None,
    constant_noise: float | None = None,
) -> Run:
    """Trains the network of a config, or goes on from a save, until totalEpochs or maxTestsNoBest ends it.

    output, error_output, progress: streams for the log, its warnings, and the progress within an epoch (None: silent;
    warnings are then Python warnings). on_epoch: called with the Run after every epoch; returning False ends it.
    threads: see set_num_threads. constant_noise: for tests, what every draw of the normal distribution gives.
    log_format: of `output`: "text" or "json", an object per line. tensorboard: a folder for TensorBoard event files,
    with the extra [tensorboard]. docs/logs.md describes them all.
    Ctrl-C finishes the sequences in flight, saves when autosave is on, and raises KeyboardInterrupt. A second one
    raises it without saving or, with `hard_interrupt`, ends the process at once.

    Raises ConfigError, DataError, FormatError, IoError before anything is written, NumericError when the error becomes
    NaN or infinite (the saves of the epochs before stay), IoError when a save cannot be written.
    """
    config = as_config(config)
    board = None if tensorboard is None else TensorBoardFiles(tensorboard)
    log = Log(output, error_output, log_format, [] if board is None else [board])
    with Interrupt(hard_interrupt) as interrupt, warnings_in(log):
        try:
            run = _prepare(config, log, interrupt, make_progress(progress), threads, constant_noise)
            return _run_epochs(run, log, on_epoch)
        finally:
            log.close()
            if board is not None:
                board.close()


def _prepare(
    config: Config,
    log: Log,
    interrupt: Interrupt,
    progress: NoProgress,
    threads: int | None,
    constant_noise: float | None,
) -> Run:
    """Everything that can fail, before anything is written."""
    count = num_threads(config, threads)
    check_available(config)
    if config["autosave"]:
        check_writable(config.folder)
    if "trainFile" not in config:
        raise ConfigError("no training data: trainFile is not given")
    for text in config.warnings():
        log.warn(text)
    seed = seed_of(config)
    random = _core.Random(seed)
    network, sets = open_network(config, random=random)
    uses = _check_targets(network, sets)
    for text in sets.advice():
        log.warn(text)
    network.normalisation = sets.normalisation
    started = warm_start(network, config["warmStart"], config) if config.save is None and "warmStart" in config else []
    run = Run(config, network, sets, random, count, log, interrupt, progress, seed, constant_noise)
    _say_what_starts(run, sets, log, seed)
    _warn_of_skipped_targets(uses, config, log)
    if started:
        log.say(*started)
    if config.save is None:
        run.look_at_start()
    else:
        log.tell(run.restore(config.save, str(config.path)))
    run.open_log()
    return run


def _check_targets(network: Network, sets: DataSets) -> dict[str, TargetUse]:
    """Reads all sets once, so that damage is found before the first epoch. DataError for one without a target of use:
    training would go on for ever and learn nothing, or have nothing to tell the best network by."""
    uses = {name: count_targets(network, sets.batches(name)) for name in sets.sets}
    for name, use in uses.items():
        problem = use.problem(name)
        if problem:
            raise DataError(problem)
    return uses


def _warn_of_skipped_targets(uses: dict[str, TargetUse], config: Config, log: Log) -> None:
    """Once, before the first epoch; sets with the same targets (a file that is given twice) in one sentence."""
    said: dict[str, list[str]] = {}
    for name, use in uses.items():
        if use.skipped:
            text = f"{skipped_summary(use.skipped, config, use.total)}; {use.suggestion()}"
            said.setdefault(text, []).append(name)
    for text, names in said.items():
        log.warn(f"{' and '.join(f'{name} set' for name in names)}: {text}")


def _say_what_starts(run: Run, sets: DataSets, log: Log, seed: int) -> None:
    files = {name: SetFiles(len(data), list(data.paths)) for name, data in sets.sets.items()}
    version, isa, python = _core.__version__, _engine.ISA, platform.python_version()
    log.tell(Started(version, isa, python, seed, run.config, run.network, files))


def _run_epochs(run: Run, log: Log, on_epoch: OnEpoch | None) -> Run:
    run.stopped = run.reason_to_stop()
    if run.stopped:
        run.write_last()
    while not run.stopped:
        try:
            epoch, work = run.run_epoch()
            _tell_epoch(run, log, epoch, work)
            run.write_last()
        except Interrupted as interrupted:
            _stop_early(run, log, str(interrupted))
        except _core.Error as error:
            with contextlib.suppress(_core.IoError):  # the first error is the one to know
                log.tell(Ended("failed", str(error), run.epoch, run.best))
            raise
        if on_epoch is not None and on_epoch(run) is False:
            run.stopped = "stopped by the caller"
        else:
            run.stopped = run.reason_to_stop()
    log.tell(Ended("finished", run.stopped, run.epoch, run.best))
    return run


def _tell_epoch(run: Run, log: Log, epoch: Epoch, work: EpochWork) -> None:
    total, left = run.pace.total_epochs, run.pace.seconds_left()
    without = run.epochs_without_best
    log.tell(
        EpochDone(
            epoch.epoch,
            total,
            epoch.errors,
            epoch.improved,
            without,
            work,
            peak_memory(),
            left,
            epoch.learn_rate_factor,
            epoch.noise,
        )
    )
    for text in epoch.warnings:
        log.warn(text)


def _stop_early(run: Run, log: Log, where: str) -> None:
    """Saves what there is after Ctrl-C, and raises KeyboardInterrupt."""
    run.write_last()
    log.say(where + (f"; to go on: train {run.last_save}" if run.last_save else "; autosave is off: not saved"))
    log.tell(Ended("interrupted", where, run.epoch, run.best))
    raise KeyboardInterrupt(where) from None
