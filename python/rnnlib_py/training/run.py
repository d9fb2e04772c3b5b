# SPDX-License-Identifier: Apache-2.0
"""A run: what it has reached, how an epoch goes, and what is saved of it (docs/behaviour.md, "Training")."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnlib_py import _core
from rnnlib_py._core import NumericError
from rnnlib_py.data.batching import Batch
from rnnlib_py.model.evaluation import evaluate_batches, evaluation
from rnnlib_py.model.metrics import Errors, error_values, format_error
from rnnlib_py.model.skipped_targets import with_count
from rnnlib_py.runlog.best import Best, BestTracker, selection_errors
from rnnlib_py.runlog.epoch_table import epochs_html
from rnnlib_py.runlog.events import Ended, Resumed
from rnnlib_py.runlog.frame import epoch_frame
from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.units import count_text
from rnnlib_py.training.checkpoints import Checkpoints
from rnnlib_py.training.context import RunContext
from rnnlib_py.training.diagnosis import Diagnosis
from rnnlib_py.training.epoch import Epoch
from rnnlib_py.training.interruption import Interrupted
from rnnlib_py.training.position import Position
from rnnlib_py.training.ranks import RanksLostError
from rnnlib_py.training.run_files import filled_config
from rnnlib_py.training.schedule import LearnRateSchedule
from rnnlib_py.training.stored import Stored
from rnnlib_py.training.throughput import Throughput

if TYPE_CHECKING:
    import pandas

# What a save may lack of the trainer's state, by the key that asks for it.
_RESET = {
    "optimiser": "the optimiser's state",
    "mdl": "the weights' noise",
    "mdlOptimiser": "the state of the noise's optimiser",
}

_WRITERS = 2  # ranks that write a save when others have gone: it may be rank 0 that has
_PATIENCE = 20.0  # seconds

# Of a Run: what is left of it in a pickle or a copy.
_RESULTS = {
    "config", "network", "history", "stopped", "log_path", "throughput", "_position", "_tracker", "_checkpoints",
}  # fmt: skip


class Run:
    """What train() gives: the network as it is after the last epoch, and what the run has reached.

    Attributes
    ----------
    config : Config
        What was run.
    network : Network
        As it is after the last epoch.
    history : list of Epoch
        The epochs of this run, without those before a save.
    stopped : str
        Why it ended.
    log_path : Path or None
        Its text log, with autosave.
    """

    def __init__(self, context: RunContext) -> None:
        self.config = config = context.config
        self.network = context.network
        self.history: list[Epoch] = []
        self.stopped = ""
        self.log_path: Path | None = None
        self.throughput = Throughput(config["totalEpochs"] if config["totalEpochs"] >= 0 else None)
        self._context = context
        self._sets, self._log, self._interrupt = context.sets, context.log, context.interrupt
        self._trainer = context.make_trainer()
        self._position = Position(context.random, context.sets.fingerprint)
        self._tracker = BestTracker()
        self._schedule = LearnRateSchedule(config)
        self._diagnosis = Diagnosis(config)
        self._stored: tuple[Stored, ...] = (self._position, self._tracker, self._schedule, self._diagnosis)
        self._ranks = context.ranks
        self._wrote_deserted = False
        self._checkpoints = Checkpoints(
            context.files, context.log, self.network.precision, config["saveEvery"], writes=self._ranks.rank == 0
        )

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: what the run has reached. A copy cannot train on: that needs a save."""
        return {name: value for name, value in self.__dict__.items() if name in _RESULTS}

    def __repr__(self) -> str:
        best = [
            f"best {name} {format_error(name, found.error)} (epoch {found.epoch})" for name, found in self.best.items()
        ]
        end = [f"stopped: {self.stopped}"] if self.stopped else []
        return f"<Run: {'; '.join([count_text(self.epoch, 'epoch'), *best, *end])}>"

    def _repr_html_(self) -> str:
        """A row per epoch: its errors, and of which criteria it was the best so far."""
        return epochs_html(repr(self)[1:-1], [(e.epoch, e.errors, e.improved) for e in self.history])

    def to_frame(self, per_class: bool = False) -> pandas.DataFrame:
        """The history as a pandas DataFrame: a row per epoch, whose number is the index.

        Parameters
        ----------
        per_class
            True: the errors of single classes and labels have columns, too.

        Returns
        -------
        DataFrame
            A column for each error on each set, such as "train_ctcError" and "validation_labelError" (rates are
            fractions); "seconds" of training; "learn_rate_factor"; "improved": the criteria for which the epoch was the
            best so far, with commas between them; with mdl "noise_priorMean", "noise_priorStdDev", ….

        Raises
        ------
        ConfigError
            Where pandas is not installed.
        """
        return epoch_frame((e.epoch for e in self.history), (e.record(per_class) for e in self.history))

    @property
    def epoch(self) -> int:
        """Epochs done, those before a save included."""
        return self._position.epoch

    @property
    def best(self) -> dict[str, Best]:
        """Criterion -> its best epoch, error, and all errors of that epoch."""
        return self._tracker.best

    @property
    def last_save(self) -> Path | None:
        """The last save, with autosave."""
        return self._checkpoints.last

    @property
    def best_saves(self) -> dict[str, Path]:
        """Criterion -> the save of its best network, with autosave."""
        return self._checkpoints.best

    # --- saves ---

    def make_save(self) -> _core.Save:
        """All that is needed to go on as if the run had never stopped."""
        save = _core.Save()
        save.config = filled_config(self.config)
        save.store_network(self.network.core)
        save.store_trainer(self._trainer, self.network.core)
        for part in self._stored:
            part.store(save)
        return save

    def restore(self, save: _core.Save, source: str) -> Resumed:
        """Goes on from a save.

        Returns
        -------
        Resumed
            Where, and what the save does not have.

        Raises
        ------
        FormatError
            The save is damaged.
        """
        for part in self._stored:
            part.restore(save, source)
        self._tracker.begin(self.epoch)
        reset = save.restore_trainer(self.network.core, self._trainer)
        notes = [
            f"{_RESET[name]} is reset: {source} has none" + ("" if name == "mdl" else f" of {self.config[name]}")
            for name in reset
        ]
        notes += self._find_place(source)
        return Resumed(source, self.epoch, self._position.skipped, reset, notes)

    def _find_place(self, source: str) -> list[str]:
        """Within the epoch that was under way, if there was one; returns notes for the log."""
        done, total = self._trainer.sequences_done()
        if not total:
            return []
        reason = self._position.go_on_within(done, total, len(self._sets["train"]), source)
        if not reason:
            return [f"going on within epoch {self.epoch + 1}, after {done} of {total} sequences"]
        self._log.warn(f"epoch {self.epoch + 1} begins again: {reason}")
        return []

    @property
    def place(self) -> str:
        """From where training goes on, in words."""
        done, total = self._trainer.sequences_done()
        return f"epoch {self.epoch + 1}" + (f", after {done} of {total} sequences" if total else "")

    def open_log(self) -> None:
        """Makes the run's files, if it has any. Raises IoError."""
        files = self._context.files
        if files is None or self._ranks.rank > 0:
            self._log.without_files()
            return
        files.make_folder()
        self._log.open_files(files.log, files.json_log, files.continues)
        files.begin(self.config)
        self.log_path = files.log
        self._checkpoints.find_best(list(self.best))

    def write_last(self) -> None:
        """The last save, where the run has files. Raises IoError."""
        self._checkpoints.write_last(self.make_save, self.epoch)

    def _write_last_if_due(self) -> None:
        """After saveEvery seconds, or when a signal asks for it."""
        if self._ranks.any(self._interrupt.take_save_request()):
            self.write_last()
            where = f"saved to {self.last_save}" if self.last_save else "autosave is off: not saved"
            self._log.note(f"a save was asked for by a signal: {where}")
        elif self._ranks.any(self._checkpoints.is_due):
            self.write_last()

    def write_deserted(self) -> None:
        """The save of a rank whose others may have gone, once; where that is allowed now."""
        if not self._wrote_deserted and self._trainer.may_store and self._ranks.rank < _WRITERS:
            self._wrote_deserted = True
            own, self._checkpoints.writes = self._checkpoints.writes, True
            self.write_last()
            self._checkpoints.writes = own

    def write_if_deserted(self, waited: float) -> None:
        """Called while other ranks are awaited for long. After a signal they may have gone: what is left of a group is
        then ended soon, in which case this is the last save. RanksLostError when they stay away."""
        if self._interrupt.number is None:
            return
        self.write_deserted()
        if waited > _PATIENCE:
            raise RanksLostError(f"after a signal the other ranks have not answered for {_PATIENCE} seconds")

    # --- an epoch ---

    def look_at_start(self) -> None:
        """Tests the untrained network on some sequences, for the diagnosis to compare with."""
        evaluate = evaluation(self.network.core, self.config, self._context.threads)
        batch = next(iter(self._sets.batches("train")), None)
        if batch is not None:
            with contextlib.suppress(NumericError):  # training reports it, with its epoch
                self._diagnosis.begin(evaluate_batches(evaluate, [batch], self.config)[0])

    def run_epoch(self) -> tuple[Epoch, EpochWork]:
        """Trains on all sequences once, tests, saves what is best.

        The caller logs the epoch and then calls write_last(): a run that is killed before that trains the epoch again,
        and neither a best network nor a line of the log is ever missing.

        Raises
        ------
        Interrupted
            A signal came, or the time is up.
        NumericError
            NaN or infinite numbers; names epoch and sequence.
        IoError
            A save cannot be written.
        """
        factor = self._schedule.factor(self.epoch)
        self._trainer.set_learn_rate_factor(factor)
        try:
            train_errors, work = self._train()
            errors = {"train": train_errors}
            for name in ("validation", "test"):
                if name in self._sets:
                    errors[name] = self._test(name)
        except NumericError as error:
            raise NumericError(f"epoch {self.epoch + 1}: {error}; {self._diagnosis.failed()}") from error
        self._trainer.end_epoch()
        self._position.end_epoch()
        improved = self._tracker.update(self.epoch, errors)
        self._schedule.update(selection_errors(errors))
        warnings = self._diagnosis.update(self.epoch, errors, bool(improved))
        epoch = Epoch(self.epoch, work.seconds, errors, improved, factor, self._trainer.noise_statistics(), warnings)
        self.history.append(epoch)
        self._checkpoints.write_best(self.make_save, self.epoch, improved)
        self.throughput.end_epoch(work.seconds)
        return epoch, work

    def _train(self) -> tuple[Errors, EpochWork]:
        trainer, progress, throughput = self._trainer, self._context.progress, self.throughput
        begin, points, number, total = time.perf_counter(), 0, self.epoch + 1, len(self._sets["train"])
        if not self._position.under_way:
            trainer.begin_epoch(total)
        before = done = self._position.begin_epoch()
        progress.start(number, total, done)
        shuffle = None if trainer.batch_learn else self._context.random
        throughput.begin_epoch(number, total, done)
        try:
            for batch in self._sets.batches("train", shuffle, trainer.seqs_per_update, skip=done):
                throughput.begin_batch(len(batch), batch.num_points)
                done += trainer.train(batch.sequences, self._on_progress)
                points += batch.num_points
                if self._wants_to_stop():
                    raise Interrupted(f"in epoch {number} after {done} of {total} sequences")
        finally:
            progress.stop()
        errors = with_count(error_values(trainer.finish_updates()), trainer.skipped(), self.config)
        return errors, EpochWork(time.perf_counter() - begin, total - before, points, self.network.num_weights)

    def _wants_to_stop(self) -> bool:
        """A signal is heeded where a save can hold what was done: not in the middle of an update."""
        return self._ranks.any(self._interrupt.requested) and self._trainer.may_store

    def _on_progress(self, done: int, running: _core.Metrics) -> bool:
        self._context.progress.update(self.throughput.at(done), running)
        if self._trainer.may_store:
            self._write_last_if_due()
        return not self._wants_to_stop()

    def _test(self, name: str) -> Errors:
        return evaluate_batches(self._trainer.evaluate, self._until_interrupt(name), self.config)[0]

    def _until_interrupt(self, name: str) -> Iterator[Batch]:
        for batch in self._sets.batches(name):
            yield batch
            self._write_last_if_due()
            if self._ranks.any(self._interrupt.requested):
                raise Interrupted(f"in epoch {self.epoch + 1} while testing the {name} set")

    @contextlib.contextmanager
    def showing_progress(self) -> Iterator[None]:
        """While entered, epochs show how far they are; then what the run has come to is shown."""
        complete = False
        try:
            yield
            complete = True
        finally:
            self._context.progress.end(repr(self)[len("<Run: ") : -1], complete)

    # --- when to stop ---

    @property
    def per_class(self) -> bool:
        """The log has the errors of single classes and labels: verbose or confusionMatrix asks for them."""
        return bool(self.config["verbose"] or self.config["confusionMatrix"])

    def end(self, status: str, reason: str) -> Ended:
        """The event for the end of the run."""
        return Ended(status, reason, self.epoch, self.best, self.best_saves, self.per_class)

    @property
    def epochs_without_best(self) -> int:
        """Epochs since the last that was best in any criterion."""
        return self._tracker.epochs_without(self.epoch)

    def reason_to_stop(self) -> str:
        """Empty while there are epochs to run."""
        limit, patience = self.config["totalEpochs"], self.config["maxTestsNoBest"]
        if 0 <= limit <= self.epoch:
            return f"{self.epoch} epochs done (totalEpochs {limit})"
        without = self.epochs_without_best
        if 0 < patience < without:
            return f"no new best network in {without} epochs (maxTestsNoBest {patience})"
        return ""


OnEpoch = Callable[[Run], bool | None]
