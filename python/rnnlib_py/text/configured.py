# SPDX-License-Identifier: Apache-2.0
"""The decoder that the keys of a config ask for."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, Error
from rnnlib_py.config import Config
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.decoding import BoundDecoder, Decoder
from rnnlib_py.system.files import existing_path
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.token_passing import TokenPassing

_NONE = "none"  # value of wordSeparator: words follow each other directly
_FILES = ("dictionary", "languageModel", "bigrams")
# Keys that a decoder's description names, if they are not at their defaults, with which saves are filled.
_DESCRIBED = ("nBest", "fixedLength", *_FILES, "lmWeight", "wordBonus", "dictionaryMode", "freeScore", "wordSeparator")


def decoder_of(config: Config) -> Decoder | None:
    """How the outputs of a network are read.

    Parameters
    ----------
    config
        Its keys `decoder`, `beamWidth`, `nBest`, `dictionary`, `languageModel`, `bigrams`, ...: docs/config.md,
        "Decoding". Files are looked for as training files are: in the current folder, then in the config's own.

    Returns
    -------
    Decoder or None
        None is the decoder of the task: best path in transcription. Files are read when it is bound to the labels of a
        network.

    Raises
    ------
    ConfigError
        Keys that do not go together.
    IoError
        A file that is in neither folder.
    """
    if not find_task(config["task"]).transcribes or config["decoder"] == "best_path":
        return None
    files = {key: existing_path(config[key], config.folder, key) for key in _FILES if key in config}
    words = {"n_best": config["nBest"], "lm_weight": config["lmWeight"], "word_bonus": config["wordBonus"]}
    if config["fixedLength"] >= 0:
        words["num_words"] = config["fixedLength"]
    if config["decoder"] == "token_passing":
        return _Configured(TokenPassing, _token_passing_files(files), words, config.get("wordSeparator"))
    if config["nBest"] > config["beamWidth"]:
        raise ConfigError(f"nBest is {config['nBest']}, expected 1 to beamWidth, which is {config['beamWidth']}")
    if "languageModel" in files and "bigrams" in files:
        raise ConfigError("languageModel and bigrams are both given: expected one of them")
    more = {
        "width": config["beamWidth"],
        "mode": config["dictionaryMode"],
        "free_score": config["freeScore"],
        "temperature": config["temperature"],
    }
    names = {"dictionary": "lexicon", "languageModel": "lm", "bigrams": "lm"}
    arguments = {key: (names[key], path) for key, path in files.items()}
    return _Configured(Beam, arguments, {**words, **more}, config.get("wordSeparator"))


def _token_passing_files(files: dict[str, Path]) -> dict[str, tuple[str, Path]]:
    if "dictionary" not in files:
        raise ConfigError("decoder token_passing needs the key dictionary, the file of its words")
    if "languageModel" in files:
        raise ConfigError("decoder token_passing takes no languageModel: expected bigrams, or decoder beam")
    names = {"dictionary": "lexicon", "bigrams": "bigrams"}
    return {key: (names[key], path) for key, path in files.items()}


def separator_of(config: Config, labels: _Seq[str]) -> str:
    """The label between two words; "" for none, as in other tasks than transcription.

    Raises
    ------
    ConfigError
        A wordSeparator that is none of the labels.
    """
    return _separator(config.get("wordSeparator"), labels) if find_task(config["task"]).transcribes else ""


def _separator(given: str | None, labels: _Seq[str]) -> str:
    if given == _NONE:
        return ""
    if given is not None and given not in labels:
        raise ConfigError(f"wordSeparator is '{given}', which is none of the network's {len(labels)} labels")
    return SPACE if given is None and SPACE in labels else given or ""


def decoder_text(config: Config) -> str:
    """What reads the labels of a config's network, as words for people: "beam, beamWidth 50, languageModel lm.arpa"."""
    kind: str = config["decoder"]
    if kind == "best_path":
        return kind
    width = [f"beamWidth {config['beamWidth']}"] if kind == "beam" else []
    defaults = {key.name: key.default_value for key in _core.key_table()}
    given = {key: config.core.get_string(key) for key in _DESCRIBED if key in config}
    return ", ".join([kind, *width, *(f"{key} {value}" for key, value in given.items() if value != defaults[key])])


@dataclass(frozen=True)
class _Configured:
    """A decoder with a config's files: key -> its argument and the path."""

    make: Any  # Beam or TokenPassing
    files: dict[str, tuple[str, Path]]
    options: dict[str, Any]
    separator: str | None
    _bound: dict[tuple[str, ...], BoundDecoder] = field(default_factory=dict, repr=False, compare=False)

    def bind(self, labels: _Seq[str]) -> BoundDecoder:
        """Reads the files, once for the same labels. Errors name the key of the file that is wrong."""
        if tuple(labels) not in self._bound:
            paths = dict(self.files.values())
            with self._naming_keys():
                decoder = self.make(**paths, **self.options, space=_separator(self.separator, labels))
                self._bound[tuple(labels)] = decoder.bind(labels)
        return self._bound[tuple(labels)]

    @contextmanager
    def _naming_keys(self) -> Iterator[None]:
        try:
            yield
        except Error as error:
            for key, (_, path) in self.files.items():
                if str(path) in str(error):
                    raise type(error)(f"{key}: {error}") from error
            raise
