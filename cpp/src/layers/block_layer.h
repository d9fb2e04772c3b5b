// SPDX-License-Identifier: Apache-2.0
// The block layers on top of a level: the points of a block become one point with all their units (docs/behaviour.md,
// "Layers"). Under a subsample layer there is none of these: that layer makes the blocks it needs.
#pragma once

#include "layers/block_view.h"
#include "layers/layer_of.h"
#include "layers/point_queue.h"

namespace rnnlib {

class BlockLayer;

template <class Real>
class BlockState final : public LayerState<Real> {
 public:
  explicit BlockState(const BlockLayer& layer);
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  const BlockView& view_;
};

template <class Real>
class BlockStream final : public LayerStream<Real> {
 public:
  explicit BlockStream(const BlockLayer& layer);
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<BlockStream>(*this); }
  void reset() override { queue_.reset(); }
  const Real* step(const Pass<Real>&, const LayerWeights<Real>*, const Real* input) override {
    return queue_.push(input);
  }
  const Real* finish(const Pass<Real>&, const LayerWeights<Real>*) override { return queue_.finish(); }

 private:
  PointQueue<Real> queue_;
};

class BlockLayer final : public LayerOf<BlockLayer, BlockState, BlockStream> {
 public:
  static bool is_wanted(const LayerContext& context);
  explicit BlockLayer(const LayerContext& context);

  Shape output_shape(const Shape& input) const override { return blocked_shape(input, view.block); }
  Shape output_step(const Shape& below) const override { return blocked_step(below, view.block); }

  const BlockView view;
};

}  // namespace rnnlib
