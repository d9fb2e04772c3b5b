/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of the C interface (rnnlib/c_api.h) for other compiled modules of the package. They cannot be linked with
 * the engine, of which one build out of several is loaded when the program runs: _core hands the functions out in a
 * PyCapsule. */
#ifndef RNNLIB_PY_C_TABLE_H
#define RNNLIB_PY_C_TABLE_H

#include "rnnlib/c_api.h"

#define RNNLIB_C_TABLE_NAME "rnnlib_py._core._c_table"
#define RNNLIB_C_NETWORK_NAME "rnnlib_network" /* of the capsule with a network's handle */

typedef struct rnnlib_c_table {
  int abi_version; /* RNNLIB_C_ABI_VERSION, and */
  int size;        /* sizeof(rnnlib_c_table), of the engine */
  const char* (*last_error)(void);
  int (*network_num_dims)(const rnnlib_network*);
  int64_t (*network_input_size)(const rnnlib_network*);
  int64_t (*network_output_size)(const rnnlib_network*);
  int (*network_num_output_dims)(const rnnlib_network*);
  rnnlib_status (*network_output_shape)(const rnnlib_network*, const int64_t*, int, int64_t*);
  rnnlib_status (*network_normalise)(const rnnlib_network*, float*, int64_t, int64_t);
  rnnlib_status (*workspace_new)(const rnnlib_network*, rnnlib_workspace**);
  void (*workspace_free)(rnnlib_workspace*);
  rnnlib_status (*workspace_set_raw)(rnnlib_workspace*, int);
  rnnlib_status (*workspace_run)(rnnlib_workspace*, const float*, int64_t, int64_t, const int64_t*, int,
                                 rnnlib_prediction*);
} rnnlib_c_table;

#endif
