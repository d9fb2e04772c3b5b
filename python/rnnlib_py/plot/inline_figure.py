# SPDX-License-Identifier: Apache-2.0
"""A figure that notebooks show. Importing this file imports matplotlib."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_DPI = 110  # pixels per inch


class InlineFigure(Figure):
    """A figure without a window. A notebook shows it where it is the value of a cell, once, whether or not pyplot is in
    use: pyplot does not know of it."""

    def _repr_png_(self) -> bytes:
        picture = io.BytesIO()
        self.savefig(picture, format="png", dpi=_DPI)
        return picture.getvalue()


def inline_figure(width: float, height: float) -> InlineFigure:
    """An empty one; sizes in inches."""
    figure = InlineFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
