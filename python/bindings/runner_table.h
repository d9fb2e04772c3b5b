// SPDX-License-Identifier: Apache-2.0
// The engine's functions for rnnlib_py.runner, another compiled module of the package. It cannot be linked with the
// engine, of which one build out of several is loaded when the program runs: _core hands them out as a PyCapsule. C,
// because Cython reads it.
#ifndef RNNLIB_PY_RUNNER_TABLE_H
#define RNNLIB_PY_RUNNER_TABLE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RNNLIB_RUNNER_TABLE_NAME "rnnlib_py._core._runner_table"
#define RNNLIB_RUNNER_NETWORK_NAME "rnnlib::Network"  // of the capsule with a network's address
#define RNNLIB_RUNNER_TABLE_VERSION 1                 // another one when anything below changes

// What went wrong, for the choice of Python's exception.
enum {
  RNNLIB_RUNNER_OK = 0,
  RNNLIB_RUNNER_DATA_ERROR,
  RNNLIB_RUNNER_NUMERIC_ERROR,
  RNNLIB_RUNNER_OUT_OF_MEMORY,
  RNNLIB_RUNNER_OTHER_ERROR
};

// Text of an error, cut where it does not fit; always ends with a NUL.
typedef struct {
  char text[1024];
} rnnlib_runner_message;

// All functions return one of the numbers above and may be called from any thread, without Python. `network`: the
// address of an rnnlib::Network. `shape`: num_dims sizes.
typedef struct {
  int32_t version;
  int32_t (*sizes)(const void* network, int64_t* num_dims, int64_t* input_size, int64_t* output_size);
  // output_shape: room for num_dims sizes, of which the first output_dims are set (sequence_*: 0).
  int32_t (*output_shape)(const void* network, const int64_t* shape, int64_t* output_shape, int64_t* output_dims,
                          rnnlib_runner_message* message);
  // inputs [points, input_size] in row-major order -> outputs [output points, output_size] and labels, each only where
  // it is not NULL. The capacities count numbers; what does not fit is an error and nothing is written.
  int32_t (*run)(const void* network, const float* inputs, const int64_t* shape, int32_t threads, double* outputs,
                 int64_t output_capacity, int64_t* labels, int64_t label_capacity, int64_t* num_labels,
                 rnnlib_runner_message* message);
} rnnlib_runner_table;

#ifdef __cplusplus
}
#endif

#endif
