# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False, auto_pickle=False, autotestdict=False
"""A network for Cython code, which runs it without Python objects; see runner.pxd and docs/embedding.md."""

from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_Import
from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport free, malloc

from rnnlib_py import _core
from rnnlib_py.network import Network
from rnnlib_py.threads import num_threads


cdef extern from "runner_table.h":
    const char* RNNLIB_RUNNER_TABLE_NAME
    const char* RNNLIB_RUNNER_NETWORK_NAME
    enum:
        RNNLIB_RUNNER_TABLE_VERSION
        RNNLIB_RUNNER_OK
        RNNLIB_RUNNER_DATA_ERROR
        RNNLIB_RUNNER_NUMERIC_ERROR
        RNNLIB_RUNNER_OUT_OF_MEMORY
    ctypedef struct rnnlib_runner_message:
        char text[1024]
    ctypedef struct rnnlib_runner_table:
        int32_t version
        int32_t (*sizes)(const void*, int64_t*, int64_t*, int64_t*) noexcept nogil
        int32_t (*output_shape)(const void*, const int64_t*, int64_t*, int64_t*, rnnlib_runner_message*) noexcept nogil
        int32_t (*run)(const void*, const float*, const int64_t*, int32_t, double*, int64_t, int64_t*, int64_t, int64_t*,
                       rnnlib_runner_message*) noexcept nogil


cdef const rnnlib_runner_table* table = <const rnnlib_runner_table*>PyCapsule_Import(RNNLIB_RUNNER_TABLE_NAME, 0)
if table.version != RNNLIB_RUNNER_TABLE_VERSION:
    raise ImportError(
        f"rnnlib_py.runner and rnnlib_py._core are of different versions "
        f"({RNNLIB_RUNNER_TABLE_VERSION} and {table.version}): install the package anew"
    )


cdef int fail(int32_t kind, const rnnlib_runner_message* message) except -1:
    """Raises the error."""
    text = (<bytes>message.text).decode("utf-8", "replace")
    if kind == RNNLIB_RUNNER_DATA_ERROR:
        raise _core.DataError(text)
    if kind == RNNLIB_RUNNER_NUMERIC_ERROR:
        raise _core.NumericError(text)
    if kind == RNNLIB_RUNNER_OUT_OF_MEMORY:
        raise _core.OutOfMemoryError(text)
    raise _core.Error(text)


cdef class Runner:
    """Runs a network from Cython code; its methods are in runner.pxd."""

    def __cinit__(self, network, threads=1):
        if not isinstance(network, Network):
            raise TypeError(f"expected an rnnlib_py.Network, not {type(network).__name__}")
        self.threads = num_threads(None, threads)
        self._core = network.core
        self._network = PyCapsule_GetPointer(_core._network_address(self._core), RNNLIB_RUNNER_NETWORK_NAME)
        table.sizes(self._network, &self.num_dims, &self.input_size, &self.output_size)

    cdef int64_t output_points(self, const int64_t* shape) except -1 nogil:
        cdef int64_t dims = 0, points = 1, i
        cdef rnnlib_runner_message message
        cdef int64_t* output_shape = <int64_t*>malloc((self.num_dims + 1) * sizeof(int64_t))
        if output_shape == NULL:
            with gil:
                raise MemoryError()
        cdef int32_t kind = table.output_shape(self._network, shape, output_shape, &dims, &message)
        for i in range(dims):
            points *= output_shape[i]
        free(output_shape)
        if kind != RNNLIB_RUNNER_OK:
            with gil:
                fail(kind, &message)
        return points

    cdef int64_t run(self, const float* inputs, const int64_t* shape, double* outputs, int64_t capacity) except -1 nogil:
        self.run_and_read(inputs, shape, outputs, capacity, NULL, 0)
        return self.output_points(shape)

    cdef int64_t read(self, const float* inputs, const int64_t* shape, int64_t* labels, int64_t capacity) except -1 nogil:
        return self.run_and_read(inputs, shape, NULL, 0, labels, capacity)

    cdef int64_t run_and_read(self, const float* inputs, const int64_t* shape, double* outputs, int64_t output_capacity,
                              int64_t* labels, int64_t label_capacity) except -1 nogil:
        cdef int64_t num_labels = 0
        cdef rnnlib_runner_message message
        cdef int32_t kind = table.run(self._network, inputs, shape, self.threads, outputs, output_capacity, labels,
                                      label_capacity, &num_labels, &message)
        if kind != RNNLIB_RUNNER_OK:
            with gil:
                fail(kind, &message)
        return num_labels
