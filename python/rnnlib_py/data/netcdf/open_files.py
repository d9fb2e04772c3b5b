# SPDX-License-Identifier: Apache-2.0
"""The netCDF files that are open for reading: a bounded number, of which the least recently used are closed first."""

from __future__ import annotations

import atexit
import itertools
import os
from collections import OrderedDict
from collections.abc import Callable

from rnnlib_py.data.netcdf.library import LibraryFile
from rnnlib_py.data.netcdf.lock import LOCK, run_when_free

MAX_OPEN = 64  # far below the 256 to 1024 files that systems let a process open


class OpenFiles:
    """Open files by key. Every method is called under the lock, but `close_later`."""

    def __init__(self, limit: int = MAX_OPEN) -> None:
        self._limit = limit
        self._files: OrderedDict[int, LibraryFile] = OrderedDict()
        self._inherited: list[LibraryFile] = []
        self._keys = itertools.count()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)
        atexit.register(self._close_all)

    def __len__(self) -> int:
        return len(self._files)

    def new_key(self) -> int:
        return next(self._keys)

    def get(self, key: int, open_file: Callable[[], LibraryFile]) -> LibraryFile:
        """The file with this key, opened when it is not open."""
        file = self._files.get(key)
        if file is None:
            while len(self._files) >= self._limit:
                self._files.popitem(last=False)[1].close()
            file = self._files[key] = open_file()
        else:
            self._files.move_to_end(key)
        return file

    def close(self, key: int) -> None:
        """Closes the file with this key, if it is open."""
        file = self._files.pop(key, None)
        if file is not None:
            file.close()

    def close_later(self, key: int) -> None:
        """For finalizers: closes the file as soon as nobody is in the library."""
        if key in self._files:
            run_when_free(lambda: self.close(key))

    def _close_all(self) -> None:
        """At the interpreter's end, while finalizers can still be relied on."""
        with LOCK:
            while self._files:
                self._files.popitem()[1].close()

    def _forget(self) -> None:
        """In a forked child: its files share their positions with those of the parent, so it opens its own.

        The parent's are not closed, because that would undo the parent's locks on them.
        """
        self._inherited += self._files.values()
        self._files.clear()


OPEN_FILES = OpenFiles()
