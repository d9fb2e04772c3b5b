# SPDX-License-Identifier: Apache-2.0
"""Training from a config: rnnlib_py.train, and what `rnnlib-py train` runs."""

from __future__ import annotations

import os
from typing import TextIO

from rnnlib_py.config.config_like import ConfigLike
from rnnlib_py.data.forms import Data
from rnnlib_py.training.epochs import run_training
from rnnlib_py.training.options import TrainOptions
from rnnlib_py.training.ranks import Ranks
from rnnlib_py.training.run import OnEpoch, Run


def train(
    config: ConfigLike,
    *,
    train: Data | None = None,
    validation: Data | None = None,
    test: Data | None = None,
    output_dir: str | os.PathLike[str] | None = None,
    resume: bool = False,
    force: bool = False,
    time_limit: float | str | None = None,
    output: TextIO | None = None,
    error_output: TextIO | None = None,
    progress: TextIO | bool | None = None,
    on_epoch: OnEpoch | None = None,
    threads: int | None = None,
    hard_interrupt: bool = False,
    log_format: str = "text",
    console: str = "short",
    tensorboard: str | os.PathLike[str] | None = None,
    ranks: Ranks | None = None,
) -> Run:
    """Trains the network of a config, or goes on from a save, until totalEpochs or maxTestsNoBest ends it.

    Parameters
    ----------
    config
        A Config, the path of a config or save, or a mapping of keys.
    train, validation, test
        Data in place of the files that the config names for a set (trainFile, valFile, testFile): a Dataset; a list of
        Sequences, of pairs (inputs, target) or of dicts; or a tuple (inputs, targets) of two arrays or lists with an
        entry per sequence. Labels are those of the save, or else of the first set; a Dataset can be given a longer
        list. Saves hold no data: to go on from one, give the same again.
    output_dir
        A folder for the run's files: last.save, best.save, best_<error>.save, log.txt, log.jsonl and config. Without it
        the key autosave says whether there are files, beside the config. A folder that holds a run is refused, unless
        one of the next two is True.
    resume
        Go on from the folder's last.save, if there is one; the config's keys that were set over it are set over the
        save's.
    force
        Remove the folder's run and begin anew.
    time_limit
        Seconds, or a text such as "3:50:00", after which the run saves and ends, within an epoch too; `run.stopped`
        then says so.
    output, error_output, progress
        Streams for the log, its warnings, and the progress within an epoch (None: silent; warnings are then Python
        warnings). `progress=True` is the standard error; in a notebook it is a bar for the whole run.
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
    ranks
        The processes that train the network together: rnnlib_py.integrations.mpi.MpiRanks(), in a program that mpirun
        starts. All of them call train() alike, and have the same result; rank 0 writes the files and the log.

    Raises
    ------
    ConfigError, DataError, FormatError, IoError
        Before anything is written.
    NumericError
        When the error becomes NaN or infinite; the saves of the epochs before stay.
    IoError
        When a save cannot be written.
    RankError, RanksLostError
        With `ranks`: another one has failed, or does not answer any more.
    TrainingInterrupted, TrainingTerminated
        After Ctrl-C (a KeyboardInterrupt), and after SIGTERM or SIGHUP (a SystemExit): the sequences in flight are
        finished and saved before; the attribute `run` has the Run. SIGUSR1 saves and goes on.
    """
    options = TrainOptions(
        train=train,
        validation=validation,
        test=test,
        output_dir=output_dir,
        resume=resume,
        force=force,
        time_limit=time_limit,
        output=output,
        error_output=error_output,
        progress=progress,
        on_epoch=on_epoch,
        threads=threads,
        hard_interrupt=hard_interrupt,
        log_format=log_format,
        console=console,
        tensorboard=tensorboard,
        ranks=ranks,
    )
    return run_training(config, options)
