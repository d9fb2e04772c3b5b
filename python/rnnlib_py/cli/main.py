# SPDX-License-Identifier: Apache-2.0
"""Runs a command: exit status 0 good, 1 the run failed, 2 bad usage or config, 130 interrupted."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Sequence as _Seq
from typing import Any

from rnnlib_py import _core
from rnnlib_py.about import about
from rnnlib_py.cli.command import Overrides
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.overrides import refuse_keys, split_overrides
from rnnlib_py.cli.parser import command_name, make_parser
from rnnlib_py.interrupt import INTERRUPTED

FAILED, BAD_USAGE = 1, 2


def main(argv: _Seq[str] | None = None) -> int:
    """The exit status; argparse's own errors leave by SystemExit with status 2."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    warnings.showwarning = _show_warning
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt as interrupt:
        return _report(arguments, f"interrupted{f': {interrupt}' if str(interrupt) else ''}", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except _core.ConfigError as error:
        return _report(arguments, f"error: {error}", BAD_USAGE)
    except _core.Error as error:
        return _report(arguments, f"error: {error}", FAILED)
    except MemoryError:
        return _report(arguments, "error: out of memory", FAILED)
    except Exception as error:
        text = f"error: {type(error).__name__}: {error} (not foreseen; --debug shows where)"
        return _report(arguments, text, FAILED)


def _run(arguments: list[str]) -> int:
    if "demo" in arguments[:1]:
        return _run_demo(arguments[1:])
    if sorted(arguments) == ["--verbose", "--version"]:  # elsewhere `verbose` is a config key
        print("\n".join(about()))
        return 0
    parser, own_options = make_parser()
    name = command_name(arguments)
    overrides: Overrides = []
    if name and not COMMANDS[name].takes_keys:
        refuse_keys(arguments, own_options[name], name)
    else:
        overrides, arguments = split_overrides(arguments, own_options[name])
    options = parser.parse_args(arguments)
    options.quiet = getattr(options, "quiet", False)
    return COMMANDS[options.command].run(options, overrides)


def _run_demo(arguments: list[str]) -> int:
    from rnnlib_py.demo import main as demo  # its packages are an extra

    return int(demo(arguments) or 0)


def _report(arguments: list[str], text: str, status: int) -> int:
    if "--debug" in arguments:
        traceback.print_exc()
    print(f"rnnlib-py: {' '.join(text.splitlines())}", file=sys.stderr)
    return status


def _show_warning(message: Any, *_: Any, **__: Any) -> None:
    print(f"rnnlib-py: warning: {message}", file=sys.stderr)
