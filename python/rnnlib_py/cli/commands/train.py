# SPDX-License-Identifier: Apache-2.0
"""rnnlib-py train: also RNNLIB's other modes, which are config keys."""

from __future__ import annotations

import sys
import textwrap
from argparse import Namespace

from rnnlib_py._core import ConfigError
from rnnlib_py.available import check_available
from rnnlib_py.cli.command import Command, CommandParser, Overrides
from rnnlib_py.cli.commands.check_gradient import check_gradient
from rnnlib_py.cli.commands.dump import run_dump_mode
from rnnlib_py.cli.commands.test import print_errors
from rnnlib_py.cli.reading import read_config
from rnnlib_py.config import Config
from rnnlib_py.events import Ended
from rnnlib_py.json_lines import json_line
from rnnlib_py.key_docs import default_text, keys_by_group, values_text
from rnnlib_py.log import FORMATS
from rnnlib_py.looking.modes import is_dump_mode
from rnnlib_py.report import best_lines
from rnnlib_py.training import train


def _add_options(parser: CommandParser) -> None:
    parser.add_argument("path", metavar="CONFIG|SAVE")
    parser.add_argument(
        "--log-format", choices=FORMATS, default="text", help="what the console shows; json: an object per line"
    )
    parser.add_argument("--tensorboard", metavar="DIR", help="write TensorBoard event files there")


def _other_mode(config: Config) -> str:
    """The key that asks for something else than training; "" when none does."""
    for name in ("errorTest", "gradCheck", "display"):
        if config[name]:
            return f"{name} true"
    return "jacobianCoords" if is_dump_mode(config) else ""


def _run(options: Namespace, overrides: Overrides) -> int:
    config = read_config(options.path, overrides)
    mode = _other_mode(config)
    if mode and (options.log_format != "text" or options.tensorboard is not None):
        raise ConfigError(f"--log-format and --tensorboard are for training, but the config says {mode}")
    if config["errorTest"]:
        return print_errors(config, [], options.quiet)
    if config["gradCheck"]:
        return check_gradient(config, options.quiet)
    if is_dump_mode(config):
        check_available(config)
        return run_dump_mode(config, options.quiet)
    run = train(
        config,
        output=None if options.quiet else sys.stdout,
        error_output=sys.stderr,
        progress=None if options.quiet else sys.stderr,
        hard_interrupt=True,
        log_format=options.log_format,
        tensorboard=options.tensorboard,
    )
    if options.quiet:
        end = Ended("finished", run.stopped, run.epoch, run.best)
        print(json_line(end) if options.log_format == "json" else "\n".join(best_lines(run.best)))
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
    "CONFIG|SAVE [--log-format FORMAT] [--tensorboard DIR]",
    _add_options,
    _run,
    epilog=_key_help,
)
