// SPDX-License-Identifier: Apache-2.0
// A sequence's outputs as they come from Python.
#pragma once

#include <string>
#include <vector>

#include "bindings.h"

namespace rnnlib::python {

using OutputArray = py::array_t<double, py::array::c_style | py::array::forcecast>;

// A copy of outputs (points, units), which needs no GIL. DataError for another number of dimensions.
struct PointOutputs {
  explicit PointOutputs(const OutputArray& outputs) {
    if (outputs.ndim() != 2) {
      throw DataError("outputs need the shape (points, units), found " + std::to_string(outputs.ndim()) +
                      " dimensions");
    }
    values.assign(outputs.data(), outputs.data() + outputs.size());
    points = outputs.shape(0);
    units = outputs.shape(1);
  }

  std::vector<double> values;
  Index points = 0;
  Index units = 0;
};

}  // namespace rnnlib::python
