# SPDX-License-Identifier: Apache-2.0
"""A run from its begin to its end: epoch after epoch, until one of the reasons to stop."""

from __future__ import annotations

import contextlib

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.config.config_like import ConfigLike, as_config
from rnnlib_py.runlog.events import EpochDone
from rnnlib_py.runlog.log import Log, warnings_in
from rnnlib_py.runlog.tensorboard_files import TensorBoardFiles
from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.durations import as_seconds
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.system.memory import peak_memory
from rnnlib_py.system.units import clock_text
from rnnlib_py.training.epoch import Epoch
from rnnlib_py.training.interruption import Interrupted, interruption
from rnnlib_py.training.options import TrainOptions
from rnnlib_py.training.prepare import choose_files, prepare
from rnnlib_py.training.ranks import Ranks, RanksLostError
from rnnlib_py.training.run import Run
from rnnlib_py.training.run_files import RunFiles


def run_training(config: ConfigLike, options: TrainOptions, constant_noise: float | None = None) -> Run:
    """What train() does. `constant_noise`: for tests, what every draw of the normal distribution gives."""
    ranks = options.ranks or Ranks()
    ranks.begin()
    own = options if ranks.rank == 0 else options.silent()
    try:
        run = _run_training(as_config(config), own, constant_noise, ranks)
        ranks.exchange(None)  # whoever comes to its end learns of those who have failed
        return run
    except BaseException as error:
        ranks.announce(error)
        raise
    finally:
        ranks.while_waiting = None


def _run_training(config: Config, options: TrainOptions, constant_noise: float | None, ranks: Ranks) -> Run:
    board = None if options.tensorboard is None else TensorBoardFiles(options.tensorboard)
    listeners = [] if board is None else [board]
    log = Log(options.output, options.error_output, options.log_format, options.console, listeners)
    seconds = None if options.time_limit is None else as_seconds(options.time_limit, "time_limit")
    with Interrupt(options.hard_interrupt, seconds) as interrupt, warnings_in(log):
        try:
            config, files = choose_files(config, options, log)
            files = ranks.first(files)
            run = prepare(config, files, options, log, interrupt, constant_noise, ranks)
            ranks.while_waiting = run.write_if_deserted
            with run.showing_progress():
                return _run_epochs(run, files, log, interrupt, options, ranks)
        finally:
            log.close()
            if board is not None:
                board.close()


def _run_epochs(
    run: Run, files: RunFiles | None, log: Log, interrupt: Interrupt, options: TrainOptions, ranks: Ranks
) -> Run:
    run.stopped = run.reason_to_stop()
    if run.stopped:
        run.write_last()
    status = "finished"
    while not run.stopped:
        try:
            if ranks.any(interrupt.requested):
                raise Interrupted(f"before epoch {run.epoch + 1}")
            epoch, work = run.run_epoch()
            _tell_epoch(run, log, epoch, work)
            run.write_last()
        except Interrupted as interrupted:
            _agree(interrupt, ranks)
            _stop_early(run, _how_to_go_on(files, options), log, interrupt, str(interrupted))
            status = "time limit"
            break
        except _core.Error as error:
            with contextlib.suppress(_core.IoError):  # the first error is the one to know
                if isinstance(error, RanksLostError):
                    run.write_deserted()
                log.report(run.end("failed", str(error)))
            raise
        if ranks.any(options.on_epoch is not None and options.on_epoch(run) is False):
            run.stopped = "stopped by the caller"
        else:
            run.stopped = run.reason_to_stop()
    log.report(run.end(status, run.stopped))
    return run


def _tell_epoch(run: Run, log: Log, epoch: Epoch, work: EpochWork) -> None:
    log.report(
        EpochDone(
            epoch.epoch,
            run.throughput.total_epochs,
            epoch.errors,
            epoch.improved,
            run.epochs_without_best,
            work,
            peak_memory(),
            run.throughput.seconds_left(),
            epoch.learn_rate_factor,
            epoch.noise,
            run.per_class,
        )
    )
    for text in epoch.warnings:
        log.warn(text)


def _agree(interrupt: Interrupt, ranks: Ranks) -> None:
    """A signal may have come to one rank alone, and clocks differ."""
    numbers = ranks.exchange(interrupt.number)
    if ranks.size > 1:
        interrupt.adopt(next((number for number in numbers if number is not None), None))


def _how_to_go_on(files: RunFiles | None, options: TrainOptions) -> str:
    if files is None:
        return "autosave is off: not saved"
    if not options.given:
        return f"to go on: {files.command_to_go_on()}"
    sets = ", ".join(f"{name}=..." for name in options.given)
    return f"to go on, with the same data: rnnlib_py.train({files.arguments_to_go_on()}, {sets})"


def _stop_early(run: Run, how_to_go_on: str, log: Log, interrupt: Interrupt, where: str) -> None:
    """Saves what there is. Returns when the time is up; else raises what the signal that came asks for."""
    timed_out = interrupt.timed_out
    run.write_last()
    text = f"{'stopped' if timed_out else 'interrupted'} {where}"
    log.note(f"{text}; {how_to_go_on}")
    if timed_out and interrupt.time_limit is not None:
        run.stopped = f"time limit {clock_text(interrupt.time_limit)} reached {where}"
        return
    log.report(run.end("interrupted", text))
    raise interruption(interrupt, text, run) from None
