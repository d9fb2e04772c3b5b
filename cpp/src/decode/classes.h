// SPDX-License-Identifier: Apache-2.0
// The class of every point: the most active unit, or for two classes whether the one unit exceeds 0.5.
#pragma once

#include "rnnlib/decoder.h"
#include "tensor/reduce.h"

namespace rnnlib {

class ClassesRun final : public DecoderRun {
 public:
  explicit ClassesRun(Index units) : units_(units) {}

  void begin() override {}

  void step(const double* outputs, Index points, Prediction& prediction) override {
    for (Index t = 0; t < points; ++t) prediction.labels.push_back(decide(outputs + t * units_));
  }

  void finish(Prediction&) override {}  // points do not depend on each other

 private:
  Index decide(const double* output) const { return units_ == 1 ? (output[0] > 0.5 ? 1 : 0) : argmax(output, units_); }

  Index units_;
};

}  // namespace rnnlib
