# SPDX-License-Identifier: Apache-2.0
"""Runs a command: exit status 0 good, 1 the run failed, 2 bad usage or config, 128 + n ended by signal n."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence as _Seq
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py.about import about
from rnnlib_py.cli.command import Overrides, UsageError
from rnnlib_py.cli.commands import COMMANDS
from rnnlib_py.cli.completion import completion_script, wanted_shell
from rnnlib_py.cli.console import console
from rnnlib_py.cli.models import MODEL, model_first
from rnnlib_py.cli.overrides import refuse_keys, split_overrides
from rnnlib_py.cli.parser import DEMO, find_command, make_parser, refuse_surplus
from rnnlib_py.system.interrupt import INTERRUPTED
from rnnlib_py.system.output import OutputError, printable
from rnnlib_py.training.interruption import TrainingTerminated

FAILED, BAD_USAGE = 1, 2

# Of a message, so that a wrong file's content or a thousand file names do not fill the screen.
_LONGEST = 2000


def main(argv: _Seq[str] | None = None) -> int:
    """The exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    with console() as output:
        warnings.showwarning = _show_warning
        warnings.simplefilter("always", UserWarning)  # also where another command in this process said the same
        status = _guarded(arguments, output.stream is None)
        if output.failure is not None and status == 0:  # argparse passes over what it cannot write
            status = _report_output(arguments, output.failure)
        return status


def _guarded(arguments: list[str], silent: bool) -> int:
    """Every exception becomes a sentence and a status."""
    try:
        return _run(arguments, silent)
    except TrainingTerminated as terminated:
        name = signal.Signals(terminated.number).name
        return _report(arguments, f"ended by {name}: {terminated}", 128 + terminated.number)
    except SystemExit as leave:  # argparse: --help, --version
        return leave.code if isinstance(leave.code, int) else 0
    except KeyboardInterrupt as interrupt:
        return _report(arguments, f"interrupted{f': {interrupt}' if str(interrupt) else ''}", INTERRUPTED)
    except OutputError as error:
        return _report_output(arguments, error)
    except (UsageError, _core.ConfigError) as error:
        return _report(arguments, f"error: {error}", BAD_USAGE)
    except _core.Error as error:
        return _report(arguments, f"error: {error}", FAILED)
    except MemoryError:
        return _report(arguments, "error: there is not enough memory", FAILED)
    except ImportError as error:
        return _report(arguments, f"error: {_import_text(error)}", FAILED)
    except OSError as error:
        return _report(arguments, f"error: {_system_text(error)}", FAILED)
    except Exception as error:
        return _report(arguments, f"error: {_fault_text(error)}", FAILED)


def _run(arguments: list[str], silent: bool) -> int:
    if sorted(arguments) == ["--verbose", "--version"]:  # elsewhere `verbose` is a config key
        print("\n".join(about()))
        return 0
    if (shell := wanted_shell(arguments)) is not None:
        print(completion_script(shell), end="")
        return 0
    parser, own_options = make_parser()
    name, arguments = find_command(arguments)
    if name == DEMO:
        arguments.remove(DEMO)
        return _run_demo([argument for argument in arguments if argument != "--debug"])
    overrides: Overrides = []
    if name and not COMMANDS[name].takes_keys:
        refuse_keys(arguments, own_options[name], name)
    else:
        overrides, arguments = split_overrides(arguments, own_options[name])
    if MODEL in own_options[name]:
        arguments = model_first(arguments, name)
    options, surplus = parser.parse_known_args(arguments)
    refuse_surplus(name, surplus, own_options[name])
    options.quiet = silent or getattr(options, "quiet", False)
    return COMMANDS[options.command].run(options, overrides)


def _run_demo(arguments: list[str]) -> int:
    from rnnlib_py.demo import main as demo  # its packages are an extra

    return int(demo(arguments) or 0)


def _import_text(error: ImportError) -> str:
    """A package that is missing, or that does not work here."""
    package = f"the package {error.name.split('.')[0]}" if error.name else "a package"
    reason = "is missing" if isinstance(error, ModuleNotFoundError) else f"cannot be used ({error})"
    return f"{package} {reason}; pip install --force-reinstall rnnlib-py brings what rnnlib-py needs"


def _system_text(error: OSError) -> str:
    """What the system would not do, and with which file."""
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, (str, bytes))]
    return ": ".join([*names, error.strerror or str(error) or type(error).__name__])


def _fault_text(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"this is a fault in rnnlib-py: {type(error).__name__}: {error} ({Path(place.filename).name}, line "
        f"{place.lineno}); please report it, with the command and what it prints with --debug"
    )


def _report_output(arguments: list[str], error: OutputError) -> int:
    """A reader that has seen enough (`| head`) is not worth a message."""
    if error.errno == errno.EPIPE:
        return FAILED
    return _report(arguments, f"error: the standard output cannot be written: {error.strerror}", FAILED)


def _report(arguments: list[str], text: str, status: int) -> int:
    if "--debug" in arguments:
        traceback.print_exc()
    print(f"rnnlib-py: {_one_line(text)}", file=sys.stderr)
    return status


def _one_line(text: str) -> str:
    line = printable(" ".join(text.splitlines()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 2 :]}"


def _show_warning(message: Any, *_: Any, **__: Any) -> None:
    print(f"rnnlib-py: warning: {_one_line(str(message))}", file=sys.stderr)
