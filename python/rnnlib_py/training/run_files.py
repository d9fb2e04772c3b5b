# SPDX-License-Identifier: Apache-2.0
"""The files of a run and their names.

With `autosave`: `<config name>@<time>.last.save`, `.best_<error>.save` and `.log` beside the config. With an output
folder: `last.save`, `best.save`, `best_<error>.save`, `log.txt`, `log.jsonl` and `config` in it.
"""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config, is_key
from rnnlib_py.model.metrics import is_training_criterion
from rnnlib_py.system.files import check_writable, existing_path, make_folder, write_atomically

# Keys for how a program runs, not for what it makes: their defaults do not belong in a save. (The default of
# batchLearn depends on the optimiser, those of strengths of augmentation on the key augment, which may be changed when
# going on.)
_NOT_FILLED = ("batchLearn", "threads", "loadWeights")
_NOT_FILLED_GROUPS = ("Augmentation", "Modes", "Saved")

_DATA_KEYS = ("trainFile", "valFile", "testFile")
_LANGUAGE_KEYS = ("dictionary", "languageModel", "bigrams")
_OWN_FILES = ("last.save", "best.save", "best_*.save", "log.txt", "log.jsonl", "config")  # of an output folder


def run_name(config: Config, now: datetime | None = None) -> str:
    """`x.config` and `x@2010.01.02-10.11.12.000001.last.save` give `x@<now>`; without a file it is `network@<now>`."""
    name = config.path.name if config.path else "network"
    base = name.split("@", 1)[0] if "@" in name else Path(name).stem
    return f"{base}@{now or datetime.now():%Y.%m.%d-%H.%M.%S.%f}"


def filled_config(config: Config) -> _core.Config:
    """The config with the defaults of all it did not give, so that a save means the same in every version."""
    filled = config.core.copy()
    for key in _core.key_table():
        wanted = key.default_value and key.group not in _NOT_FILLED_GROUPS and key.name not in _NOT_FILLED
        if wanted and not filled.has(key.name):
            filled.set(key.name, key.default_value)
    filled.remove("warmStart")  # its weights are those of the save now
    return filled


class RunFiles:
    """Where a run's saves and logs go.

    Attributes
    ----------
    log, last : Path
        The text log and the last save.
    json_log : Path or None
        The log as JSON lines.
    continues : bool
        The logs of a run before are there and are added to.
    """

    log: Path
    last: Path
    json_log: Path | None = None
    continues = False

    def best(self, criterion: str) -> Path:
        """The save of the network that is best for an error."""
        raise NotImplementedError

    def check(self) -> None:
        """IoError when files cannot be made there; ConfigError when others would be lost. Changes nothing."""
        raise NotImplementedError

    def make_folder(self) -> None:
        """Makes the folder where that is the run's own. Raises IoError."""

    def begin(self, config: Config) -> None:
        """Writes what stands beside the saves, and removes what an older run left; called when the logs are open."""

    def where(self) -> str:
        """The end of a sentence: where the files are."""
        raise NotImplementedError

    def command_to_go_on(self) -> str:
        """What to type to go on with the run."""
        return f"rnnlib-py train {shlex.quote(str(self.last))}"

    def arguments_to_go_on(self) -> str:
        """The same as arguments of rnnlib_py.train."""
        return repr(str(self.last))


class DatedFiles(RunFiles):
    """Files beside the config, whose names hold the time, so that no run meets those of another."""

    def __init__(self, config: Config) -> None:
        self._folder = config.folder
        self._name = run_name(config)
        self.log = self._folder / f"{self._name}.log"
        self.last = self._folder / f"{self._name}.last.save"

    def best(self, criterion: str) -> Path:
        return self._folder / f"{self._name}.best_{criterion}.save"

    def check(self) -> None:
        check_writable(self._folder)

    def where(self) -> str:
        return f"{self._folder / self._name}.last.save, .best_<error>.save and .log"


