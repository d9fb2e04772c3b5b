# SPDX-License-Identifier: Apache-2.0
"""Writing the saves of a run: the last, the best, and those that are due within an epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py.runlog.events import Saved
from rnnlib_py.runlog.log import Log
from rnnlib_py.training.run_files import RunFiles

MakeSave = Callable[[], _core.Save]


class Checkpoints:
    """`last`, `best` (criterion -> path): the files that were written. Without `files` nothing is."""

    def __init__(
        self, files: RunFiles | None, log: Log, precision: str, save_every: float, *, writes: bool = True
    ) -> None:
        """`save_every`: seconds between saves within an epoch, 0 for none; `writes`: False where another rank does."""
        self.last: Path | None = None
        self.best: dict[str, Path] = {}
        self._files, self._log, self._precision, self._save_every = files, log, precision, save_every
        self._written_at = time.monotonic()
        self.writes = writes

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: what was written."""
        return {"last": self.last, "best": self.best}

    def find_best(self, criteria: list[str]) -> None:
        """The best saves that a run which goes on in its folder has there already."""
        if self._files is not None and self._files.continues:
            paths = {name: self._files.best(name) for name in criteria}
            self.best = {name: path for name, path in paths.items() if path.exists()}

    def write_last(self, make_save: MakeSave, epoch: int) -> None:
        """Raises IoError when it cannot be written; the one before is then still there."""
        if self._files is not None:
            if self.writes:
                make_save().write(self._files.last, self._precision)
            self.last = self._files.last
            self._log.report(Saved(self.last, epoch))
        self._written_at = time.monotonic()

    @property
    def is_due(self) -> bool:
        """The last save is older than saveEvery."""
        enabled = self._save_every > 0 and self._files is not None
        return enabled and time.monotonic() - self._written_at >= self._save_every

    def write_best(self, make_save: MakeSave, epoch: int, improved: list[str]) -> None:
        """A file for each criterion that has become better."""
        if self._files is None or not improved:
            return
        save = make_save() if self.writes else None
        for name in improved:
            path = self._files.best(name)
            if save is not None:
                save.write(path, self._precision)
            self.best[name] = path
            self._log.report(Saved(path, epoch, name))
