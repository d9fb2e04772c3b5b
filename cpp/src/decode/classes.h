// SPDX-License-Identifier: Apache-2.0
// The class of every point: the most active unit, or for two classes whether the one unit exceeds 0.5.
#pragma once

#include "decode/decoder.h"
#include "tensor/reduce.h"

namespace rnnlib {

template <class Real>
class Classes final : public Decoder<Real> {
 public:
  explicit Classes(Index units) : units_(units) {}

  void begin() override {}

  void step(const Real* outputs, Index points, Prediction& prediction) override {
    for (Index t = 0; t < points; ++t) prediction.labels.push_back(decide(outputs + t * units_));
  }

  void finish(Prediction&) override {}  // points do not depend on each other

 private:
  Index decide(const Real* output) const {
    return units_ == 1 ? (output[0] > Real(0.5) ? 1 : 0) : argmax(output, units_);
  }

  Index units_;
};

}  // namespace rnnlib
