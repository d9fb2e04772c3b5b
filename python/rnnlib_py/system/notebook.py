# SPDX-License-Identifier: Apache-2.0
"""Bars in notebooks: tqdm's widget, or HTML where ipywidgets, the package that tqdm's needs, is not installed."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from html import escape
from typing import Any, Protocol

SHOW_EVERY = 0.2  # seconds from one picture of a bar to the next


def is_notebook(stream: object) -> bool:
    """True for the standard streams of a Jupyter kernel, whose text a notebook shows."""
    return type(stream).__module__.startswith("ipykernel.")


class Bar(Protocol):
    """A bar between two texts, in the output of the notebook's cell that runs."""

    def show(self, before: str, done: int, total: int, after: str) -> None:
        """Draws it, in place of what it was. `total` is always the same."""

    def close(self, complete: bool) -> None:
        """It stays as it is. `complete`: nothing went wrong, even where `done` is less than `total`."""


def new_bar() -> Bar:
    """The kind that can be had."""
    return WidgetBar() if importlib.util.find_spec("ipywidgets") is not None else HtmlBar()


class WidgetBar:
    """The bar of tqdm.auto. What is not complete when it is closed becomes red."""

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, before: str, done: int, total: int, after: str) -> None:
        if self._bar is None:
            # Imported here: it imports asyncio and ipywidgets, and warns that it is experimental.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from tqdm.auto import tqdm
            self._bar = tqdm(total=total, bar_format=f"{_literal(before)} {{bar}}")
        self._bar.bar_format = f"{_literal(before)} {{bar}} {_literal(after)}"
        self._bar.n = done
        self._bar.refresh()

    def close(self, complete: bool) -> None:
        if self._bar is None:
            return
        if complete:
            self._bar.total = self._bar.n
        self._bar.close()


def _literal(text: str) -> str:
    """A text as str.format() leaves it alone."""
    return text.replace("{", "{{").replace("}", "}}")


class HtmlBar:
    """A bar in HTML. It needs no code in the browser, so that notebooks that were saved or printed show it, too."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, before: str, done: int, total: int, after: str) -> None:
        html = f'{escape(before)} <progress value="{done}" max="{total}"></progress> {escape(after)}'
        data = {"text/html": html, "text/plain": f"{before} {done}/{total} {after}"}
        if self._handle is None:
            display: Any = importlib.import_module("IPython.display").display  # of the kernel that runs this
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    def close(self, complete: bool) -> None: ...
