// SPDX-License-Identifier: Apache-2.0
// A run of best path decoding (rnnlib/decoder.h).
#pragma once

#include <algorithm>

#include "decode/temperature.h"
#include "rnnlib/decoder.h"
#include "tensor/reduce.h"

namespace rnnlib {

// The blank is the last unit.
class BestPathRun final : public DecoderRun {
 public:
  BestPathRun(Index units, double temperature)
      : units_(units), blank_(units - 1), temperature_(temperature), previous_(blank_) {}

  void begin() override {
    previous_ = blank_;
    point_ = 0;
  }

  void step(const double* outputs, Index points, Prediction& prediction) override {
    for (Index t = 0; t < points; ++t, ++point_) {
      const double* point = outputs + t * units_;
      const Index unit = argmax(point, units_);
      if (unit != blank_ && unit != previous_) {
        prediction.labels.push_back(unit);
        prediction.positions.push_back({point_, point_});
        prediction.confidences.push_back(tempered(point, units_, unit, temperature_));
      } else if (unit != blank_ && !prediction.positions.empty()) {  // else the caller has taken it out
        prediction.positions.back().last = point_;
        double& confidence = prediction.confidences.back();
        confidence = std::max(confidence, tempered(point, units_, unit, temperature_));
      }
      previous_ = unit;
    }
  }

  void finish(Prediction&) override {}  // a label is known as soon as it begins

 private:
  Index units_;
  Index blank_;
  double temperature_;
  Index previous_;   // the most active unit of the point before
  Index point_ = 0;  // of the sequence
};

}  // namespace rnnlib
