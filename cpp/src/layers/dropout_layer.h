// SPDX-License-Identifier: Apache-2.0
// Dropout of what a level reads from the level below (Srivastava et al. 2014). It is no layer of the graph: it does
// nothing but in training with dropout.
#pragma once

#include "layers/layer_of.h"

namespace rnnlib {

class DropoutLayer;

template <class Real>
class DropoutState final : public LayerState<Real> {
 public:
  explicit DropoutState(const DropoutLayer& layer);
  bool passes_through(const Pass<Real>& pass) const override { return pass.dropout.rate <= 0; }
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;

 private:
  void drop(const Dropout& dropout, const Real* from, Real* to) const;

  std::size_t level_;
};

template <class Real>
class DropoutStream final : public LayerStream<Real> {
 public:
  explicit DropoutStream(const DropoutLayer&) {}
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<DropoutStream>(*this); }
  void reset() override {}
  const Real* step(const Pass<Real>&, const LayerWeights<Real>*, const Real* input) override { return input; }
};

class DropoutLayer final : public LayerOf<DropoutLayer, DropoutState, DropoutStream> {
 public:
  static bool is_wanted(const LayerContext& context) { return context.level > 0; }
  explicit DropoutLayer(const LayerContext& context) : LayerOf(context.below), level(context.level) {}

  const std::size_t level;
};

}  // namespace rnnlib
