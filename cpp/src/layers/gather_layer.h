// SPDX-License-Identifier: Apache-2.0
// The gather layer of a level: a name for all parts below it together. The rows stay where they are.
#pragma once

#include "layers/layer_of.h"

namespace rnnlib {

class GatherLayer;

template <class Real>
class GatherState final : public LayerState<Real> {
 public:
  explicit GatherState(const GatherLayer& layer);
  bool passes_through(const Pass<Real>&) const override { return true; }
  void forward(const Pass<Real>&, const LayerWeights<Real>*, const Real*, Real*) override {}
  void backward(const Pass<Real>&, const LayerWeights<Real>*, const LayerRows<Real>&, Real*) override {}
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;
};

template <class Real>
class GatherStream final : public LayerStream<Real> {
 public:
  explicit GatherStream(const GatherLayer&) {}
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<GatherStream>(*this); }
  void reset() override {}
  const Real* step(const Pass<Real>&, const LayerWeights<Real>*, const Real* input) override { return input; }
};

class GatherLayer final : public LayerOf<GatherLayer, GatherState, GatherStream> {
 public:
  static bool is_wanted(const LayerContext& context);
  explicit GatherLayer(const LayerContext& context);
};

}  // namespace rnnlib
