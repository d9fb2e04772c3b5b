# SPDX-License-Identifier: Apache-2.0
"""A run: what it has reached, how an epoch goes, and what is saved of it (docs/behaviour.md, "Training")."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py._core import NumericError
from rnnlib_py.config import Config
from rnnlib_py.data.batching import Batch
from rnnlib_py.data.html_tables import html_table
from rnnlib_py.data.sets import DataSets
from rnnlib_py.model.evaluation import evaluate_batches, evaluation
from rnnlib_py.model.metrics import Errors, SetErrors, figures, format_figure
from rnnlib_py.model.network import Network
from rnnlib_py.model.skipped_targets import with_count
from rnnlib_py.runlog.best import Best, BestTracker, deciding_errors
from rnnlib_py.runlog.events import Ended, Resumed, Saved
from rnnlib_py.runlog.log import Log
from rnnlib_py.runlog.work import EpochWork
from rnnlib_py.system.interrupt import Interrupt
from rnnlib_py.system.units import count_text
from rnnlib_py.training.diagnosis import Watcher
from rnnlib_py.training.progress import NoProgress
from rnnlib_py.training.run_files import RunFiles, filled_config
from rnnlib_py.training.schedule import LearnRateSchedule
from rnnlib_py.training.throughput import Pace

# What a save may lack of the trainer's state, by the key that asks for it.
_AFRESH = {
    "optimiser": "the optimiser's state",
    "mdl": "the weights' noise",
    "mdlOptimiser": "the state of the noise's optimiser",
}


# Of a Run: what is left of it in a pickle or a copy.
_RESULTS = {
    "config", "network", "epoch", "history", "stopped", "log_path", "last_save", "best_saves", "pace", "_tracker",
}  # fmt: skip


@dataclass(frozen=True)
class Epoch:
    """An epoch of a run. `errors`: "train" (running), "validation", "test" -> errors, also as epoch["train"]."""

    epoch: int
    seconds: float  # of training alone
    errors: SetErrors
    improved: list[str]  # criteria for which it was the best so far
    learn_rate_factor: float = 1.0  # of learnRateSchedule
    noise: dict[str, float] | None = None  # mdl's: priorMean, priorStdDev, meanStdDev, belowNoise
    warnings: list[str] = field(default_factory=list)  # what is the matter with the run (docs/logs.md)

    def __getitem__(self, name: str) -> Errors:
        return self.errors[name]


class Interrupted(Exception):  # noqa: N818
    """The run is to end before its last epoch: a signal came, or the time is up. Says how far it came."""


class Run:
    """`network`; `epoch`: epochs done, those before a save included; `history`: an Epoch each, of this run; `best`:
    criterion -> Best; `stopped`: why it ended; `log_path`, `last_save`, `best_saves`: its files with autosave."""

    def __init__(
        self,
        config: Config,
        network: Network,
        sets: DataSets,
        random: _core.Random,
        threads: int,
        log: Log,
        interrupt: Interrupt,
        progress: NoProgress,
        files: RunFiles | None = None,
        seed: int = 1,
        constant_noise: float | None = None,
    ) -> None:
        self.config = config
        self.network = network
        self.epoch = 0
        self.history: list[Epoch] = []
        self.stopped = ""
        self.log_path: Path | None = None
        self.last_save: Path | None = None
        self.best_saves: dict[str, Path] = {}
        self.pace = Pace(config["totalEpochs"] if config["totalEpochs"] >= 0 else None)
        self._trainer = _core.Trainer(network.core, config.core, threads, seed, constant_noise)
        self._sets, self._random, self._threads = sets, random, threads
        self._fingerprint = sets.fingerprint  # now, since it reads the files
        self._epoch_random = random.state  # as it was when the epoch under way began
        self._resumed_at = 0  # sequences of the epoch under way that were done before the save
        self._in_epoch = False
        self._log, self._interrupt, self._progress = log, interrupt, progress
        self._tracker = BestTracker()
        self._schedule = LearnRateSchedule(config)
        self._watcher = Watcher(config)
        self._files = files
        self._saved_at = time.monotonic()

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: what the run has reached. A copy cannot train on: that needs a save."""
        return {name: value for name, value in self.__dict__.items() if name in _RESULTS}

    def __repr__(self) -> str:
        best = [
            f"best {name} {format_figure(name, found.error)} (epoch {found.epoch})" for name, found in self.best.items()
        ]
        end = [f"stopped: {self.stopped}"] if self.stopped else []
        return f"<Run: {'; '.join([count_text(self.epoch, 'epoch'), *best, *end])}>"

    def _repr_html_(self) -> str:
        """A row per epoch: its errors, and of which criteria it was the best so far."""
        columns = (
            [(name, error) for name, errors in self.history[-1].errors.items() for error in errors]
            if self.history
            else []
        )
        rows = [
            [
                str(epoch.epoch),
                *(_figure_text(epoch.errors.get(name, {}), error) for name, error in columns),
                ", ".join(epoch.improved),
            ]
            for epoch in self.history
        ]
        return html_table(repr(self)[1:-1], ["epoch", *(f"{name} {error}" for name, error in columns), "best"], rows)

    @property
    def best(self) -> dict[str, Best]:
        """Criterion -> its best epoch, error, and all errors of that epoch."""
        return self._tracker.best

    # --- saves ---

    def make_save(self) -> _core.Save:
        """All that is needed to go on as if the run had never stopped."""
        save = _core.Save()
        save.config = filled_config(self.config)
        save.store_network(self.network.core)
        save.store_trainer(self._trainer, self.network.core)
        save.set_value("trainer_epoch", str(self.epoch))
        save.set_value("trainer_data", self._fingerprint)
        save.set_value("trainer_random", self._epoch_random if self._in_epoch else self._random.state)
        self._tracker.store(save)
        self._schedule.store(save)
        self._watcher.store(save)
        return save

    def restore(self, save: _core.Save, source: str) -> Resumed:
        """Goes on from a save; says where, and what it does not have."""
        text = save.get_value("trainer_epoch") or "0"
        if not text.isdecimal():
            raise _core.FormatError(f"{source}: trainer_epoch is {text!r}, expected a number of epochs")
        self.epoch = int(text)
        state = save.get_value("trainer_random")
        if state is not None:
            self._random.state = self._epoch_random = state
        self._tracker.restore(save, source, self.epoch)
        self._schedule.restore(save, source)
        self._watcher.restore(save, source)
        afresh = save.restore_trainer(self.network.core, self._trainer)
        notes = [
            f"{_AFRESH[name]} starts afresh: {source} has none" + ("" if name == "mdl" else f" of {self.config[name]}")
            for name in afresh
        ]
        notes += self._restore_position(save.get_value("trainer_data"), source)
        return Resumed(source, self.epoch, self._resumed_at, afresh, notes)

    def _restore_position(self, fingerprint: str | None, source: str) -> list[str]:
        """`fingerprint`: of the training data that the save was made with; saves of older versions have none."""
        done, total = self._trainer.sequences_done()
        if not total:
            return []
        count = len(self._sets["train"])
        if total != count:
            reason = f"in {source} it had {total} sequences, now there are {count}"
        elif fingerprint not in (None, self._fingerprint):
            reason = f"the training data are not those of {source}: as many sequences, but others or in another order"
        else:
            self._resumed_at, self._in_epoch = done, True
            return [f"going on within epoch {self.epoch + 1}, after {done} of {total} sequences"]
        self._log.warn(f"epoch {self.epoch + 1} begins again: {reason}")
        return []

    def open_log(self) -> None:
        if self._files is None:
            self._log.without_files()
            return
        self._files.make_folder()
        self._log.open_files(self._files.log, self._files.json_log, self._files.continues)
        self._files.begin(self.config)
        self.log_path = self._files.log
        if self._files.continues:
            saves = {name: self._files.best(name) for name in self.best}
            self.best_saves = {name: path for name, path in saves.items() if path.exists()}

    def write_last(self) -> None:
        if self._files is not None:
            self.make_save().write(self._files.last, self.network.precision)
            self.last_save = self._files.last
            self._log.tell(Saved(self.last_save, self.epoch))
        self._saved_at = time.monotonic()

    def _write_last_if_due(self) -> None:
        """After saveEvery seconds, or when a signal asks for it."""
        every = self.config["saveEvery"]
        if self._interrupt.take_save_request():
            self.write_last()
            where = f"saved to {self.last_save}" if self.last_save else "autosave is off: not saved"
            self._log.say(f"a save was asked for by a signal: {where}")
        elif every > 0 and self._files is not None and time.monotonic() - self._saved_at >= every:
            self.write_last()

    def _write_best(self, improved: list[str]) -> None:
        if self._files is None or not improved:
            return
        save = self.make_save()
        for name in improved:
            path = self._files.best(name)
            save.write(path, self.network.precision)
            self.best_saves[name] = path
            self._log.tell(Saved(path, self.epoch, name))

    # --- an epoch ---

    def look_at_start(self) -> None:
        """Tests the untrained network on some sequences, for the watcher to compare with."""
        evaluate = evaluation(self.network.core, self.config, self._threads)
        batch = next(iter(self._sets.batches("train")), None)
        if batch is not None:
            with contextlib.suppress(NumericError):  # training will say it, and in which epoch
                self._watcher.begin(evaluate_batches(evaluate, [batch], self.config)[0])

    def run_epoch(self) -> tuple[Epoch, EpochWork]:
        """Trains on all sequences once, tests, saves what is best. Raises Interrupted, NumericError naming epoch and
        sequence.

        The caller logs the epoch and then calls write_last(): a run that is killed before that trains the epoch again,
        and neither a best network nor a line of the log is ever missing.
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
            raise NumericError(f"epoch {self.epoch + 1}: {error}; {self._watcher.failed()}") from error
        self._trainer.end_epoch()
        self._in_epoch = False
        self.epoch += 1
        improved = self._tracker.update(self.epoch, errors)
        self._schedule.update(deciding_errors(errors))
        warnings = self._watcher.update(self.epoch, errors, bool(improved))
        epoch = Epoch(self.epoch, work.seconds, errors, improved, factor, self._trainer.noise_statistics(), warnings)
        self.history.append(epoch)
        self._write_best(improved)
        self.pace.end_epoch(work.seconds)
        return epoch, work

    def _train(self) -> tuple[Errors, EpochWork]:
        trainer = self._trainer
        total, done = len(self._sets["train"]), self._resumed_at
        begin, points, before = time.perf_counter(), 0, done
        self._epoch_random = self._random.state
        if not self._in_epoch:
            trainer.begin_epoch(total)
        self._in_epoch, self._resumed_at = True, 0
        self._progress.start(self.epoch + 1, total, done)
        shuffle = None if trainer.batch_learn else self._random
        self.pace.begin_epoch(self.epoch + 1, total, done)
        try:
            for batch in self._sets.batches("train", shuffle, trainer.seqs_per_update, skip=done):
                self.pace.begin_batch(len(batch), batch.num_points)
                done += trainer.train(batch.sequences, self._on_progress)
                points += batch.num_points
                if self._wants_to_stop():
                    raise Interrupted(f"in epoch {self.epoch + 1} after {done} of {total} sequences")
        finally:
            self._progress.stop()
        errors = with_count(figures(trainer.finish_updates()), trainer.skipped(), self.config)
        return errors, EpochWork(time.perf_counter() - begin, total - before, points, self.network.num_weights)

    def _wants_to_stop(self) -> bool:
        """A signal is heeded where a save can hold what was done: not in the middle of an update."""
        return self._interrupt.requested and self._trainer.may_store

    def _on_progress(self, done: int, running: _core.Metrics) -> bool:
        self._progress.update(self.pace.at(done), running)
        if self._trainer.may_store:
            self._write_last_if_due()
        return not self._wants_to_stop()

    def _test(self, name: str) -> Errors:
        return evaluate_batches(self._trainer.evaluate, self._until_interrupt(name), self.config)[0]

    def _until_interrupt(self, name: str) -> Iterator[Batch]:
        for batch in self._sets.batches(name):
            yield batch
            self._write_last_if_due()
            if self._interrupt.requested:
                raise Interrupted(f"in epoch {self.epoch + 1} while testing the {name} set")

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


def _figure_text(errors: Errors, name: str) -> str:
    return format_figure(name, errors[name]) if name in errors else ""


OnEpoch = Callable[[Run], bool | None]
