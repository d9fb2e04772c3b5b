# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py tune-decoder: the weights and the width of a beam search that make the fewest errors."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_save
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.network import Network
from rnnlib_py.model.opening import open_file
from rnnlib_py.model.stored_keys import store_keys
from rnnlib_py.model.tables import table
from rnnlib_py.system.files import check_writable
from rnnlib_py.system.output import Output, json_text
from rnnlib_py.system.terminal import terminal_width
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.tuning import Tuning, TuningOptions, tune_decoder
from rnnlib_py.text.tuning_errors import CRITERIA
from rnnlib_py.text.tuning_search import Range, Trial

_SHOWN = 10  # trials in the table


def _range(text: str) -> Range:
    try:
        low, high = (float(number) for number in text.split(":"))
    except ValueError:
        raise ArgumentTypeError(f"expected LOW:HIGH, such as 0:3, found {text!r}") from None
    return Range(low, high)


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="SAVE")
    parser.add_argument("file", metavar="VAL.nc", help="data that the network has not learned from")
    parser.add_argument("--lexicon", metavar="WORDS.txt", help="a dictionary")
    parser.add_argument("--lm", metavar="LM.arpa", help="a language model, of words if there is a dictionary")
    parser.add_argument("--mode", choices=("closed", "open"), default="closed", help="of the dictionary")
    parser.add_argument("--space", metavar="LABEL", default=SPACE, help="separates words (default %(default)s)")
    parser.add_argument("--criterion", choices=list(CRITERIA), help="what counts (default: cer, else labelError)")
    parser.add_argument("--lm-weight", metavar="LOW:HIGH", type=_range, default=Range(0, 3), help="default 0:3")
    parser.add_argument("--word-bonus", metavar="LOW:HIGH", type=_range, default=Range(-2, 4), help="default -2:4")
    parser.add_argument("--width", metavar="N", type=int, default=100, help="the widest beam (default %(default)s)")
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
    config = read_save(options.path, overrides, "tune-decoder")
    output = options.output or options.path
    check_writable(Path(output).parent)
    beam = Beam(options.width, lexicon=options.lexicon, lm=options.lm, mode=options.mode, space=options.space)
    search = TuningOptions(options.criterion, options.lm_weight, options.word_bonus, options.tolerance)
    network = Network.from_config(config)
    with open_file(config, network, options.file) as data:
        progress = _progress(options.quiet)
        found = tune_decoder(network, data, beam, search, progress)
    if progress is not None:
        print(file=sys.stderr)
    store_keys(options.path, output, _keys(found, beam, Path(output).parent))
    if options.format == "json":
        record = {"save": output, "file": options.file, **found.record()}
        Output.over(sys.stdout).write_json(f"{json_text(record)}\n")
    else:
        print("\n".join(_lines(found, output)))
    return 0


def _keys(found: Tuning, beam: Beam, folder: Path) -> dict[str, object]:
    """What the save keeps. A key that the search does not need is taken away."""
    has_words = beam.lexicon is not None or beam.lm is not None
    return {
        "decoder": "beam",
        "beamWidth": found.best.width,
        "dictionary": _stored_path(beam.lexicon, folder),
        "dictionaryMode": beam.mode if beam.lexicon is not None else None,
        "languageModel": _stored_path(beam.lm, folder),
        "lmWeight": found.best.lm_weight if beam.lm is not None else None,
        "wordBonus": found.best.word_bonus if has_words else None,
        "wordSeparator": beam.space if beam.lexicon is not None and beam.space not in ("", SPACE) else None,
    }


def _stored_path(path: object, folder: Path) -> str | None:
    """Relative to the save's folder for a file that is in it, so that both can be moved together."""
    if path is None:
        return None
    full, base = Path(str(path)).resolve(), folder.resolve()
    return str(full.relative_to(base) if full.is_relative_to(base) else full)


def _progress(quiet: bool) -> Callable[[Trial], None] | None:
    """On a terminal a line that tells of the last trial."""
    if quiet or terminal_width(sys.stderr) is None:
        return None
    begin = monotonic()
    count = 0

    def show(trial: Trial) -> None:
        nonlocal count
        count += 1
        text = f"trial {count}, {monotonic() - begin:.0f} s: {_setting(trial)}: {100 * trial.error:.2f} %"
        width = terminal_width(sys.stderr) or len(text)
        print(f"\r{text[: width - 1].ljust(width - 1)}", end="", file=sys.stderr, flush=True)

    return show


def _setting(trial: Trial) -> str:
    return f"lmWeight {trial.lm_weight:g}, wordBonus {trial.word_bonus:g}, beamWidth {trial.width}"


def _lines(found: Tuning, output: str) -> Iterator[str]:
    yield f"{found.criterion} {100 * found.best_path_error:.2f} % with best path, {100 * found.best.error:.2f} % with"
    yield f"{_setting(found.best)}, stored in {output}"
    yield ""
    ranked = sorted(found.trials, key=lambda trial: trial.error)
    rows = [[f"{t.lm_weight:g}", f"{t.word_bonus:g}", str(t.width), f"{100 * t.error:.2f} %"] for t in ranked[:_SHOWN]]
    yield from table(["lmWeight", "wordBonus", "beamWidth", found.criterion], rows)
    if len(ranked) > _SHOWN:
        yield f"and {len(ranked) - _SHOWN} more that were tried; --format json has all of them"


COMMAND = Command(
    "tune-decoder",
    "find the weights and the width of a beam search on validation data, and store them in the save",
    "SAVE VAL.nc [--lexicon WORDS.txt] [--lm LM.arpa] [--criterion cer|wer|labelError|wordError] [-o OUT.save]",
    _add_options,
    _run,
)