class FolderFiles(RunFiles):
    """Files of fixed names in a folder of the run's own."""

    def __init__(self, folder: Path, *, resume: bool = False, force: bool = False) -> None:
        self.folder = folder
        self._force = force
        self.log, self.json_log = folder / "log.txt", folder / "log.jsonl"
        self.last = folder / "last.save"
        self.continues = resume and bool(self._there())
        self._resume = resume

    def best(self, criterion: str) -> Path:
        return self.folder / ("best.save" if is_training_criterion(criterion) else f"best_{criterion}.save")

    def _there(self) -> list[Path]:
        return [path for pattern in _OWN_FILES for path in sorted(self.folder.glob(pattern))]

    def check(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise ConfigError(f"{self.folder}: is a file, expected a folder for the run's files")
        there = self._there()
        if there and not self._resume and not self._force:
            names = ", ".join(path.name for path in there)
            raise ConfigError(
                f"{self.folder}: holds a run already ({names}): go on with it (--resume; in Python resume=True), or "
                "remove it and begin anew (--force; force=True)"
            )
        check_writable(next(path for path in (self.folder, *self.folder.absolute().parents) if path.is_dir()))

    def make_folder(self) -> None:
        make_folder(self.folder)

    def begin(self, config: Config) -> None:
        if not self.continues:
            for path in self._there():
                if path not in (self.log, self.json_log):
                    path.unlink()
        if not self.last.exists():
            write_atomically(self.folder / "config", config.text())

    def where(self) -> str:
        return f"{self.folder} (last.save, best*.save, log.txt, log.jsonl, config)"

    def command_to_go_on(self) -> str:
        folder = str(self.folder)
        return f"rnnlib-py train {shlex.quote(f'{folder}/config')} -o {shlex.quote(folder)} --resume"

    def arguments_to_go_on(self) -> str:
        return f"{str(self.folder / 'config')!r}, output_dir={str(self.folder)!r}, resume=True"


def folder_files(config: Config, folder: Path, resume: bool, force: bool) -> tuple[Config, FolderFiles, list[str]]:
    """The files of a run in a folder of its own, and the config to run: with `resume` that of the folder's last save,
    if it has one. Also sentences about what differs between the two. Raises ConfigError, IoError, FormatError.
    """
    if resume and force:
        raise ConfigError("--resume goes on with a run and --force begins anew: give one of them")
    if force and config.save is not None and config.path and config.path.resolve().parent == folder.resolve():
        raise ConfigError(
            f"{config.path}: --force would remove it with the other files of the run in {folder}; to go on with that "
            "run give --resume (in Python resume=True), to begin anew give its config"
        )
    if "autosave" in config and not config["autosave"]:
        raise ConfigError(f"autosave is false, but {folder} is given for the run's files")
    files = FolderFiles(folder, resume=resume, force=force)
    files.check()
    config = with_absolute_paths(config)
    config["autosave"] = True
    if not (resume and files.last.exists()):
        return config, files, []
    resumed = Config.read(files.last)
    for name in config.overridden:
        resumed.set(name, config.core.get_string(name) if name in config else None)
    return resumed, files, _differences(config, resumed)


def with_absolute_paths(config: Config) -> Config:
    """A copy whose files are found from everywhere; IoError when one is nowhere."""
    config = config.copy()
    overridden = set(config.overridden)
    for key in _DATA_KEYS:
        if paths := config.files(key):
            config[key] = [path.absolute() for path in paths]
    if "warmStart" in config and config.save is None:
        config["warmStart"] = existing_path(config["warmStart"], config.folder, "warmStart").absolute()
    for key in _LANGUAGE_KEYS:
        if key in config:
            config[key] = existing_path(config[key], config.folder, key).absolute()
    config.overridden = overridden
    return config


def _differences(config: Config, resumed: Config) -> list[str]:
    """A sentence on keys of the config that the run in the folder has otherwise; it goes on with its own."""
    if config.save is not None:
        return []
    names = [
        name
        for name in config
        if is_key(name) and name != "warmStart" and name not in config.overridden and config[name] != resumed.get(name)
    ]
    if not names:
        return []
    values = "; ".join(f"{name} is {_value(resumed, name)} there and {_value(config, name)} here" for name in names)
    example = f"--{names[0]}={_value(config, names[0])}"
    return [
        f"the run in {resumed.folder} goes on with its own settings ({values}); options such as {example} change them"
    ]


def _value(config: Config, name: str) -> str:
    return config.core.get_string(name) if name in config else "not given"
