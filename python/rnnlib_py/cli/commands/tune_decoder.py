# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py tune-decoder: the weights and the width of a beam search that make the fewest errors."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import get_args

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.overrides import Override
from rnnlib_py.cli.reading import read_save
from rnnlib_py.config import Config
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.model.stored_keys import store_keys
from rnnlib_py.model.tables import table
from rnnlib_py.system.files import check_writable, existing_path
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.system.terminal import DEFAULT_WIDTH, terminal_width
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.configured import separator_of
from rnnlib_py.text.tokens import Characters
from rnnlib_py.text.tuning import Tuning, TuningOptions, tune_decoder
from rnnlib_py.text.tuning_errors import CRITERIA
from rnnlib_py.text.tuning_search import Range, Trial

_SHOWN = 10  # trials in the table
_FILES = ("dictionary", "languageModel")
_KEYS = {  # of which the save's own are used where an option is missing
    "--lexicon": ("dictionary", "FILE", "a word and its labels per line"),
    "--lm": ("languageModel", "FILE", "n-grams over words or labels, ARPA"),
    "--mode": ("dictionaryMode", "MODE", "closed: words of the dictionary only; open: others between them, too"),
    "--space": ("wordSeparator", "LABEL", "separates words; none: nothing does"),
}


def _range(text: str) -> Range:
    try:
        low, high = (float(number) for number in text.split(":"))
    except ValueError:
        raise ArgumentTypeError(f"expected LOW:HIGH, such as 0:3, found {text!r}") from None
    return Range(low, high)


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="VAL.nc", help="data that the network has not learned from")
    for option, (key, metavar, meaning) in _KEYS.items():
        parser.add_argument(option, dest=f"key_{key}", metavar=metavar, help=f"{meaning} (key {key})")
    parser.add_argument(
        "--criterion", choices=list(CRITERIA), default="labelError", help="what counts (default: %(default)s)"
    )
    parser.add_argument(
        "--characters",
        choices=get_args(Characters),
        default="graphemes",
        help="what a character is for cer (default %(default)s: what readers take for one)",
    )
    parser.add_argument("--lm-weight", metavar="LOW:HIGH", type=_range, default=Range(0, 3), help="default 0:3")
    parser.add_argument("--word-bonus", metavar="LOW:HIGH", type=_range, default=Range(-2, 4), help="default -2:4")
    parser.add_argument(
        "--free-score",
        metavar="LOW:HIGH",
        type=_range,
        default=Range(-4, 0),
        help="for each label between the words, in the mode open; default -4:0",
    )
    parser.add_argument("--beam", metavar="WIDTH", type=int, default=100, help="the widest that is tried (default 100)")
    parser.add_argument(
        "--tolerance",
        metavar="X",
        type=float,
        default=0.01,
        help="the narrowest beam is taken whose error is not more than this part above the widest one's (default 0.01)",
    )
    parser.add_argument("-o", "--output", metavar="OUT.save", help="write there; without it SAVE itself is replaced")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of what is printed")


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_save(options.path, [*overrides, *_given(options)], "tune-decoder")
    output = options.output or options.path
    check_writable(Path(output).parent)
    network = Network.from_config(config)
    files = {key: existing_path(config[key], config.folder, key) for key in _FILES if key in config}
    beam = _beam(config, network, files, options.beam)
    search = TuningOptions(
        options.criterion,
        options.characters,
        options.lm_weight,
        options.word_bonus,
        options.free_score,
        options.tolerance,
    )
    with open_file(config, network, options.file) as data:
        progress = _Progress(options.quiet)
        try:
            found = tune_decoder(network, data, beam, search, progress.show)
        finally:
            progress.clear()
    store_keys(options.path, output, _stored(found, config, files, Path(output).parent))
    if options.format == "json":
        record = {"save": output, "file": options.file, **found.record()}
        Output.over(sys.stdout).write_json(f"{json_text(record)}\n")
    else:
        print("\n".join(_lines(found, output)))
    return 0


def _given(options: Namespace) -> Overrides:
    """Options as the keys that they stand for."""
    values = [(option, key, getattr(options, f"key_{key}")) for option, (key, *_) in _KEYS.items()]
    return [Override(key, value, f"{option} {value}") for option, key, value in values if value is not None]


