# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False
# Compiled by test_runner.py, as a user would: it cimports rnnlib_py and shows to Python what its methods do.
from libc.stdint cimport int64_t

from rnnlib_py cimport Runner


def normalise(Runner runner, float[:, ::1] inputs):
    with nogil:
        runner.normalise(&inputs[0, 0], inputs.shape[0], inputs.shape[1])


def points(Runner runner, const int64_t[::1] shape):
    return runner.output_points(&shape[0], <int>shape.shape[0])


def run(Runner runner, const float[:, ::1] inputs, const int64_t[::1] shape, double[::1] outputs):
    cdef int64_t found
    with nogil:
        found = runner.run(&inputs[0, 0], inputs.shape[0], inputs.shape[1], &shape[0], <int>shape.shape[0], &outputs[0], outputs.shape[0])
    return found


def read(Runner runner, const float[:, ::1] inputs, const int64_t[::1] shape, int64_t[::1] labels):
    cdef int64_t found
    with nogil:
        found = runner.read(&inputs[0, 0], inputs.shape[0], inputs.shape[1], &shape[0], <int>shape.shape[0], &labels[0], labels.shape[0])
    return found


def run_and_read(Runner runner, const float[:, ::1] inputs, const int64_t[::1] shape, double[::1] outputs,
                 int64_t[::1] labels):
    return runner.run_and_read(&inputs[0, 0], inputs.shape[0], inputs.shape[1], &shape[0], <int>shape.shape[0], &outputs[0], outputs.shape[0], &labels[0], labels.shape[0])


def read_positions(Runner runner, const float[:, ::1] inputs, const int64_t[::1] shape, int64_t[::1] labels,
                   int64_t[::1] first, int64_t[::1] last):
    cdef int64_t found
    with nogil:
        found = runner.read_positions(&inputs[0, 0], inputs.shape[0], inputs.shape[1], &shape[0], <int>shape.shape[0], &labels[0], &first[0], &last[0], labels.shape[0])
    return found


def run_often(Runner runner, const float[:, ::1] inputs, const int64_t[::1] shape, double[:, ::1] outputs):
    """A run per row, all without the GIL."""
    cdef Py_ssize_t i
    with nogil:
        for i in range(outputs.shape[0]):
            runner.run(&inputs[0, 0], inputs.shape[0], inputs.shape[1], &shape[0], <int>shape.shape[0], &outputs[i, 0], outputs.shape[1])
