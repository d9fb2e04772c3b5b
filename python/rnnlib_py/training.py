# SPDX-License-Identifier: Apache-2.0
"""Training from a config: rnnlib_py.train, and what `rnnlib-py train` runs."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Mapping
from typing import TextIO

from rnnlib_py import _core, _engine
from rnnlib_py._core import ConfigError
from rnnlib_py.available import check_available
from rnnlib_py.config import Config
from rnnlib_py.data_sets import DataSets
from rnnlib_py.files import check_writable
from rnnlib_py.interrupt import Interrupt
from rnnlib_py.log import Log, warnings_in
from rnnlib_py.network import Network, seed_of
from rnnlib_py.progress import NoProgress, make_progress
from rnnlib_py.report import best_lines, epoch_lines
from rnnlib_py.run import Interrupted, OnEpoch, Run
from rnnlib_py.tables import layer_table
from rnnlib_py.threads import num_threads

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
) -> Run:
    """Trains the network of a config, or goes on from a save, until totalEpochs or maxTestsNoBest ends it.

    output, error_output, progress: streams for the log, its warnings, and the progress within an epoch (None: silent;
    warnings are then Python warnings). on_epoch: called with the Run after every epoch; returning False ends it.
    threads: see set_num_threads.
    Ctrl-C finishes the sequences in flight, saves when autosave is on, and raises KeyboardInterrupt. A second one
    raises it without saving or, with `hard_interrupt`, ends the process at once.

    Raises ConfigError, DataError, FormatError, IoError before anything is written, NumericError when the error becomes
    NaN or infinite (the saves of the epochs before stay), IoError when a save cannot be written.
    """
    config = as_config(config)
    log = Log(output, error_output)
    with Interrupt(hard_interrupt) as interrupt, warnings_in(log):
        try:
            run = _prepare(config, log, interrupt, make_progress(progress), threads)
            return _run_epochs(run, log, on_epoch)
        finally:
            log.close()


def _prepare(config: Config, log: Log, interrupt: Interrupt, progress: NoProgress, threads: int | None) -> Run:
    """Everything that can fail, before anything is written."""
    count = num_threads(config, threads)
    check_available(config, training=True)
    if config["autosave"]:
        check_writable(config.folder)
    if "trainFile" not in config:
        raise ConfigError("no training data: trainFile is not given")
    for text in config.warnings():
        log.warn(text)
    seed = seed_of(config)
    random = _core.Random(seed)
    if config.save is None:
        sets = DataSets(config)
        network = Network.build(config, sets.header, random=random)
    else:
        network = Network.from_config(config)
        sets = DataSets(config, network.header, str(config.path))
    sets.check()
    network.normalisation = sets.normalisation
    run = Run(config, network, sets, random, count, log, interrupt, progress)
    _say_what_starts(run, sets, log, seed)
    if config.save is not None and not run.restore(config.save, str(config.path)):
        log.say(f"the optimiser's state starts afresh: {config.path} has none of {config['optimiser']}")
    if config.save is not None:
        log.say(f"going on from {config.path} after epoch {run.epoch}")
    run.open_log()
    return run


def _say_what_starts(run: Run, sets: DataSets, log: Log, seed: int) -> None:
    log.say(f"rnnlib-py {_core.__version__} ({_engine.ISA}), Python {platform.python_version()}")
    log.say(*run.config.text().splitlines(), f"seed {seed}", "")
    log.say(*layer_table(run.network), "")
    for name, files in sets.sets.items():
        log.say(f"{name} set: {len(files)} sequences in {', '.join(files.paths)}")
    log.say("")


def _run_epochs(run: Run, log: Log, on_epoch: OnEpoch | None) -> Run:
    run.stopped = run.reason_to_stop()
    if run.stopped:
        run.write_last()
    while not run.stopped:
        try:
            epoch, work = run.run_epoch()
        except Interrupted as interrupted:
            _stop_early(run, log, str(interrupted))
        except _core.Error as error:
            with contextlib.suppress(_core.IoError):  # the first error is the one to know
                log.say(f"error: {error}")
            raise
        log.say(*epoch_lines(run.epoch, work, epoch.errors, epoch.improved))
        if on_epoch is not None and on_epoch(run) is False:
            run.stopped = "stopped by the caller"
        else:
            run.stopped = run.reason_to_stop()
    log.say(f"stopped: {run.stopped}", *best_lines(run.best))
    return run


def _stop_early(run: Run, log: Log, where: str) -> None:
    """Saves what there is after Ctrl-C, and raises KeyboardInterrupt."""
    run.write_last()
    saved = f"; the weights as they are now are in {run.last_save}" if run.last_save else "; autosave is off: not saved"
    log.say(where + saved)
    log.say("going on from there begins this epoch again")
    raise KeyboardInterrupt(where) from None
