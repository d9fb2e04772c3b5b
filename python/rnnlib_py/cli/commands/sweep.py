# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py sweep: finds good values of config keys by training with many, on top of Optuna."""

from __future__ import annotations

import contextlib
from argparse import Namespace
from typing import TYPE_CHECKING

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.reading import read_config
from rnnlib_py.model.metrics import format_error
from rnnlib_py.system.durations import parse_duration

if TYPE_CHECKING:
    from rnnlib_py.integrations.optuna import Sweep, SweepTrial

_PICTURE = "sweep.png"


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG")
    parser.add_argument(
        "--set",
        dest="space",
        metavar="KEY=VALUES",
        action="append",
        required=True,
        help="what is tried: choices (hiddenSize=20,40; lists in brackets: hiddenSize=[20,40],[30,60]), a range "
        "(dropout=0..0.5), one with steps (hiddenSize=20..60:10) or one drawn by its logarithm "
        "(learnRate=log:1e-4..1e-2); may be given several times",
    )
    parser.add_argument(
        "--trials", type=int, metavar="N", help="how many in all (default: every combination of choices)"
    )
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="a folder for the sweep and its runs")
    parser.add_argument("--resume", action="store_true", help="go on with the sweep in DIR; begin if there is none")
    parser.add_argument(
        "--error", metavar="NAME", help="of the validation set, what is to be small (default: the task's)"
    )
    parser.add_argument("--jobs", type=int, metavar="N", default=1, help="trials at a time (default %(default)s)")
    parser.add_argument("--seed", type=int, metavar="N", default=1, help="of the values drawn (default %(default)s)")
    parser.add_argument("--no-pruning", action="store_true", help="end no trial early that is worse than the others")
    parser.add_argument("--time-limit", metavar="TIME", help="save and end after this time: 90s, 30m, 4h, 3:50:00")


def _run(options: Namespace, overrides: Overrides) -> int:
    try:
        from rnnlib_py.integrations.optuna import sweep
        from rnnlib_py.integrations.sweeping.trials import sweep_table, trial_line
    except ImportError as error:
        raise ConfigError(str(error)) from None

    def tell(trial: SweepTrial) -> None:
        if not options.quiet:
            print(trial_line(trial), flush=True)

    found = sweep(
        read_config(options.path, overrides),
        options.space,
        output_dir=options.output,
        trials=options.trials,
        error=options.error,
        resume=options.resume,
        jobs=options.jobs,
        seed=options.seed,
        prune=not options.no_pruning,
        time_limit=None if options.time_limit is None else parse_duration(options.time_limit, "--time-limit"),
        on_trial=tell,
    )
    print("\n".join(["", *sweep_table(found), ""]), flush=True)
    print("\n".join(_ending(found, options)))
    return 0 if found.best is not None else 1


def _ending(found: Sweep, options: Namespace) -> list[str]:
    """What is best, where its network is, and how to go on."""
    lines = []
    if found.best is not None and found.best_save is not None:
        error = format_error(found.error_name, found.best.error)
        lines.append(f"best: {found.error_name} {error}, {found.best_save}")
        lines += _draw(found, options)
    left = sum(trial.state == "unfinished" for trial in found.trials)
    if left or (options.trials or 0) > len(found.trials):
        lines.append("not all trials are done; to go on: the same command with --resume")
    return lines


def _draw(found: Sweep, options: Namespace) -> list[str]:
    """Draws the picture where matplotlib is there."""
    from rnnlib_py.integrations.sweeping.picture import plot_sweep
    from rnnlib_py.integrations.sweeping.space import parse_space
    from rnnlib_py.plot.figure import save_figure

    path = found.folder / _PICTURE
    with contextlib.suppress(ConfigError):
        save_figure(plot_sweep(found, parse_space(options.space)), path)
        return [f"picture: {path}"]
    return [f"no picture: {path} needs matplotlib: pip install 'rnnlib-py[plot]'"]


COMMAND = Command(
    "sweep",
    "find good values of config keys by training with many (needs the extra [optuna])",
    "CONFIG --set KEY=VALUES ... -o DIR [--trials N] [--resume] [--error NAME] [--jobs N] [--seed N] [--no-pruning] "
    "[--time-limit TIME]",
    _add_options,
    _run,
)
