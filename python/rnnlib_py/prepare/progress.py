# SPDX-License-Identifier: Apache-2.0
"""A progress bar over what is prepared or read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from tqdm import tqdm

from rnnlib_py.system.notebook import SHOW_EVERY, is_notebook, new_bar
from rnnlib_py.system.terminal import progress_stream, terminal_width

T = TypeVar("T")


def with_progress(items: list[T], progress: TextIO | bool | None, what: str) -> Iterator[T]:
    """The items; a bar on the stream (True: the standard error) shows how far they are, where it is a terminal or that
    of a notebook."""
    stream = progress_stream(progress)
    if is_notebook(stream):
        yield from _in_notebook(items, what)
        return
    if stream is None or terminal_width(stream) is None:
        yield from items
        return
    bar: Iterable[T] = tqdm(items, desc=what, file=stream, unit=f" {what}", leave=False, dynamic_ncols=True)
    yield from bar


def _in_notebook(items: list[T], what: str) -> Iterator[T]:
    bar, shown, complete = new_bar(), 0.0, False
    try:
        for done, item in enumerate(items):
            if time.monotonic() - shown >= SHOW_EVERY:
                bar.show(what, done, len(items), f"{done}/{len(items)}")
                shown = time.monotonic()
            yield item
        complete = True
    finally:
        if items:
            bar.show(what, done + complete, len(items), f"{done + complete}/{len(items)}")
        bar.close(complete)
