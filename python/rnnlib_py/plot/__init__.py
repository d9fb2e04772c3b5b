# SPDX-License-Identifier: Apache-2.0
"""Pictures, made with matplotlib (extra `plot`). Each function returns a matplotlib Figure; nothing opens a window."""

from rnnlib_py.plot.augmentation import plot_augmentation
from rnnlib_py.plot.errors import plot_errors
from rnnlib_py.plot.figure import save_figure
from rnnlib_py.plot.jacobian import plot_jacobian
from rnnlib_py.plot.reading import plot_reading
from rnnlib_py.plot.reliability import plot_reliability
from rnnlib_py.plot.variables import plot_variables
from rnnlib_py.plot.weights import plot_weights

__all__ = [
    "plot_augmentation",
    "plot_errors",
    "plot_jacobian",
    "plot_reading",
    "plot_reliability",
    "plot_variables",
    "plot_weights",
    "save_figure",
]
