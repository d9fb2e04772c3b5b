# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py train: also RNNLIB's other modes, which are config keys."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.check_gradient import check_gradient
from rnnlib_py.cli.commands.dump import run_dump_mode
from rnnlib_py.cli.commands.test import print_errors
from rnnlib_py.cli.reading import read_config
from rnnlib_py.config import Config
from rnnlib_py.config.available import check_available
from rnnlib_py.config.key_docs import default_text, keys_by_group, values_text
from rnnlib_py.inspect.modes import is_dump_mode
from rnnlib_py.runlog.json_lines import json_line
from rnnlib_py.runlog.log import FORMATS, STYLES
from rnnlib_py.runlog.short_lines import best_lines
from rnnlib_py.system.durations import parse_duration
from rnnlib_py.training.ranks import Ranks
from rnnlib_py.training.train import train

# Options that mean nothing in the other modes, and what they are when they are not given.
_FOR_TRAINING = {
    "output": None,
    "resume": False,
    "force": False,
    "time_limit": None,
    "console": "short",
    "log_format": "text",
    "tensorboard": None,
}


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|SAVE")
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="a folder for this run's files: last.save, best.save, best_<error>.save, log.txt, log.jsonl, config",
    )
    parser.add_argument("--resume", action="store_true", help="go on from DIR/last.save; begin if there is none")
    parser.add_argument("--force", action="store_true", help="remove the files of the run in DIR and begin anew")
    parser.add_argument(
        "--time-limit", metavar="TIME", help="save and end after this time: 90s, 30m, 4h, 3:50:00, 1-12:00:00"
    )
    parser.add_argument(
        "--console",
        choices=STYLES,
        default="short",
        help="what the console shows; short: a line per epoch; full: all that the log file has",
    )
    parser.add_argument(
        "--log-format", choices=FORMATS, default="text", help="what the console shows; json: an object per line"
    )
    parser.add_argument("--tensorboard", metavar="DIR", help="write TensorBoard event files there")
    parser.add_argument(
        "--no-mpi", action="store_true", help="train in every process by itself, although mpirun has started several"
    )


def _other_mode(config: Config) -> str:
    """The key that asks for something else than training; "" when none does."""
    for name in ("errorTest", "gradCheck", "display"):
        if config[name]:
            return f"{name} true"
    return "jacobianCoords" if is_dump_mode(config) else ""


def _run(options: Namespace, overrides: Overrides) -> int:
    from rnnlib_py.integrations.mpi import find_ranks

    ranks = None if options.no_mpi else find_ranks()
    if ranks is None:
        return _train(options, overrides, None)
    return ranks.run(lambda: _train(options, overrides, ranks))


def _train(options: Namespace, overrides: Overrides, ranks: Ranks | None) -> int:
    config = read_config(options.path, overrides)
    mode = _other_mode(config)
    if mode and ranks is not None:
        raise ConfigError(f"MPI is for training, but the config says {mode}")
    if mode and any(getattr(options, name) != default for name, default in _FOR_TRAINING.items()):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in _FOR_TRAINING)
        raise ConfigError(f"{names} are for training, but the config says {mode}")
    if config["errorTest"]:
        return print_errors(config, [], options.quiet)
    if config["gradCheck"]:
        return check_gradient(config, options.quiet)
    if is_dump_mode(config):
        check_available(config)
        return run_dump_mode(config, options.quiet)
    limit = None if options.time_limit is None else parse_duration(options.time_limit, "--time-limit")
    if "autosave" not in config:
        config["autosave"] = True
    run = train(
        config,
        output_dir=options.output,
        resume=options.resume,
        force=options.force,
        time_limit=limit,
        output=None if options.quiet else sys.stdout,
        error_output=sys.stderr,
        progress=None if options.quiet else sys.stderr,
        hard_interrupt=True,
        log_format=options.log_format,
        console=options.console,
        tensorboard=options.tensorboard,
        ranks=ranks,
    )
    if options.quiet:
        end = run.end("finished", run.stopped)
        print(json_line(end) if options.log_format == "json" else "\n".join(best_lines(run.best, run.best_saves)))
    return 0


def _key_help() -> str:
    lines = ["config keys, each also as --name=value (--name= removes it):"]
    for group, keys in keys_by_group().items():
        lines += ["", f"{group}:"]
        for key in keys:
            lines.append(f"  {key.name}  <{values_text(key)}>  [{default_text(key)}]")
            lines += textwrap.wrap(key.meaning, 100, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)


COMMAND = Command(
    "train",
    "train, or go on from a save",
    "CONFIG|SAVE [-o DIR [--resume|--force]] [--time-limit TIME] [--console STYLE] [--log-format FORMAT] "
    "[--tensorboard DIR] [--no-mpi]",
    _add_options,
    _run,
    epilog=_key_help,
)
