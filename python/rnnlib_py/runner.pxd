# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
# For Cython code: `from rnnlib_py cimport Runner`. Nothing has to be linked and no header is needed.
from libc.stdint cimport int64_t


cdef class Runner:
    """Runs a network on sequences in memory, without Python objects and without the GIL.

    A Runner may be shared by threads. The network must not be trained, nor its weights set, while it runs.
    """

    cdef object _core  # keeps the network alive
    cdef const void* _network
    cdef readonly int64_t num_dims  # sizes of a shape, in the network's order: of an image x (width), then y (height)
    cdef readonly int64_t input_size  # inputs per point
    cdef readonly int64_t output_size  # outputs per output point
    cdef readonly int threads

    # All raise rnnlib_py.DataError when shape or room do not fit, NumericError and OutOfMemoryError like Network.predict.
    # shape: num_dims sizes. inputs: [points, input_size] in row-major order (the last dimension fastest).

    # The number of output points for such a shape.
    cdef int64_t output_points(self, const int64_t* shape) except -1 nogil

    # Writes [output points, output_size] and returns the number of output points; capacity: numbers that outputs holds.
    cdef int64_t run(self, const float* inputs, const int64_t* shape, double* outputs, int64_t capacity) except -1 nogil

    # Writes label indices and returns how many: transcription: the best path's, at most one per output point;
    # classification: one per output point; sequence_classification: one; regression: none. capacity: as above.
    cdef int64_t read(self, const float* inputs, const int64_t* shape, int64_t* labels, int64_t capacity) except -1 nogil

    # Both from one run; returns the number of labels.
    cdef int64_t run_and_read(self, const float* inputs, const int64_t* shape, double* outputs, int64_t output_capacity,
                              int64_t* labels, int64_t label_capacity) except -1 nogil
