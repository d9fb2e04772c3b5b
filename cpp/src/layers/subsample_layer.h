// SPDX-License-Identifier: Apache-2.0
// The subsample layer of a level: fewer units than the level, or the blocks of points on top of it, have
// (docs/behaviour.md, "Layers"). It owns its view of the blocks: prediction makes them in strips, since all of them
// would be as large as the level's outputs.
#pragma once

#include "layers/block_view.h"
#include "layers/layer_of.h"
#include "layers/point_queue.h"

namespace rnnlib {

class SubsampleLayer;

template <class Real>
class SubsampleState final : public LayerState<Real> {
 public:
  explicit SubsampleState(const SubsampleLayer& layer);
  void size_buffers(const Pass<Real>& pass, BufferSizer& size) override;
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  const Real* strip(const Pass<Real>& pass, const Real* input, Index first, Index n, Buffer<Real>& rows) const;

  const SubsampleLayer& subsample_;
  Buffer<Real> blocks_;  // [points, blocked size], unless for prediction
  Buffer<Real> d_blocks_;
  std::vector<Buffer<Real>> strips_;  // per thread: some rows of the blocks
  Buffer<Real> net_;                  // [points, size], traces only
  Buffer<Real> d_net_;                // traces only
};

template <class Real>
class SubsampleStream final : public LayerStream<Real> {
 public:
  explicit SubsampleStream(const SubsampleLayer& layer);
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<SubsampleStream>(*this); }
  void reset() override { queue_.reset(); }
  const Real* step(const Pass<Real>& pass, const LayerWeights<Real>*, const Real* input) override {
    return transform(pass, queue_.push(input));
  }
  const Real* finish(const Pass<Real>& pass, const LayerWeights<Real>*) override {
    return transform(pass, queue_.finish());
  }

 private:
  const Real* transform(const Pass<Real>& pass, const Real* block);

  const SubsampleLayer& subsample_;
  PointQueue<Real> queue_;
  Buffer<Real> output_;  // [size]
};

class SubsampleLayer final : public LayerOf<SubsampleLayer, SubsampleState, SubsampleStream> {
 public:
  static bool is_wanted(const LayerContext& context) { return context.level_spec().subsample_size > 0; }
  explicit SubsampleLayer(const LayerContext& context);

  Shape output_shape(const Shape& input) const override { return blocked_shape(input, blocks.block); }
  Shape output_step(const Shape& below) const override { return blocked_step(below, blocks.block); }

  // Net inputs of points whose blocks are the rows given, [n, blocked size] -> net [n, size].
  template <class Real>
  void net_inputs(const Pass<Real>& pass, const Real* rows, Index n, Real* net) const;

  const BlockView blocks;  // empty: it reads the points themselves
  const HiddenType type;
  Index size;
  Index weights;    // packed offset of [size, blocked size]
  Index bias = -1;  // packed offset of [size]; -1 = none
};

}  // namespace rnnlib
