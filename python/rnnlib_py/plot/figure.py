# SPDX-License-Identifier: Apache-2.0
"""Figures without a window, and writing them. matplotlib is imported when the first is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnlib_py._core import ConfigError
from rnnlib_py.system.files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def new_figure(width: float, height: float) -> Figure:
    """An empty figure; sizes in inches. ConfigError where matplotlib is not installed."""
    try:
        from rnnlib_py.plot.inline_figure import inline_figure
    except ImportError as error:
        raise ConfigError(f"pictures need matplotlib ({error}): pip install 'rnnlib-py[plot]'") from None
    return inline_figure(width, height)


def save_figure(figure: Figure, path: str | os.PathLike[str], dpi: int = 110) -> None:
    """Writes a picture.

    Parameters
    ----------
    figure
        What a plot function made.
    path
        Its ending tells the kind: png, pdf, svg.
    dpi
        Pixels per inch, of png.

    Raises
    ------
    ConfigError
        Another ending.
    IoError
        What cannot be written.
    """
    if not 10 <= dpi <= 2000:
        raise ConfigError(f"dpi {dpi}: expected 10 to 2000 pixels per inch")
    kind = Path(path).suffix.lstrip(".").lower()
    known = figure.canvas.get_supported_filetypes()
    if kind not in known:
        raise ConfigError(f"{os.fspath(path)}: a picture's name ends in .png, .pdf or .svg")
    with replacing(Path(path)) as temporary:
        figure.savefig(temporary, dpi=dpi, format=kind, metadata=_metadata(kind))


def _metadata(kind: str) -> dict[str, Any] | None:
    """No time in the file, so that the same picture is the same file."""
    return {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
