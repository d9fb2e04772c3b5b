# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False
"""Reads many short signals without a Python object per signal."""

import numpy as np

from libc.stdint cimport int64_t

from rnnlib_py cimport Runner


def read_all(Runner runner, const float[:, ::1] points, const int64_t[::1] ends):
    """The labels that a 1D network reads in signals that lie one after another.

    points: float32 (points of all signals, inputs per point); ends: int64 (signals), where each signal ends.
    Returns (labels, ends of each signal's labels), both int64. Raises ValueError, and rnnlib_py.DataError when the network takes other sequences.
    """
    cdef Py_ssize_t i
    cdef int64_t start = 0, count = 0, length
    cdef int64_t[::1] label = np.empty(points.shape[0], dtype=np.int64)  # at most one per point
    cdef int64_t[::1] label_end = np.empty(ends.shape[0], dtype=np.int64)
    with nogil:  # other Python threads go on meanwhile
        for i in range(ends.shape[0]):
            length = ends[i] - start
            if length < 1 or ends[i] > points.shape[0]:
                with gil:
                    raise ValueError(f"signal {i} ends at {ends[i]}: after point {start} and up to {len(points)} it may")
            # On an error `read` raises, here too.
            count += runner.read(&points[start, 0], length, points.shape[1], &length, 1, &label[count],
                                 label.shape[0] - count)
            label_end[i] = count
            start = ends[i]
    return np.asarray(label)[:count], np.asarray(label_end)
