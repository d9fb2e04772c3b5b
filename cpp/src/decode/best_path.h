// SPDX-License-Identifier: Apache-2.0
// Best path decoding (Graves et al. 2006, section 3.2): the most active unit of every point, repeats merged, blanks
// dropped. A label's position is the first and the last of the points where its unit is the most active one.
#pragma once

#include "decode/decoder.h"
#include "tensor/reduce.h"

namespace rnnlib {

// The blank is the last unit.
template <class Real>
class BestPath final : public Decoder<Real> {
 public:
  explicit BestPath(Index units) : units_(units), blank_(units - 1), previous_(blank_) {}

  void begin() override {
    previous_ = blank_;
    point_ = 0;
  }

  void step(const Real* outputs, Index points, Prediction& prediction) override {
    for (Index t = 0; t < points; ++t, ++point_) {
      const Index unit = argmax(outputs + t * units_, units_);
      if (unit != blank_ && unit != previous_) {
        prediction.labels.push_back(unit);
        prediction.positions.push_back({point_, point_});
      } else if (unit != blank_ && !prediction.positions.empty()) {  // else the caller has taken it out
        prediction.positions.back().last = point_;
      }
      previous_ = unit;
    }
  }

  void finish(Prediction&) override {}  // a label is known as soon as it begins

 private:
  Index units_;
  Index blank_;
  Index previous_;   // the most active unit of the point before
  Index point_ = 0;  // of the sequence
};

}  // namespace rnnlib
