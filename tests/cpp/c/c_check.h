/* SPDX-License-Identifier: Apache-2.0
 * What the C tests of the C interface have in common. */
#ifndef RNNLIB_TESTS_C_CHECK_H
#define RNNLIB_TESTS_C_CHECK_H

#include <stdio.h>

#include "rnnlib/c_api.h"

static int failures = 0;

#define CHECK(condition)                                                                                    \
  do {                                                                                                      \
    if (!(condition)) {                                                                                     \
      ++failures;                                                                                           \
      fprintf(stderr, "%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition, rnnlib_last_error()); \
    }                                                                                                       \
  } while (0)

/* Numbers like noise, the same everywhere. */
static void fill(float* values, size_t n) {
  unsigned state = 1;
  size_t i;
  for (i = 0; i < n; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / 8388608.0f - 1.0f;
  }
}

#endif
