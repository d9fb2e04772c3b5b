# SPDX-License-Identifier: Apache-2.0
"""How the user's arrays and texts are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import Task

Units = Literal["words", "characters"]
_MOST_DIMS = 8  # of the engine's networks


@dataclass(frozen=True)
class DataOptions:
    """`units`: what the labels in a string are; None: words, with a warning when they look like those of a text.
    `dims`: the number of dimensions; None: one less than the inputs have axes."""

    units: Units | None = None
    dims: int | None = None

    def check(self, task: Task) -> None:
        """ConfigError for values that cannot be."""
        if self.units not in (None, "words", "characters"):
            raise ConfigError(f"units is {self.units!r}, expected 'words' or 'characters'")
        if self.units is not None and not task.transcribes:
            raise ConfigError(f"units is {self.units!r}, which is for task transcription; the task is {task.name}")
        if self.dims is not None and (isinstance(self.dims, bool) or self.dims not in range(_MOST_DIMS + 1)):
            raise ConfigError(f"dims is {self.dims!r}, expected 0 to {_MOST_DIMS}")
