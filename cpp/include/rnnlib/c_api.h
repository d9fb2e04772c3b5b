/* SPDX-License-Identifier: Apache-2.0
 *
 * The C interface: loading a network and running it, from C99 or any language that can call C. (rnnlib/rnnlib.h is the
 * C++ interface.)
 *
 * Every function that can fail returns a rnnlib_status and writes its result through its last parameter, which is left
 * alone when it fails; rnnlib_last_error() then says what was wrong. No exception leaves this interface, and none of it
 * prints or ends the program. A null handle or a null pointer to a result is RNNLIB_ERROR_ARGUMENT, freeing null does
 * nothing.
 *
 * Threads: a network may be used by many threads at once; a workspace or a stream by one at a time. Handles may be
 * freed in any order: workspaces and streams keep what they need of their network.
 */
#ifndef RNNLIB_C_API_H
#define RNNLIB_C_API_H

#include <stddef.h>
#include <stdint.h>

#include "rnnlib/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when a function or type below changes or goes; new functions leave it alone. */
#define RNNLIB_C_ABI_VERSION 1

/* RNNLIB_C_ABI_VERSION of the library that is loaded; compare it with that of the header. */
RNNLIB_API int rnnlib_c_abi_version(void);

/* The library's version, "0.1.0". Static text. */
RNNLIB_API const char* rnnlib_version(void);

typedef enum rnnlib_status {
  RNNLIB_OK = 0,
  RNNLIB_ERROR_ARGUMENT = 1, /* a null pointer, an index or a number out of range */
  RNNLIB_ERROR_CONFIG = 2,   /* a setting is wrong, or makes no network */
  RNNLIB_ERROR_DATA = 3,     /* data do not fit the network */
  RNNLIB_ERROR_FORMAT = 4,   /* a file is no save, or a damaged one */
  RNNLIB_ERROR_IO = 5,       /* the operating system refused */
  RNNLIB_ERROR_MEMORY = 6,   /* there is not enough */
  RNNLIB_ERROR_NUMERIC = 7,  /* NaN or infinite numbers */
  RNNLIB_ERROR_INTERNAL = 8  /* anything else: a fault of the library */
} rnnlib_status;

/* What the last function that failed on this thread found wrong; "" before any has. Stays until the next failure. */
RNNLIB_API const char* rnnlib_last_error(void);

typedef enum rnnlib_precision {
  RNNLIB_FLOAT = 0, /* numbers of 32 bits: faster */
  RNNLIB_DOUBLE = 1 /* numbers of 64 bits */
} rnnlib_precision;

/* Networks ------------------------------------------------------------------------------------------------------- */

typedef struct rnnlib_network rnnlib_network;

/* The network of a save, from a file (path in UTF-8) or from `size` bytes of memory, which `source` names in errors. */
RNNLIB_API rnnlib_status rnnlib_network_load(const char* path, rnnlib_precision precision, rnnlib_network** network);
RNNLIB_API rnnlib_status rnnlib_network_parse(const char* data, size_t size, const char* source,
                                              rnnlib_precision precision, rnnlib_network** network);
RNNLIB_API void rnnlib_network_free(rnnlib_network* network);

/* The task, as configs spell it: "transcription", ... Lives as long as the network. "" for null. */
RNNLIB_API const char* rnnlib_network_task(const rnnlib_network* network);

/* 0 for null. */
RNNLIB_API int rnnlib_network_num_dims(const rnnlib_network* network);        /* dimensions of sequences */
RNNLIB_API int64_t rnnlib_network_input_size(const rnnlib_network* network);  /* numbers per input point */
RNNLIB_API int64_t rnnlib_network_output_size(const rnnlib_network* network); /* numbers per output point */
RNNLIB_API int64_t rnnlib_network_num_labels(const rnnlib_network* network);  /* without transcription's blank */
RNNLIB_API int64_t rnnlib_network_num_weights(const rnnlib_network* network);

