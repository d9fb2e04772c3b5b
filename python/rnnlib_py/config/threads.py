# SPDX-License-Identifier: Apache-2.0
"""How many threads to use."""

from __future__ import annotations

import operator
import os

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.system.cores import available_cores

VARIABLE = "RNNLIB_NUM_THREADS"
_LARGEST = 4096  # as the config's key
_set: int | None = None


def set_num_threads(threads: int | None) -> None:
    """Sets the number of threads of calls and configs that do not say one.

    The first of these that is given counts:

    1. the argument `threads` of a call,
    2. the config's `threads` (on the command line --threads=N),
    3. set_num_threads,
    4. RNNLIB_NUM_THREADS in the environment,
    5. the cores this process may use (its affinity, and its container's share), at most OMP_NUM_THREADS.

    Results do not depend on it, bit for bit. It holds for this process and for those forked from it later. A run that
    has begun keeps its number.

    Parameters
    ----------
    threads
        A whole number from 1 to 4096; None: the default again.

    Raises
    ------
    ConfigError
        Anything else.
    """
    global _set
    _set = None if threads is None else _checked(threads, "the number of threads")


def get_num_threads() -> int:
    """The number of threads of calls and configs that name none; see set_num_threads.

    Raises
    ------
    ConfigError
        It comes from RNNLIB_NUM_THREADS, and that is no whole number from 1 to 4096.
    """
    return _default_threads(1)


def _default_threads(processes: int) -> int:
    """As get_num_threads(), where so many processes share the cores."""
    if _set is not None:
        return _set
    text = os.environ.get(VARIABLE, "").strip()
    if text:
        return _checked(_number(text), VARIABLE, text)
    # What programs with OpenMP go by, and clusters set: a number, or a list for nested regions; all else is ignored.
    limit = _number(os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip())
    return min(max(1, available_cores() // processes), limit or _LARGEST)


def num_threads(config: Config | None = None, threads: int | None = None, processes: int = 1) -> int:
    """The number asked for, else the config's `threads`, else get_num_threads(); where `processes` share the cores,
    each has its part of them."""
    if threads is not None:
        return _checked(threads, "threads")
    given = config.get("threads", 0) if config is not None else 0
    return int(given) if given else _default_threads(processes)


def _checked(value: object, name: str, text: str | None = None) -> int:
    """The value as a number; ConfigError, which shows it or the text it came from."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = 0
    if isinstance(value, bool) or not 1 <= number <= _LARGEST:
        found = value if text is None else text
        raise ConfigError(f"{name} is {found!r}, expected a whole number from 1 to {_LARGEST}")
    return number


def _number(text: str) -> int:
    """0 for what is no number, or a huge one."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
