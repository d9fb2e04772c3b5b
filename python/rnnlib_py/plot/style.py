# SPDX-License-Identifier: Apache-2.0
"""Colours that all kinds of eyes tell apart, and that mean the same in every picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Okabe and Ito (2008), the yellow left out: it is hard to see on white.
LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
GREY = "#777777"
OUTPUT_PLACE = "#0072B2"
PAPER = "gray_r"  # images: dark ink on white
POSITIVE = "viridis"  # numbers from 0 on
SIGNED = "PuOr_r"  # numbers around 0: orange above, purple below, white between


def line_style(i: int) -> dict[str, Any]:
    """Colour and dashes of line i: more lines than colours are told apart by their dashes."""
    dashes = ("-", "--", ":", "-.")
    return {"color": LINES[i % len(LINES)], "linestyle": dashes[(i // len(LINES)) % len(dashes)]}


def confidence_map() -> Any:
    """Colours of confidences from 0 to 1: orange for unsure, blue for sure."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("confidence", ["#D55E00", "#E69F00", "#8A8A8A", "#0072B2"])


def value_map(values: NDArray[np.float64]) -> dict[str, Any]:
    """cmap, vmin and vmax for an image of numbers: around 0 when some are below, else from the least to the largest.
    NaN and infinite numbers are left out."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low < 0:
        most = max(-low, high)
        return {"cmap": SIGNED, "vmin": -most, "vmax": most}
    if low == high:
        high = low + 1
    return {"cmap": POSITIVE, "vmin": low, "vmax": high}
