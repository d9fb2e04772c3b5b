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

/* NOLINTBEGIN(readability-identifier-naming): C's own style */

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when a function or type below changes or goes; new functions leave it alone.
 *
 * 2: rnnlib_workspace_run, rnnlib_stream_push and rnnlib_network_output_shape take the sizes of the arrays they are
 * given and check them. */
#define RNNLIB_C_ABI_VERSION 2

/* RNNLIB_C_ABI_VERSION of the library that is loaded; compare it with that of the header. */
RNNLIB_API int rnnlib_c_abi_version(void);

/* The library's version, "0.1.0". Static text. */
RNNLIB_API const char* rnnlib_version(void);

/* What came of a call. */
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

/* Of a network's numbers: one of the two below. (A number and no enum: other values are an error, not undefined.) */
typedef int32_t rnnlib_precision;
#define RNNLIB_FLOAT ((rnnlib_precision)0)  /* 32 bits: faster */
#define RNNLIB_DOUBLE ((rnnlib_precision)1) /* 64 bits */

/* Networks ------------------------------------------------------------------------------------------------------- */

/* A network: its description and its weights. */
typedef struct rnnlib_network rnnlib_network;

/* The network of a save, from a file; `path` in UTF-8. */
RNNLIB_API rnnlib_status rnnlib_network_load(const char* path, rnnlib_precision precision, rnnlib_network** network);

/* The network of a save that lies in memory, `size` bytes, named `source` in errors (may be null). */
RNNLIB_API rnnlib_status rnnlib_network_parse(const char* data, size_t size, const char* source,
                                              rnnlib_precision precision, rnnlib_network** network);

/* Gives the handle back. */
RNNLIB_API void rnnlib_network_free(rnnlib_network* network);

/* The task, as configs spell it: "transcription", ... Lives as long as the network. "" for null. */
RNNLIB_API const char* rnnlib_network_task(const rnnlib_network* network);

/* Dimensions of sequences; this and the sizes below are 0 for null. */
RNNLIB_API int rnnlib_network_num_dims(const rnnlib_network* network);
/* Numbers per input point. */
RNNLIB_API int64_t rnnlib_network_input_size(const rnnlib_network* network);
/* Numbers per output point. */
RNNLIB_API int64_t rnnlib_network_output_size(const rnnlib_network* network);
/* Labels, without transcription's blank. */
RNNLIB_API int64_t rnnlib_network_num_labels(const rnnlib_network* network);
/* Weights of all connections. */
RNNLIB_API int64_t rnnlib_network_num_weights(const rnnlib_network* network);

/* The name of label `index`, UTF-8 as the save has it; null for an index out of range. Lives as long as the network. */
RNNLIB_API const char* rnnlib_network_label(const rnnlib_network* network, int64_t index);

/* Dimensions of the output: 0 where one output stands for the whole sequence. */
RNNLIB_API int rnnlib_network_num_output_dims(const rnnlib_network* network);

/* The output's shape [num_output_dims] for inputs of `shape` [num_dims], the slowest-varying dimension first. */
RNNLIB_API rnnlib_status rnnlib_network_output_shape(const rnnlib_network* network, const int64_t* shape, int num_dims,
                                                     int64_t* output_shape);

/* Input points of an output point along each output dimension, `step` [num_output_dims]: output point i comes from
 * input points i * step to (i + 1) * step - 1, fewer at the end. */
RNNLIB_API rnnlib_status rnnlib_network_output_step(const rnnlib_network* network, int64_t* step);

/* What the network's data were normalised with lies in its save. */

/* 1 when the save has a normalisation of the inputs, else 0. */
RNNLIB_API int rnnlib_network_has_normalisation(const rnnlib_network* network);

/* `inputs` [points, input_size] as they were measured become what the network expects, in place: (x - mean) / standard
 * deviation of each column. Does nothing without a normalisation. */
RNNLIB_API rnnlib_status rnnlib_network_normalise(const rnnlib_network* network, float* inputs, int64_t points,
                                                  int64_t input_size);

/* `outputs` [points, output_size] of regression become what the targets were before they were normalised, in place.
 * Does nothing where they were not. */
RNNLIB_API rnnlib_status rnnlib_network_denormalise(const rnnlib_network* network, double* outputs, int64_t points,
                                                    int64_t output_size);