def _beam(config: Config, network: Network, files: dict[str, Path], width: int) -> Beam:
    """With the config's files, and all that is not searched."""
    return Beam(
        width,
        config["nBest"],
        lexicon=files.get("dictionary"),
        lm=files.get("languageModel"),
        mode=config["dictionaryMode"],
        space=separator_of(config, network.header.labels),
        temperature=config["temperature"],
    )


def _stored(found: Tuning, config: Config, files: dict[str, Path], folder: Path) -> dict[str, object]:
    """What the save keeps. A key that the search has no use for is taken away."""
    return {
        "decoder": "beam",
        "beamWidth": found.best.width,
        **{key: _stored_path(files[key], folder) if key in files else None for key in _FILES},
        "dictionaryMode": config["dictionaryMode"] if "dictionary" in files else None,
        "wordSeparator": config.get("wordSeparator"),
        "lmWeight": found.best.setting.lm_weight if "languageModel" in files else None,
        "wordBonus": found.best.setting.word_bonus if files else None,
        "freeScore": found.best.setting.free_score if _has_free_text(config, files) else None,
    }


def _has_free_text(config: Config, files: dict[str, Path]) -> bool:
    return "dictionary" in files and config["dictionaryMode"] == "open"


def _stored_path(path: Path, folder: Path) -> str:
    """Relative to the save's folder for a file that is in it, so that both can be moved together."""
    full, base = path.resolve(), folder.resolve()
    return str(full.relative_to(base) if full.is_relative_to(base) else full)


class _Progress:
    """On a terminal, a line that tells of the last trial. `quiet`: nothing."""

    def __init__(self, quiet: bool) -> None:
        stream = sys.stderr
        # An Output writes control characters as escapes; the line is written over.
        self._stream = stream.stream if isinstance(stream, Output) else stream
        self._shown = not quiet and terminal_width(sys.stderr) is not None
        self._begin = monotonic()
        self._count = 0

    def show(self, trial: Trial) -> None:
        self._count += 1
        seconds = monotonic() - self._begin
        self._write(
            f"trial {self._count}, {seconds:.0f} s: {_setting(trial, _numbers(trial))}: {100 * trial.error:.2f} %"
        )

    def clear(self) -> None:
        self._write("", "\r")

    def _write(self, text: str, end: str = "") -> None:
        if not self._shown or self._stream is None:
            return
        room = (terminal_width(sys.stderr) or DEFAULT_WIDTH) - 1
        with contextlib.suppress(OSError, ValueError):  # a terminal that has gone does not end the search
            self._stream.write(f"\r{text[:room].ljust(room)}{end}")
            self._stream.flush()


def _numbers(trial: Trial) -> dict[str, str]:
    """By the key that it is stored under."""
    found = trial.setting
    numbers = {"lmWeight": found.lm_weight, "wordBonus": found.word_bonus, "freeScore": found.free_score}
    return {**{key: f"{number:g}" for key, number in numbers.items()}, "beamWidth": str(trial.width)}


def _setting(trial: Trial, keys: Iterable[str]) -> str:
    return ", ".join(f"{key} {_numbers(trial)[key]}" for key in keys)


def _searched(trials: list[Trial]) -> list[str]:
    """The keys whose numbers were not always the same, and the width's."""
    seen = [_numbers(trial) for trial in trials]
    return [key for key in seen[0] if key == "beamWidth" or len({numbers[key] for numbers in seen}) > 1]


def _lines(found: Tuning, output: str) -> Iterator[str]:
    keys = _searched(found.trials)
    yield f"{found.criterion} {100 * found.best_path_error:.2f} % with best path -> {100 * found.best.error:.2f} %"
    yield f"{_setting(found.best, keys)}, stored in {output}"
    yield ""
    ranked = sorted(found.trials, key=lambda trial: trial.error)
    rows = [[_numbers(trial)[key] for key in keys] + [f"{100 * trial.error:.2f} %"] for trial in ranked[:_SHOWN]]
    yield from table([*keys, found.criterion], rows)
    if len(ranked) > _SHOWN:
        yield f"and {len(ranked) - _SHOWN} more that were tried; --format json has all of them"


COMMAND = Command(
    "tune-decoder",
    "find the weights and the width of a beam search on validation data, and store them in the save",
    "SAVE VAL.nc [--lexicon FILE] [--lm FILE] [--criterion cer|wer|labelError|wordError] [-o OUT.save]",
    _add_options,
    _run,
)
