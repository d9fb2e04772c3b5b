// SPDX-License-Identifier: Apache-2.0
// For regression, whose outputs are numbers and stand for no labels.
#pragma once

#include "rnnlib/decoder.h"

namespace rnnlib {

class NoLabelsRun final : public DecoderRun {
 public:
  void begin() override {}
  void step(const double*, Index, Prediction&) override {}
  void finish(Prediction&) override {}
};

}  // namespace rnnlib
