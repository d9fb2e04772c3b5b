// SPDX-License-Identifier: Apache-2.0
// Max pooling on top of a level: of each unit the largest number of a block's points (docs/behaviour.md, "Layers").
#pragma once

#include "layers/layer_of.h"

namespace rnnlib {

class MaxPoolingLayer;

template <class Real>
class MaxPoolingState final : public LayerState<Real> {
 public:
  explicit MaxPoolingState(const MaxPoolingLayer& layer);
  void size_buffers(const Pass<Real>& pass, BufferSizer& size) override;
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  template <class Use>
  void for_each_point(const Use& use) const;

  const Shape& block_;
  Index units_;
  Buffer<std::int32_t> winners_;  // [points, units] which point of the block has the maximum; unless for prediction
};

template <class Real>
class MaxPoolingStream final : public LayerStream<Real> {
 public:
  explicit MaxPoolingStream(const MaxPoolingLayer& layer);
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<MaxPoolingStream>(*this); }
  void reset() override { points_ = 0; }
  const Real* step(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input) override;
  const Real* finish(const Pass<Real>& pass, const LayerWeights<Real>* weights) override;

 private:
  Index block_;           // points along the one dimension
  Index points_ = 0;      // so far, of the block begun
  Buffer<Real> largest_;  // [units] of them
};

class MaxPoolingLayer final : public LayerOf<MaxPoolingLayer, MaxPoolingState, MaxPoolingStream> {
 public:
  // A block of one point changes nothing.
  static bool is_wanted(const LayerContext& context) { return num_points(context.level_spec().pool) > 1; }
  explicit MaxPoolingLayer(const LayerContext& context);

  Shape output_shape(const Shape& input) const override { return blocked_shape(input, block); }
  Shape output_step(const Shape& below) const override { return blocked_step(below, block); }

  const Shape block;
};

}  // namespace rnnlib
