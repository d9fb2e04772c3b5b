# SPDX-License-Identifier: Apache-2.0
"""A run: what it has reached, how an epoch goes, and what is saved of it (spec section 6 of RNNLIB's behaviour)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py._core import NumericError
from rnnlib_py.autosave import Autosave, filled_config
from rnnlib_py.batching import Batch
from rnnlib_py.best import Best, BestTracker, SetErrors
from rnnlib_py.config import Config
from rnnlib_py.data_sets import DataSets
from rnnlib_py.evaluate import evaluate_batches, skipped_text
from rnnlib_py.interrupt import Interrupt
from rnnlib_py.log import Log
from rnnlib_py.metrics import Errors, figures
from rnnlib_py.network import Network
from rnnlib_py.normalisation import store_in_save
from rnnlib_py.progress import NoProgress
from rnnlib_py.report import EpochWork


@dataclass(frozen=True)
class Epoch:
    """An epoch of a run. `errors`: "train" (running), "validation", "test" -> errors, also as epoch["train"]."""

    epoch: int
    seconds: float  # of training alone
    errors: SetErrors
    improved: list[str]  # criteria for which it was the best so far

    def __getitem__(self, name: str) -> Errors:
        return self.errors[name]


class Interrupted(Exception):  # noqa: N818
    """Ctrl-C: an epoch was not finished. Says how far it came."""


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
    ) -> None:
        self.config = config
        self.network = network
        self.epoch = 0
        self.history: list[Epoch] = []
        self.stopped = ""
        self.log_path: Path | None = None
        self.last_save: Path | None = None
        self.best_saves: dict[str, Path] = {}
        self._trainer = _core.Trainer(network.core, config.core, threads)
        self._sets, self._random, self._threads = sets, random, threads
        self._log, self._interrupt, self._progress = log, interrupt, progress
        self._tracker = BestTracker()
        self._autosave = Autosave(config) if config["autosave"] else None

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
        save.set_value("trainer_random", self._random.state)
        self._tracker.store(save)
        store_in_save(save, self.network.normalisation)
        return save

    def restore(self, save: _core.Save, source: str) -> bool:
        """Goes on from a save; False when the optimiser's state could not be taken over."""
        text = save.get_value("trainer_epoch") or "0"
        if not text.isdecimal():
            raise _core.FormatError(f"{source}: trainer_epoch is {text!r}, expected a number of epochs")
        self.epoch = int(text)
        state = save.get_value("trainer_random")
        if state is not None:
            self._random.state = state
        self._tracker.restore(save, source)
        return save.restore_trainer(self.network.core, self._trainer)

    def open_log(self) -> None:
        if self._autosave is not None:
            self.log_path = self._autosave.log
            self._log.open_file(self.log_path)

    def write_last(self) -> None:
        if self._autosave is not None:
            self.make_save().write(str(self._autosave.last), self.network.precision)
            self.last_save = self._autosave.last

    def _write_saves(self, improved: list[str]) -> None:
        self.write_last()
        if self._autosave is None:
            return
        for name in improved:
            path = self._autosave.best(name)
            self.make_save().write(str(path), self.network.precision)
            self.best_saves[name] = path

    # --- an epoch ---

    def run_epoch(self) -> tuple[Epoch, EpochWork]:
        """Trains on all sequences once, tests, saves. Raises Interrupted, NumericError naming epoch and sequence."""
        try:
            train_errors, work = self._train()
            errors = {"train": train_errors}
            for name in ("validation", "test"):
                if name in self._sets:
                    errors[name] = self._test(name)
        except NumericError as error:
            raise NumericError(f"epoch {self.epoch + 1}: {error}") from error
        self.epoch += 1
        improved = self._tracker.update(self.epoch, errors)
        epoch = Epoch(self.epoch, work.seconds, errors, improved)
        self.history.append(epoch)
        self._write_saves(improved)
        return epoch, work

    def _train(self) -> tuple[Errors, EpochWork]:
        trainer = self._trainer
        total = len(self._sets["train"])
        shuffle = None if trainer.batch_learn else self._random
        begin, done, points = time.perf_counter(), 0, 0
        trainer.begin_epoch(total)
        self._progress.start(self.epoch + 1, total)
        try:
            for batch in self._sets.batches("train", shuffle, trainer.seqs_per_update):
                done += trainer.train(batch.sequences, self._on_progress)
                points += batch.num_points
                if self._interrupt.requested:
                    raise Interrupted(f"interrupted in epoch {self.epoch + 1} after {done} of {total} sequences")
        finally:
            self._progress.stop()
            for target in trainer.skipped():
                self._log.warn(skipped_text(target))
        penalties = figures(trainer.penalties())  # of the weights that the running errors belong to
        errors = {**figures(trainer.end_epoch()), **penalties}
        return errors, EpochWork(time.perf_counter() - begin, total, points, self.network.num_weights)

    def _on_progress(self, done: int, running: _core.Metrics) -> bool:
        self._progress.update(done, running)
        return not self._interrupt.requested

    def _test(self, name: str) -> Errors:
        errors, skipped = evaluate_batches(self.network.core, self.config, self._until_interrupt(name), self._threads)
        for target in skipped:
            self._log.warn(skipped_text(target))
        return errors

    def _until_interrupt(self, name: str) -> Iterator[Batch]:
        for batch in self._sets.batches(name):
            yield batch
            if self._interrupt.requested:
                raise Interrupted(f"interrupted in epoch {self.epoch + 1} while testing the {name} set")

    # --- when to stop ---

    def reason_to_stop(self) -> str:
        """Empty while there are epochs to run."""
        limit, patience = self.config["totalEpochs"], self.config["maxTestsNoBest"]
        if 0 <= limit <= self.epoch:
            return f"{self.epoch} epochs done (totalEpochs {limit})"
        without = self._tracker.epochs_without(self.epoch)
        if 0 < patience < without:
            return f"no new best network in {without} epochs (maxTestsNoBest {patience})"
        return ""


OnEpoch = Callable[[Run], bool | None]
