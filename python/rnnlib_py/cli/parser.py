# SPDX-License-Identifier: Apache-2.0
"""Commands and options of rnnlib-py; config keys never reach this parser."""

from __future__ import annotations

import argparse
import textwrap

from rnnlib_py import _core
from rnnlib_py.key_docs import default_text, keys_by_group, values_text
from rnnlib_py.log import FORMATS

_COMMANDS = {
    "train": ("CONFIG|SAVE", "train, or go on from a save"),
    "test": ("SAVE", "errors on the config's sets or on the files given"),
    "predict": ("SAVE", "labels, classes or values per sequence, as JSON lines"),
    "check-gradient": ("CONFIG|SAVE", "compare the gradient of one sequence with numeric differences"),
    "check": ("CONFIG|SAVE", "what would go wrong in training, without training"),
    "info": ("FILE.nc|SAVE", "what is in it"),
    "export": ("SAVE", "a slim save, for embedding"),
}

_WITHOUT_KEYS = ("info", "export")


def _key_help() -> str:
    lines = ["config keys, each also as --name=value (--name= removes it):"]
    for group, keys in keys_by_group().items():
        lines += ["", f"{group}:"]
        for key in keys:
            lines.append(f"  {key.name}  <{values_text(key)}>  [{default_text(key)}]")
            lines += textwrap.wrap(key.meaning, 100, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)


def make_parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    # SUPPRESS: an option before the command is not undone by the command's own default.
    common.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks of errors")
    common.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="show only results")
    parser = argparse.ArgumentParser(
        prog="rnnlib-py",
        description="Train and run recurrent networks from RNNLIB's configs and netCDF files.",
        epilog="exit status: 0 good, 1 the run failed, 2 bad usage or config, 130 interrupted",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"rnnlib-py {_core.__version__}",
        help="show the version and exit; with --verbose also how it was built and what it runs on",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (metavar, text) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=_key_help() if name == "train" else None,
            parents=[common],
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            usage=f"rnnlib-py {name} {'' if name in _WITHOUT_KEYS else '[--name=value ...] '}{_usage(name, metavar)}",
        )
        command.add_argument("path", metavar=metavar)
        if name == "train":
            command.add_argument(
                "--log-format", choices=FORMATS, default="text", help="what the console shows; json: an object per line"
            )
            command.add_argument("--tensorboard", metavar="DIR", help="write TensorBoard event files there")
        if name == "test":
            command.add_argument("files", metavar="FILE.nc", nargs="*")
        if name == "predict":
            command.add_argument("file", metavar="FILE.nc")
            command.add_argument("-o", "--output", metavar="OUT", help="write there instead of to the standard output")
        if name == "export":
            command.add_argument("-o", "--output", metavar="OUT", required=True, help="the save to write")
            command.add_argument(
                "--weights-only",
                action="store_true",
                required=True,
                help="no state of training (the only export so far)",
            )
    commands.add_parser("demo", help="learn to read lines of handwritten digits", add_help=False)
    return parser


def _usage(name: str, metavar: str) -> str:
    more = {
        "train": " [--log-format FORMAT] [--tensorboard DIR]",
        "test": " [FILE.nc ...]",
        "predict": " FILE.nc [-o OUT]",
        "export": " --weights-only -o OUT",
    }
    return metavar + more.get(name, "")
