# SPDX-License-Identifier: Apache-2.0
# distutils: language = c++
# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, auto_pickle=False, autotestdict=False
"""Turns the label strings of netCDF character arrays into label indices, with no Python object per label."""

cimport cython
from cython.operator cimport dereference
from libc.stdint cimport int32_t, int64_t, uint8_t
from libcpp.string cimport string
from libcpp.unordered_map cimport unordered_map
from libcpp.utility cimport pair
from libcpp.vector cimport vector

import numpy as np


cdef inline bint is_space(uint8_t c) noexcept nogil:
    return c == 32 or (9 <= c <= 13)


@cython.final
cdef class LabelIndex:
    """Looks labels up by name; the index of a label is its place in `labels`."""

    cdef unordered_map[string, int32_t] _index
    cdef unordered_map[string, int64_t] _unknown

    def __init__(self, labels):
        cdef int32_t i = 0
        for label in labels:
            self._index[<string>(<bytes>label)] = i
            i += 1

    @property
    def unknown(self):
        """Names that were not found so far, with how often."""
        cdef pair[string, int64_t] entry
        return {<bytes>entry.first: entry.second for entry in self._unknown}

    def find(self, const uint8_t[:, ::1] rows not None):
        """Cuts each row at white space, up to its first NUL, and looks the pieces up; unknown ones are left out and counted.

        rows: uint8 [n, width]. Returns (int32 [total], int64 [n + 1]): row i's indices lie from offsets[i] to offsets[i + 1].
        """
        cdef Py_ssize_t n = rows.shape[0], width = rows.shape[1], i, begin, end
        cdef vector[int32_t] found
        cdef string name
        cdef unordered_map[string, int32_t].iterator place
        offsets = np.zeros(n + 1, dtype=np.int64)
        cdef int64_t[::1] offset = offsets
        with nogil:
            for i in range(n):
                end = 0
                while end < width and rows[i, end] != 0:
                    begin = end
                    while end < width and rows[i, end] != 0 and not is_space(rows[i, end]):
                        end += 1
                    if end == begin:
                        end += 1
                        continue
                    name.assign(<const char*>&rows[i, begin], end - begin)
                    place = self._index.find(name)
                    if place != self._index.end():
                        found.push_back(dereference(place).second)
                    else:
                        self._unknown[name] += 1
                offset[i + 1] = <int64_t>found.size()
        indices = np.empty(found.size(), dtype=np.int32)
        cdef int32_t[::1] index = indices
        for i in range(<Py_ssize_t>found.size()):
            index[i] = found[i]
        return indices, offsets
