# SPDX-License-Identifier: Apache-2.0
"""Training from a config: rnnlib_py.train, and what `rnnlib-py train` runs."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from rnnlib_py import _core, _engine
from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.config.settings import seed_of
from rnnlib_py.config.threads import num_threads
from rnnlib_py.data.batching import Batch
from rnnlib_py.data.sets import DataSets
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_network
from rnnlib_py.model.skipped_targets import skipped_summary
from rnnlib_py.model.warm_start import warm_start
from rnnlib_py.runlog.events import EpochDone, SetFiles, Started
from rnnlib_py.runlog.log import Log, warnings_in
from rnnlib_py.runlog.tensorboard_files import TensorBoardFiles
from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.durations import as_seconds
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.system.memory import peak_memory
from rnnlib_py.system.units import clock_text
from rnnlib_py.training.interruption import interruption
from rnnlib_py.training.progress import NoProgress, make_progress
from rnnlib_py.training.run import Epoch, Interrupted, OnEpoch, Run
from rnnlib_py.training.run_files import DatedFiles, RunFiles, folder_files
from rnnlib_py.training.target_use import TargetUse, count_targets

ConfigLike = Config | str | os.PathLike[str] | Mapping[str, object]


def as_config(config: ConfigLike) -> Config:
    """A Config from itself, a path (config or save), or a mapping."""
    if isinstance(config, Config):
        return config
    return Config(config) if isinstance(config, Mapping) else Config.read(config)


def train(
    config: ConfigLike,
    *,
    output_dir: str | os.PathLike[str] | None = None,
    resume: bool = False,
    force: bool = False,
    time_limit: float | str | None = None,
    output: TextIO | None = None,
    error_output: TextIO | None = None,
    progress: TextIO | None = None,
    on_epoch: OnEpoch | None = None,
    threads: int | None = None,
    hard_interrupt: bool = False,
    log_format: str = "text",
    console: str = "short",
    tensorboard: str | os.PathLike[str] | None = None,
    constant_noise: float | None = None,
) -> Run:
    """Trains the network of a config, or goes on from a save, until totalEpochs or maxTestsNoBest ends it.

    Parameters
    ----------
    config
        A Config, the path of a config or save, or a mapping of keys.
    output_dir
        A folder for the run's files: last.save, best.save, best_<error>.save, log.txt, log.jsonl and config. Without it
        the key autosave says whether there are files, beside the config. A folder that holds a run is refused, unless
        `resume` (go on from its last.save, if there is one; the config's keys that were set over it are set over the
        save's) or `force` (remove that run's files and begin anew).
    time_limit
        Seconds, or a text such as "3:50:00", after which the run saves and ends, within an epoch too; `run.stopped`
        then says so.
    output, error_output, progress
        Streams for the log, its warnings, and the progress within an epoch (None: silent; warnings are then Python
        warnings).
    on_epoch
        Called with the Run after every epoch; returning False ends it.
    threads
        See set_num_threads.
    hard_interrupt
        A second Ctrl-C ends the process at once; without it, it raises KeyboardInterrupt without saving.
    log_format
        Of `output`: "text", or "json" for an object per line.
    console
        Of the text: "short", a line per epoch, or "full", all that the log file has.
    tensorboard
        A folder for TensorBoard event files, with the extra [tensorboard]. docs/logs.md describes them all.
    constant_noise
        For tests: what every draw of the normal distribution gives.

    Raises
    ------
    ConfigError, DataError, FormatError, IoError
        Before anything is written.
    NumericError
        When the error becomes NaN or infinite; the saves of the epochs before stay.
    IoError
        When a save cannot be written.
    TrainingInterrupted, TrainingTerminated
        After Ctrl-C (a KeyboardInterrupt), and after SIGTERM or SIGHUP (a SystemExit): the sequences in flight are
        finished and saved before; the attribute `run` has the Run. SIGUSR1 saves and goes on.
    """
    board = None if tensorboard is None else TensorBoardFiles(tensorboard)
    log = Log(output, error_output, log_format, console, [] if board is None else [board])
    seconds = None if time_limit is None else as_seconds(time_limit, "time_limit")
    with Interrupt(hard_interrupt, seconds) as interrupt, warnings_in(log):
        try:
            config, files = _run_files(as_config(config), output_dir, resume, force, log)
            run = _prepare(config, files, log, interrupt, make_progress(progress), threads, constant_noise)
            return _run_epochs(run, files, log, interrupt, on_epoch)
        finally:
            log.close()
            if board is not None:
                board.close()


def _run_files(
    config: Config, output_dir: str | os.PathLike[str] | None, resume: bool, force: bool, log: Log
) -> tuple[Config, RunFiles | None]:
    """The config to run, and its files; None when the run makes none."""
    if output_dir is not None:
        if not os.fspath(output_dir):
            raise ConfigError(
                "the name of the folder for the run's files (-o, output_dir) is empty; '.' is the current one"
            )
        config, files, notes = folder_files(config, Path(output_dir), resume, force)
        for note in notes:
            log.warn(note)
        return config, files
    if resume or force:
        raise ConfigError("--resume and --force (resume, force) need the folder of a run: -o DIR (output_dir)")
    if not config["autosave"]:
        return config, None
    dated = DatedFiles(config)
    dated.check()
    return config, dated


def _prepare(
    config: Config,
    files: RunFiles | None,
    log: Log,
    interrupt: Interrupt,
    progress: NoProgress,
    threads: int | None,
    constant_noise: float | None,
) -> Run:
    """Everything that can fail, before anything is written."""
    count = num_threads(config, threads)
    check_available(config)
    if "trainFile" not in config:
        raise ConfigError("no training data: trainFile is not given")
    for text in config.warnings():
        log.warn(text)
    seed = seed_of(config)
    random = _core.Random(seed)
    network, sets = open_network(config, random=random)
    uses = _check_targets(network, sets, interrupt)
    for text in sets.advice():
        log.warn(text)
    network.normalisation = sets.normalisation
    started = warm_start(network, config["warmStart"], config) if config.save is None and "warmStart" in config else []
    run = Run(config, network, sets, random, count, log, interrupt, progress, files, seed, constant_noise)
    _say_what_starts(run, sets, log, seed)
    _warn_of_skipped_targets(uses, config, log)
    if started:
        log.say(*started)
    if config.save is None:
        run.look_at_start()
    else:
        log.tell(run.restore(config.save, str(config.path)))
    if files is not None:
        log.say(f"saving to {files.where()}")
    run.open_log()
    return run


def _check_targets(network: Network, sets: DataSets, interrupt: Interrupt) -> dict[str, TargetUse]:
    """Reads all sets once, so that damage is found before the first epoch. DataError for one without a target of use:
    training would go on for ever and learn nothing, or have nothing to tell the best network by."""
    uses = {name: count_targets(network, _until_signal(sets.batches(name), interrupt)) for name in sets.sets}
    for name, use in uses.items():
        problem = use.problem(name)
        if problem:
            raise DataError(problem)
    return uses


def _until_signal(batches: Iterable[Batch], interrupt: Interrupt) -> Iterator[Batch]:
    for batch in batches:
        if interrupt.number is not None:
            raise interruption(interrupt, "interrupted before the first epoch: the data were being checked")
        yield batch


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


def _run_epochs(run: Run, files: RunFiles | None, log: Log, interrupt: Interrupt, on_epoch: OnEpoch | None) -> Run:
    run.stopped = run.reason_to_stop()
    if run.stopped:
        run.write_last()
    status = "finished"
    while not run.stopped:
        try:
            if interrupt.requested:
                raise Interrupted(f"before epoch {run.epoch + 1}")
            epoch, work = run.run_epoch()
            _tell_epoch(run, log, epoch, work)
            run.write_last()
        except Interrupted as interrupted:
            _stop_early(run, files, log, interrupt, str(interrupted))
            status = "time limit"
            break
        except _core.Error as error:
            with contextlib.suppress(_core.IoError):  # the first error is the one to know
                log.tell(run.end("failed", str(error)))
            raise
        if on_epoch is not None and on_epoch(run) is False:
            run.stopped = "stopped by the caller"
        else:
            run.stopped = run.reason_to_stop()
    log.tell(run.end(status, run.stopped))
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
            run.per_class,
        )
    )
    for text in epoch.warnings:
        log.warn(text)


def _stop_early(run: Run, files: RunFiles | None, log: Log, interrupt: Interrupt, where: str) -> None:
    """Saves what there is. Returns when the time is up; else raises what the signal that came asks for."""
    timed_out = interrupt.timed_out
    run.write_last()
    text = f"{'stopped' if timed_out else 'interrupted'} {where}"
    log.say(f"{text}; to go on: {files.command_to_go_on()}" if files else f"{text}; autosave is off: not saved")
    if timed_out and interrupt.time_limit is not None:
        run.stopped = f"time limit {clock_text(interrupt.time_limit)} reached {where}"
        return
    log.tell(run.end("interrupted", text))
    raise interruption(interrupt, text, run) from None
