// SPDX-License-Identifier: Apache-2.0
#include "layers/buffer_sizer.h"

#include <algorithm>

namespace rnnlib {

void BufferSizer::measure(const void* buffer, Index bytes) {
  Index& most = bytes_[buffer];
  most = std::max(most, bytes);
}

Index BufferSizer::bytes() const {
  Index sum = others_;
  for (const auto& entry : bytes_) sum += entry.second;
  return sum;
}

}  // namespace rnnlib
