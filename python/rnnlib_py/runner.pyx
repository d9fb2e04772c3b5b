# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False, auto_pickle=False, autotestdict=False
"""A network for Cython code, which runs it without Python objects; see runner.pxd and docs/embedding.md."""

from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_Import
from cpython.pythread cimport (
    NOWAIT_LOCK,
    PyThread_acquire_lock,
    PyThread_allocate_lock,
    PyThread_free_lock,
    PyThread_release_lock,
)
from libc.stdint cimport int64_t
from libc.string cimport memcpy

from rnnlib_py import _core
from rnnlib_py.model.network import Network


cdef extern from "c_table.h":
    const char* RNNLIB_C_TABLE_NAME
    const char* RNNLIB_C_NETWORK_NAME
    int RNNLIB_C_ABI_VERSION
    ctypedef enum rnnlib_status:
        RNNLIB_OK
        RNNLIB_ERROR_DATA
        RNNLIB_ERROR_MEMORY
        RNNLIB_ERROR_NUMERIC
    ctypedef struct rnnlib_network:
        pass
    ctypedef struct rnnlib_workspace:
        pass
    ctypedef struct rnnlib_position:
        int64_t first
        int64_t last
    ctypedef struct rnnlib_prediction:
        int64_t points
        int64_t size
        const double* outputs
        int64_t num_labels
        const int64_t* labels
        const rnnlib_position* positions
    ctypedef struct rnnlib_c_table:
        int abi_version
        int size
        const char* (*last_error)() noexcept nogil
        int (*network_num_dims)(const rnnlib_network*) noexcept nogil
        int64_t (*network_input_size)(const rnnlib_network*) noexcept nogil
        int64_t (*network_output_size)(const rnnlib_network*) noexcept nogil
        int (*network_num_output_dims)(const rnnlib_network*) noexcept nogil
        rnnlib_status (*network_output_shape)(const rnnlib_network*, const int64_t*, int, int64_t*) noexcept nogil
        rnnlib_status (*network_normalise)(const rnnlib_network*, float*, int64_t, int64_t) noexcept nogil
        rnnlib_status (*workspace_new)(const rnnlib_network*, rnnlib_workspace**) noexcept nogil
        void (*workspace_free)(rnnlib_workspace*) noexcept nogil
        rnnlib_status (*workspace_set_raw)(rnnlib_workspace*, int) noexcept nogil
        rnnlib_status (*workspace_run)(rnnlib_workspace*, const float*, int64_t, int64_t, const int64_t*, int,
                                       rnnlib_prediction*) noexcept nogil


cdef enum:
    MAX_DIMS = 8  # of the engine's networks


cdef const rnnlib_c_table* table = <const rnnlib_c_table*>PyCapsule_Import(RNNLIB_C_TABLE_NAME, 0)
if table.abi_version != RNNLIB_C_ABI_VERSION or table.size != sizeof(rnnlib_c_table):
    raise ImportError("rnnlib_py.runner and rnnlib_py._core are of different versions: install the package anew")


cdef int fail(rnnlib_status status) except -1:
    """Raises this thread's last error."""
    text = (<bytes>table.last_error()).decode("utf-8", "replace")
    if status == RNNLIB_ERROR_DATA:
        raise _core.DataError(text)
    if status == RNNLIB_ERROR_NUMERIC:
        raise _core.NumericError(text)
    if status == RNNLIB_ERROR_MEMORY:
        raise _core.OutOfMemoryError(text)
    raise _core.Error(text)


cdef int check_room(const char* what, int64_t needed, int64_t capacity) except -1 nogil:
    if needed > capacity:
        with gil:
            raise _core.DataError(f"the sequence has {needed} {what.decode()}, but there is room for {capacity}")
    return 0


cdef int copy_outputs(const rnnlib_prediction* found, double* outputs, int64_t capacity) except -1 nogil:
    check_room("outputs", found.points * found.size, capacity)
    if found.points * found.size > 0:
        memcpy(outputs, found.outputs, found.points * found.size * sizeof(double))
    return 0


cdef int copy_labels(const rnnlib_prediction* found, int64_t* labels, int64_t capacity) except -1 nogil:
    check_room("labels", found.num_labels, capacity)
    if found.num_labels > 0:
        memcpy(labels, found.labels, found.num_labels * sizeof(int64_t))
    return 0


