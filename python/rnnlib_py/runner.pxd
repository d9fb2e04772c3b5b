# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
# For Cython code: `from rnnlib_py cimport Runner`. Nothing has to be linked and no header is needed.
from libc.stdint cimport int64_t


cdef class Runner:
    """Runs a network on sequences in memory, without Python objects and without the GIL.

    It holds the memory that a run needs, so it is for one thread at a time: make one per thread, of the same network.
    The network must not be trained, nor its weights set, while it runs.
    """

    cdef object _core, _handle  # keep the network alive
    cdef const void* _network
    cdef void* _workspace
    cdef void* _lock
    cdef readonly int num_dims  # sizes of a shape, in the network's order: of an image x (width), then y (height)
    cdef readonly int64_t input_size  # inputs per point
    cdef readonly int64_t output_size  # outputs per output point
    cdef readonly bint raw  # inputs are as they were measured: they are normalised as the network's own data were

    # All raise rnnlib_py.DataError when sizes or room do not fit, before any number is read; NumericError and
    # OutOfMemoryError like Network.predict, RuntimeError when another thread uses this Runner.
    # inputs: [points, input_size] in row-major order (the last dimension fastest). shape: num_dims sizes, in which the
    # points lie. capacity: of how many numbers an array has room.

    # The number of output points for such a shape.
    cdef int64_t output_points(self, const int64_t* shape, int num_dims) except -1 nogil

    # Inputs as they were measured become what the network expects, in place; nothing where its data were not normalised.
    # For a Runner that is not made with raw=True, which does this itself and leaves the array as it is.
    cdef int normalise(self, float* inputs, int64_t points, int64_t input_size) except -1 nogil

    # Writes [output points, output_size] and returns the number of output points.
    cdef int64_t run(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                     double* outputs, int64_t capacity) except -1 nogil

    # Writes label indices and returns how many: transcription: the best path's, at most one per output point;
    # classification: one per output point; sequence_classification: one; regression: none.
    cdef int64_t read(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                      int64_t* labels, int64_t capacity) except -1 nogil

    # Transcription: also the first and the last output point of each label; all three have room for `capacity` numbers.
    cdef int64_t read_positions(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                                int64_t* labels, int64_t* first, int64_t* last, int64_t capacity) except -1 nogil

    # run and read at once; returns the number of labels.
    cdef int64_t run_and_read(self, const float* inputs, int64_t points, int64_t input_size, const int64_t* shape, int num_dims,
                              double* outputs, int64_t output_capacity, int64_t* labels,
                              int64_t label_capacity) except -1 nogil
