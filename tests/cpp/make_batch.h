// SPDX-License-Identifier: Apache-2.0
// A batch of these shapes.
#pragma once

#include <vector>

#include "tensor/batch_shape.h"

namespace rnnlib {

inline BatchShape make_batch(const std::vector<Shape>& shapes) {
  BatchShape batch;
  for (const Shape& shape : shapes) batch.add(shape);
  return batch;
}

}  // namespace rnnlib
