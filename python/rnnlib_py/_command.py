# SPDX-License-Identifier: Apache-2.0
"""While the package is imported as the command rnnlib-py: errors in one line, before cli/main.py can see to it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from types import TracebackType


def is_command() -> bool:
    """Whether this process is the command rnnlib-py."""
    name = sys.argv[0] if sys.argv else ""
    if name == "-m":  # the package of python -m is imported before argv is complete
        return "rnnlib_py" in sys.orig_argv
    return Path(name).stem == "rnnlib-py"


def say_error(text: str) -> None:
    """On standard error, if that can be written."""
    with contextlib.suppress(AttributeError, OSError, ValueError):  # AttributeError: it is closed, and None
        sys.stderr.write(f"rnnlib-py: {text}\n")


def show_errors_in_one_line() -> None:
    """Also for what nobody catches: Ctrl-C, or a package that is missing or broken. --debug shows the traceback."""
    sys.excepthook = _show


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if "--debug" in sys.argv:
        sys.__excepthook__(kind, error, trace)
    text = " ".join(str(error).split())
    if issubclass(kind, KeyboardInterrupt):
        say_error("interrupted")
    elif issubclass(kind, ImportError):
        say_error(f"error: {text}; pip install --force-reinstall rnnlib-py brings what rnnlib-py needs")
    else:
        say_error(f"error: rnnlib-py cannot start: {kind.__name__}: {text} (--debug shows where)")
