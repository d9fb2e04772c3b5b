// SPDX-License-Identifier: Apache-2.0
// The class of every point: the most active unit, or for two classes whether the one unit exceeds 0.5. Its confidence
// is its probability.
#pragma once

#include "decode/temperature.h"
#include "rnnlib/decoder.h"
#include "tensor/reduce.h"

namespace rnnlib {

class ClassesRun final : public DecoderRun {
 public:
  ClassesRun(Index units, double temperature) : units_(units), temperature_(temperature) {}

  void begin() override {}

  void step(const double* outputs, Index points, Prediction& prediction) override {
    for (Index t = 0; t < points; ++t) read(outputs + t * units_, prediction);
  }

  void finish(Prediction&) override {}  // points do not depend on each other

 private:
  void read(const double* point, Prediction& prediction) const {
    if (units_ > 1) return add(point, units_, argmax(point, units_), prediction);
    const double classes[] = {1 - point[0], point[0]};
    add(classes, 2, point[0] > 0.5 ? 1 : 0, prediction);
  }

  void add(const double* classes, Index count, Index chosen, Prediction& prediction) const {
    prediction.labels.push_back(chosen);
    prediction.confidences.push_back(tempered(classes, count, chosen, temperature_));
  }

  Index units_;
  double temperature_;
};

}  // namespace rnnlib
