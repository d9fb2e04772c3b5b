// SPDX-License-Identifier: Apache-2.0
#include "layers/max_pooling_layer.h"

#include "base/parallel/loops.h"
#include "layers/block.h"
#include "layers/largest.h"
#include "layers/trace_rows.h"

namespace rnnlib {

namespace {

// Points that one task pools.
constexpr Index kPointBlock = 512;

}  // namespace

MaxPoolingLayer::MaxPoolingLayer(const LayerContext& context)
    : LayerOf(context.below), block(context.level_spec().pool) {
  for (OutputPart& part : output_.parts) {
    const std::string source = part.layer;
    part.layer += "_pool";
    const Index size = static_cast<Index>(part.columns.size());
    LayerInfo info = context.level_info("max_pooling", part.layer, "max pooling", size);
    info.direction = part.direction;
    info.block = block;
    info.sources = {source};
    infos_.push_back(std::move(info));
  }
}

template <class Real>
MaxPoolingState<Real>::MaxPoolingState(const MaxPoolingLayer& layer)
    : LayerState<Real>(layer), block_(layer.block), units_(layer.output().size) {}

template <class Real>
void MaxPoolingState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  if (pass.keep != Keep::kNothing) size(winners_, this->output_batch_.points * units_);
}

// Calls use(input row, output row, number of the point in its block) for each point that is read. For each output row
// the points of its block come in their order, the last dimension fastest; the first one is always there.
template <class Real>
template <class Use>
void MaxPoolingState<Real>::for_each_point(const Use& use) const {
  const auto use_line = [&](Index from, Index to, Index first, Index points, Index) {
    for (Index i = 0; i < points; ++i) use(from + i, to, first + i);
  };
  parallel_blocks(this->output_batch_.points, kPointBlock, [&](Index first, Index n, int) {
    for_each_block_line(this->input_batch_, this->output_batch_, block_, first, first + n, use_line);
  });
}

template <class Real>
void MaxPoolingState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>*, const Real* input,
                                    Real* output) {
  std::int32_t* winners = pass.keep == Keep::kNothing ? nullptr : winners_.data();
  for_each_point([&](Index from, Index to, Index at) {
    keep_largest(input + from * units_, units_, at, output + to * units_,
                 winners == nullptr ? nullptr : winners + to * units_);
  });
}

template <class Real>
void MaxPoolingState<Real>::backward(const Pass<Real>&, const LayerWeights<Real>*, const LayerRows<Real>& rows, Real*) {
  if (rows.d_input == nullptr) return;
  for_each_point([&](Index from, Index to, Index at) {
    to_winner(rows.d_output + to * units_, winners_.data() + to * units_, units_, at, rows.d_input + from * units_);
  });
}

template <class Real>
void MaxPoolingState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  trace_parts(this->layer_.output(), this->output_batch_.shapes[0], rows.output, rows.d_output, variables);
}

template <class Real>
MaxPoolingStream<Real>::MaxPoolingStream(const MaxPoolingLayer& layer) : block_(layer.block.front()) {
  largest_.resize(layer.output().size);
}

template <class Real>
const Real* MaxPoolingStream<Real>::step(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input) {
  if (points_ == 0) {
    std::copy_n(input, largest_.size(), largest_.data());
  } else {
    keep_largest(input, largest_.size(), largest_.data());
  }
  return ++points_ == block_ ? finish(pass, weights) : nullptr;
}

template <class Real>
const Real* MaxPoolingStream<Real>::finish(const Pass<Real>&, const LayerWeights<Real>*) {
  const bool has_begun = points_ > 0;
  points_ = 0;
  return has_begun ? largest_.data() : nullptr;
}

template class MaxPoolingState<float>;
template class MaxPoolingState<double>;
template class MaxPoolingStream<float>;
template class MaxPoolingStream<double>;

}  // namespace rnnlib
