// SPDX-License-Identifier: Apache-2.0
// Where rnnlib.js finds the members of the C interface's structures. It reads and writes them in the memory of the
// module by these numbers; a change of a structure stops the build here.
#include <cstddef>

#include "rnnlib/c_api.h"

static_assert(RNNLIB_C_ABI_VERSION == 3 && sizeof(void*) == 4);

static_assert(offsetof(rnnlib_prediction, points) == 0);
static_assert(offsetof(rnnlib_prediction, size) == 8);
static_assert(offsetof(rnnlib_prediction, outputs) == 16);
static_assert(offsetof(rnnlib_prediction, num_labels) == 24);
static_assert(offsetof(rnnlib_prediction, labels) == 32);
static_assert(offsetof(rnnlib_prediction, positions) == 36);
static_assert(offsetof(rnnlib_prediction, input_positions) == 40);
static_assert(offsetof(rnnlib_prediction, confidences) == 44);
static_assert(sizeof(rnnlib_prediction) == 64 && sizeof(rnnlib_position) == 16);

static_assert(offsetof(rnnlib_image, pixels) == 0);
static_assert(offsetof(rnnlib_image, size) == 8);
static_assert(offsetof(rnnlib_image, width) == 16);
static_assert(offsetof(rnnlib_image, height) == 24);
static_assert(offsetof(rnnlib_image, channels) == 32);
static_assert(offsetof(rnnlib_image, row_stride) == 40);
static_assert(sizeof(rnnlib_image) == 48);

static_assert(offsetof(rnnlib_beam_options, width) == 0);
static_assert(sizeof(rnnlib_beam_options) == 56);
