# SPDX-License-Identifier: Apache-2.0
"""A run's events as TensorBoard event files (docs/logs.md lists the tags). Needs the package tensorboardX.

Its EventsWriter is used and not its SummaryWriter: that one writes in a thread of its own, which dies of a full disk
and can let the run wait for it forever (seen with 2.6.5 when more than a few values lay in its queue).
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.model.tables import layer_table
from rnnlib_py.runlog.events import Ended, EpochDone, Event, Started, Warned
from rnnlib_py.system.files import check_writable

_numbers = itertools.count()  # two runs in one second need files of different names


class TensorBoardFiles:
    """A folder per set below `folder`, so that its curves of the same error lie in one chart. Steps are epochs."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """ConfigError without tensorboardX; IoError when the folder cannot be made or written to."""
        try:
            from tensorboardX.event_file_writer import EventsWriter
            from tensorboardX.proto import event_pb2, summary_pb2
            from tensorboardX.summary import text
        except ImportError as error:
            raise ConfigError(
                f"TensorBoard files need the package tensorboardX ({error}): pip install 'rnnlib-py[tensorboard]'"
            ) from error
        self._make_writer, self._events, self._summaries, self._text = EventsWriter, event_pb2, summary_pb2, text
        self._folder = Path(folder)
        self._writers: dict[str, Any] = {}
        self._first_step = 0  # of this run; 0: not known yet
        self._started: Started | None = None
        self._warnings: list[str] = []  # from before the first epoch
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IoError(f"{self._folder}: cannot be made: {error.strerror}") from error
        check_writable(self._folder)

    def __call__(self, event: Event) -> None:
        """Writes what TensorBoard can show of an event. IoError when that fails."""
        try:
            self._write(event)
        except OSError as error:
            raise IoError(f"{self._folder}: TensorBoard files cannot be written: {error.strerror or error}") from error

    def _write(self, event: Event) -> None:
        match event:
            case Started():
                self._started = event
            case Warned():
                self._warnings.append(event.text)
            case EpochDone():
                self._first_step = self._first_step or event.epoch
                for name, errors in event.errors.items():
                    self._add_scalars(name, event.epoch, errors)
                self._add_scalars("train", event.epoch, _speeds(event))
                self._add_texts(event.epoch)
            case Ended():
                self._add_texts(event.epoch)

    def _add_scalars(self, folder: str, step: int, values: Mapping[str, float]) -> None:
        summary = self._summaries.Summary
        items = [summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
        self._add(folder, step, summary=summary(value=items))

    def _add_texts(self, step: int) -> None:
        """The config and the network once, and the warnings since the last time."""
        if self._started is not None and self._first_step:
            started, self._started = self._started, None
            self._add_text(step, "config", started.config.text())
            self._add_text(step, "network", "\n".join(layer_table(started.network)))
        if self._warnings and self._first_step:
            text, self._warnings = "\n".join(self._warnings), []
            self._add_text(step, "warnings", text)

    def _add_text(self, step: int, tag: str, text: str) -> None:
        indented = "".join(f"    {line}\n" for line in text.splitlines())  # Markdown for "as it stands"
        self._add("train", step, summary=self._text(tag, indented))

    def _add(self, folder: str, step: int, **content: Any) -> None:
        writer = self._writers.get(folder) or self._open(folder)
        writer.write_event(self._events.Event(wall_time=time.time(), step=step, **content))
        writer.flush()

    def _open(self, folder: str) -> Any:
        """A new file, which says that what older files have from this run's first epoch on no longer counts."""
        place = self._folder / folder
        place.mkdir(exist_ok=True)
        writer = self._make_writer(str(place / "events"), filename_suffix=f".{os.getpid()}.{next(_numbers)}")
        self._writers[folder] = writer
        log = self._events.SessionLog(status=self._events.SessionLog.START)
        writer.write_event(self._events.Event(wall_time=time.time(), step=self._first_step, session_log=log))
        return writer

    def close(self) -> None:
        """IoError when the files' last bytes cannot be written."""
        writers, self._writers = self._writers, {}
        try:
            for writer in writers.values():
                writer.close()
        except OSError as error:
            raise IoError(f"{self._folder}: TensorBoard files cannot be written: {error.strerror or error}") from error


def _speeds(event: EpochDone) -> dict[str, float]:
    work = event.work
    memory = {} if event.peak_memory is None else {"memory/peak_bytes": float(event.peak_memory)}
    return {
        "speed/epoch_seconds": work.seconds,
        "speed/sequences_per_second": work.sequences_per_second,
        "speed/points_per_second": work.points_per_second,
        **memory,
    }