cdef int predict(Runner runner, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                 rnnlib_prediction* prediction) except -1 nogil:
    """Takes the runner's lock, for as long as the prediction's arrays are read, unless it raises."""
    if PyThread_acquire_lock(runner._lock, NOWAIT_LOCK) == 0:
        with gil:
            raise RuntimeError("a Runner is used by two threads at once: make one for each")
    cdef rnnlib_status status = table.workspace_run(<rnnlib_workspace*>runner._workspace, inputs, points, input_size, shape,
                                                    num_dims, prediction)
    if status != RNNLIB_OK:
        PyThread_release_lock(runner._lock)
        with gil:
            fail(status)
    return 0


cdef class Runner:
    """Runs a network from Cython code; its methods are in runner.pxd."""

    def __cinit__(self, network, raw=None):
        if not isinstance(network, Network):
            raise TypeError(f"expected an rnnlib_py.Network, not {type(network).__name__}")
        self.raw = network.takes_raw(raw)
        self._core = network.core
        self._handle = _core._c_network(self._core)
        self._network = PyCapsule_GetPointer(self._handle, RNNLIB_C_NETWORK_NAME)
        cdef const rnnlib_network* handle = <const rnnlib_network*>self._network
        self.num_dims = table.network_num_dims(handle)
        self.input_size = table.network_input_size(handle)
        self.output_size = table.network_output_size(handle)
        if self.num_dims > MAX_DIMS:
            raise _core.DataError(f"the network's sequences have {self.num_dims} dimensions, expected at most {MAX_DIMS}")
        self._lock = PyThread_allocate_lock()
        if self._lock == NULL:
            raise MemoryError()
        cdef rnnlib_workspace* workspace = NULL
        cdef rnnlib_status status = table.workspace_new(handle, &workspace)
        if status != RNNLIB_OK:
            fail(status)
        self._workspace = workspace
        table.workspace_set_raw(workspace, self.raw)

    def __reduce__(self):
        raise TypeError("a Runner cannot be pickled or copied; pickle its Network, and make a Runner where it is loaded")

    def __dealloc__(self):
        if self._workspace != NULL:
            table.workspace_free(<rnnlib_workspace*>self._workspace)
        if self._lock != NULL:
            PyThread_free_lock(self._lock)

    cdef int64_t output_points(self, const int64_t* shape, int num_dims) except -1 nogil:
        cdef const rnnlib_network* network = <const rnnlib_network*>self._network
        cdef int64_t[MAX_DIMS] sizes
        cdef int64_t points = 1
        cdef int i
        cdef rnnlib_status status = table.network_output_shape(network, shape, num_dims, sizes)
        if status != RNNLIB_OK:
            with gil:
                fail(status)
        for i in range(table.network_num_output_dims(network)):
            points *= sizes[i]
        return points

    cdef int normalise(self, float* inputs, int64_t points, int64_t input_size) except -1 nogil:
        cdef rnnlib_status status = table.network_normalise(<const rnnlib_network*>self._network, inputs, points, input_size)
        if status != RNNLIB_OK:
            with gil:
                fail(status)
        return 0

    cdef int64_t run(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                     double* outputs, int64_t capacity) except -1 nogil:
        cdef rnnlib_prediction found
        predict(self, inputs, points, input_size, shape, num_dims, &found)
        try:
            copy_outputs(&found, outputs, capacity)
        finally:
            PyThread_release_lock(self._lock)
        return found.points

    cdef int64_t read(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                      int64_t* labels, int64_t capacity) except -1 nogil:
        cdef rnnlib_prediction found
        predict(self, inputs, points, input_size, shape, num_dims, &found)
        try:
            copy_labels(&found, labels, capacity)
        finally:
            PyThread_release_lock(self._lock)
        return found.num_labels

    cdef int64_t read_positions(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                                int64_t* labels, int64_t* first, int64_t* last, int64_t capacity) except -1 nogil:
        cdef rnnlib_prediction found
        cdef int64_t i
        predict(self, inputs, points, input_size, shape, num_dims, &found)
        try:
            if found.positions == NULL:
                with gil:
                    raise _core.DataError("only transcription has positions of labels")
            copy_labels(&found, labels, capacity)
            for i in range(found.num_labels):
                first[i] = found.positions[i].first
                last[i] = found.positions[i].last
        finally:
            PyThread_release_lock(self._lock)
        return found.num_labels

    cdef int64_t run_and_read(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                              double* outputs, int64_t output_capacity, int64_t* labels,
                              int64_t label_capacity) except -1 nogil:
        cdef rnnlib_prediction found
        predict(self, inputs, points, input_size, shape, num_dims, &found)
        try:
            check_room("outputs", found.points * found.size, output_capacity)
            copy_labels(&found, labels, label_capacity)
            copy_outputs(&found, outputs, output_capacity)
        finally:
            PyThread_release_lock(self._lock)
        return found.num_labels