/* The name of label `index`, UTF-8 as the save has it; null for an index out of range. Lives as long as the network. */
RNNLIB_API const char* rnnlib_network_label(const rnnlib_network* network, int64_t index);

/* Dimensions of the output: 0 where one output stands for the whole sequence. */
RNNLIB_API int rnnlib_network_num_output_dims(const rnnlib_network* network);

/* The output's shape [num_output_dims] for inputs of `shape` [num_dims], the slowest-varying dimension first. */
RNNLIB_API rnnlib_status rnnlib_network_output_shape(const rnnlib_network* network, const int64_t* shape,
                                                     int64_t* output_shape);

/* Input points of an output point along each output dimension, `step` [num_output_dims]: output point i comes from
 * input points i * step to (i + 1) * step - 1, fewer at the end. */
RNNLIB_API rnnlib_status rnnlib_network_output_step(const rnnlib_network* network, int64_t* step);

/* Whole sequences ------------------------------------------------------------------------------------------------ */

typedef struct rnnlib_workspace rnnlib_workspace;

RNNLIB_API rnnlib_status rnnlib_workspace_new(const rnnlib_network* network, rnnlib_workspace** workspace);
RNNLIB_API void rnnlib_workspace_free(rnnlib_workspace* workspace);

typedef struct rnnlib_position {
  int64_t first; /* output points, both included */
  int64_t last;
} rnnlib_position;

/* What a network says of one sequence. The arrays lie in the workspace until its next run. */
typedef struct rnnlib_prediction {
  int64_t points;        /* output points */
  int64_t size;          /* numbers per point: output_size */
  const double* outputs; /* [points, size]: probabilities (two classes: of the second), or regression values */
  int64_t num_labels;
  const int64_t* labels; /* [num_labels] transcription: the best path; classification: one per point; else none */
  const rnnlib_position* positions; /* [num_labels] transcription: where each label was read; else null */
} rnnlib_prediction;

/* Runs a sequence of `shape` [num_dims], the slowest-varying dimension (x of an image) first, with `inputs`
 * [points, input_size], the last dimension fastest. */
RNNLIB_API rnnlib_status rnnlib_workspace_run(rnnlib_workspace* workspace, const int64_t* shape, const float* inputs,
                                              rnnlib_prediction* prediction);

/* Sequences that are still coming in ----------------------------------------------------------------------------- */

typedef struct rnnlib_stream rnnlib_stream;

/* Only networks for 1-D data that run forwards (bidirectional false) and have an output per point can stream; others
 * give RNNLIB_ERROR_CONFIG. */
RNNLIB_API rnnlib_status rnnlib_stream_new(const rnnlib_network* network, rnnlib_stream** stream);
RNNLIB_API void rnnlib_stream_free(rnnlib_stream* stream);

/* The output points that some inputs completed. The arrays lie in the stream until its next call. */
typedef struct rnnlib_stream_output {
  int64_t first_point; /* counted from the beginning of the sequence */
  int64_t points;
  int64_t size;
  const double* outputs; /* [points, size] */
  int64_t num_labels;
  const int64_t* labels;       /* [num_labels] classification: one per point; transcription: those that begin here */
  const int64_t* label_points; /* [num_labels] transcription: where each begins; else null */
} rnnlib_stream_output;

/* The next `points` points, `inputs` [points, input_size]. */
RNNLIB_API rnnlib_status rnnlib_stream_push(rnnlib_stream* stream, const float* inputs, int64_t points,
                                            rnnlib_stream_output* output);

/* The end of the sequence: what blocks that are not full still give. The stream is then ready for another one. */
RNNLIB_API rnnlib_status rnnlib_stream_finish(rnnlib_stream* stream, rnnlib_stream_output* output);

/* Forgets the sequence begun. */
RNNLIB_API rnnlib_status rnnlib_stream_reset(rnnlib_stream* stream);

#ifdef __cplusplus
}
#endif

#endif
