# SPDX-License-Identifier: Apache-2.0
"""A progress bar over what is prepared or read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from tqdm import tqdm

from rnnlib_py.system.terminal import terminal_width

T = TypeVar("T")


def with_progress(items: list[T], stream: TextIO | None, what: str) -> Iterator[T]:
    """The items; a bar on the stream shows how far they are, where it is a terminal."""
    if stream is None or terminal_width(stream) is None:
        yield from items
        return
    bar: Iterable[T] = tqdm(items, desc=what, file=stream, unit=f" {what}", leave=False, dynamic_ncols=True)
    yield from bar
