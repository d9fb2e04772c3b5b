// SPDX-License-Identifier: Apache-2.0
// The ends of exp.
#include "tensor/vector_math.h"

namespace rnnlib::vmath::detail {

const float Constants<float>::kMax = 89.0F;
const float Constants<float>::kMin = -88.0F;
const float Constants<float>::kZeroPower = kRound - 127.0F;
const float Constants<float>::kFar = -5000.0F;
const double Constants<double>::kMax = 710.0;
const double Constants<double>::kMin = -709.0;
const double Constants<double>::kZeroPower = kRound - 1023.0;
const double Constants<double>::kFar = -1e7;

}  // namespace rnnlib::vmath::detail