/* Whole sequences ------------------------------------------------------------------------------------------------ */

/* What changes while a network runs; for one thread at a time. */
typedef struct rnnlib_workspace rnnlib_workspace;

/* A workspace for a network. */
RNNLIB_API rnnlib_status rnnlib_workspace_new(const rnnlib_network* network, rnnlib_workspace** workspace);

/* Gives the handle back. */
RNNLIB_API void rnnlib_workspace_free(rnnlib_workspace* workspace);

/* raw 1: from now on inputs are as they were measured, and normalised before they are used; the caller's array stays as
 * it is. 0: they are taken as they are, as in the beginning. */
RNNLIB_API rnnlib_status rnnlib_workspace_set_raw(rnnlib_workspace* workspace, int raw);

/* Where a label was read: points, first and last. */
typedef struct rnnlib_position {
  int64_t first; /* point */
  int64_t last;  /* point, included */
} rnnlib_position;

/* What a network says of one sequence. The arrays lie in the workspace until its next run. */
typedef struct rnnlib_prediction {
  int64_t points;        /* output points */
  int64_t size;          /* numbers per point: output_size */
  const double* outputs; /* [points, size] probabilities (two classes: of the second), or regression values */
  int64_t num_labels;    /* below */
  const int64_t* labels; /* [num_labels] transcription: the best path; classification: one per point; else none */
  /* Transcription, [num_labels], else null: where each label was read, in output points and in points of the input
   * along its first dimension. */
  const rnnlib_position* positions;
  const rnnlib_position* input_positions;
  const double* confidences; /* [num_labels] how sure each label is, in [0, 1] */
} rnnlib_prediction;

/* Runs a sequence: `inputs` [points, input_size], whose points lie in `shape` [num_dims], the slowest-varying dimension
 * (x of an image) first; the last dimension is the fastest in `inputs`. RNNLIB_ERROR_DATA, before any number is read,
 * unless the shape has so many points and input_size and num_dims are the network's. */
RNNLIB_API rnnlib_status rnnlib_workspace_run(rnnlib_workspace* workspace, const float* inputs, int64_t points,
                                              int64_t input_size, const int64_t* shape, int num_dims,
                                              rnnlib_prediction* prediction);

/* Sequences that are still coming in ----------------------------------------------------------------------------- */

/* A sequence on its way through a network; for one thread at a time. */
typedef struct rnnlib_stream rnnlib_stream;

/* Only networks for 1-D data that run forwards (bidirectional false) and have an output per point can stream; others
 * give RNNLIB_ERROR_CONFIG. */
RNNLIB_API rnnlib_status rnnlib_stream_new(const rnnlib_network* network, rnnlib_stream** stream);

/* Gives the handle back. */
RNNLIB_API void rnnlib_stream_free(rnnlib_stream* stream);

/* As rnnlib_workspace_set_raw. */
RNNLIB_API rnnlib_status rnnlib_stream_set_raw(rnnlib_stream* stream, int raw);

/* The output points that some inputs completed. The arrays lie in the stream until its next call. */
typedef struct rnnlib_stream_output {
  int64_t first_point;         /* counted from the beginning of the sequence */
  int64_t points;              /* completed */
  int64_t size;                /* numbers per point: output_size */
  const double* outputs;       /* [points, size] */
  int64_t num_labels;          /* below */
  const int64_t* labels;       /* [num_labels] classification: one per point; transcription: those that begin here */
  const int64_t* label_points; /* [num_labels] transcription: where each begins; else null */
} rnnlib_stream_output;

/* The next points, `inputs` [points, input_size]. RNNLIB_ERROR_DATA, before any number is read, unless input_size is
 * the network's. */
RNNLIB_API rnnlib_status rnnlib_stream_push(rnnlib_stream* stream, const float* inputs, int64_t points,
                                            int64_t input_size, rnnlib_stream_output* output);

/* The end of the sequence: what blocks that are not full still give. The stream is then ready for another one. */
RNNLIB_API rnnlib_status rnnlib_stream_finish(rnnlib_stream* stream, rnnlib_stream_output* output);

/* Forgets the sequence begun. */
RNNLIB_API rnnlib_status rnnlib_stream_reset(rnnlib_stream* stream);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(readability-identifier-naming) */

#endif
