# SPDX-License-Identifier: Apache-2.0
"""The lock that every call into the netCDF library holds.

The libraries netCDF and HDF5 keep global state without protecting it, and netCDF4-python releases the interpreter's
lock while it is in them. Two Python threads that read or write at the same time therefore crash or get wrong numbers,
even when each has a file of its own.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable

LOCK = threading.RLock()
_waiting: deque[Callable[[], None]] = deque()

# A fork waits until no thread is inside the library, so the child gets a free lock and a usable library.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=LOCK.release)
# The lock is taken for good at the interpreter's end, so that no daemon thread is in the library while it shuts down.
atexit.register(LOCK.acquire)


def run_when_free(action: Callable[[], None]) -> None:
    """Runs `action` now when no other thread is in the library, else when the library is next used.

    For finalizers: the garbage collector may call them in any thread, where they must not wait.
    """
    _waiting.append(action)
    if LOCK.acquire(blocking=False):
        try:
            run_waiting()
        finally:
            LOCK.release()


def run_waiting() -> None:
    """Runs what finalizers left to do; the caller holds the lock."""
    while _waiting:
        _waiting.popleft()()
