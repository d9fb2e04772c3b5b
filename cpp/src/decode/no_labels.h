// SPDX-License-Identifier: Apache-2.0
// For regression, whose outputs are numbers and stand for no labels.
#pragma once

#include "decode/decoder.h"

namespace rnnlib {

template <class Real>
class NoLabels final : public Decoder<Real> {
 public:
  void begin() override {}
  void step(const Real*, Index, Prediction&) override {}
  void finish(Prediction&) override {}
};

}  // namespace rnnlib
