# SPDX-License-Identifier: Apache-2.0
"""What `prepare audio` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.audio_table import AudioColumns
from rnnlib_py.prepare.split_options import SplitOptions

TASKS = ("transcription", "sequence_classification", "classification")
_LABELS = ("words", "characters", "phones")


@dataclass(frozen=True)
class AudioOptions:
    """Arguments of audio().

    Attributes
    ----------
    folder : Path or None
        Recordings, with their texts where there are no tables.
    tables : list of Path
    columns : AudioColumns
        Of the tables.
    task : str
    label_from : str
        Where classes come from: "folder" or a regular expression.
    recipe : AudioRecipe
    has_rate : bool
        The recipe's rate is meant; else it is chosen when the files are known.
    split : SplitOptions
    """

    folder: Path | None
    tables: list[Path]
    columns: AudioColumns
    task: str
    label_from: str
    recipe: AudioRecipe
    has_rate: bool
    split: SplitOptions

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        if self.task not in TASKS:
            raise ConfigError(f"task {self.task!r}: expected one of {', '.join(TASKS)}")
        if self.folder is None and not self.tables:
            raise ConfigError("no recordings: expected a folder of them, or --tsv")
        if self.task == "classification" and (self.tables or self.recipe.labels == "characters"):
            raise ConfigError(
                "task classification has a label for each frame, from a folder's .phn, .lab or .wrd files that say "
                "when each phone or word begins and ends (--labels phones or words)"
            )
        if (self.recipe.labels == "class") != (self.task == "sequence_classification"):
            raise ConfigError(f"task {self.task}: the recipe has labels for {self.recipe.labels}")
        if self.has_rate:
            self.recipe.check()
        self.split.check()


def default_labels(labels: str | None, task: str) -> str:
    """What the texts are cut into. ConfigError for something else, or where there is nothing to cut."""
    if labels is None:
        return {"sequence_classification": "class", "classification": "phones"}.get(task, "characters")
    if labels not in _LABELS:
        raise ConfigError(f"labels {labels!r}: expected one of {', '.join(_LABELS)}")
    if task == "sequence_classification":
        raise ConfigError(f"labels {labels} are for texts; in task {task} a whole recording has one class")
    return labels
