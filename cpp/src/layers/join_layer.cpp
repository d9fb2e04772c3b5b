// SPDX-License-Identifier: Apache-2.0
#include "layers/join_layer.h"

#include "layers/collapse.h"
#include "layers/largest.h"
#include "layers/trace_rows.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// It stands on top of the level below the one that reads it, or on the input.
LayerInfo join_info(const LayerContext& context) {
  const std::string type = "join " + to_string(context.spec.join_rows);
  if (context.level > 0) {
    const LayerContext below{context.spec, context.level - 1, context.below, context.weights};
    return below.level_info("join", "join_" + below.level_number(), type, 0);
  }
  LayerInfo info = make_layer_info("join", "input_join", type, 0);
  info.sources = part_names(context.below);
  return info;
}

}  // namespace

JoinLayer::JoinLayer(const LayerContext& context)
    : LayerOf(context.below), how(context.spec.join_rows), height_(context.spec.join_height) {
  const OutputPart& part = context.below.parts.front();  // the input, or a gather or subsample layer: the only one
  const Index points = how == JoinRows::kConcat ? height_ : 1;
  IndexMap columns;
  for (Index point = 0; point < points; ++point) {
    for (Index column : part.columns) columns.push_back(point * context.below.size + column);
  }
  LayerInfo info = join_info(context);
  info.size = static_cast<Index>(columns.size());
  output_ = {points * context.below.size,
             static_cast<int>(context.spec.level_dims(context.level)),
             {{info.name, std::move(columns)}}};
  infos_ = {std::move(info)};
}

void JoinLayer::check_input(const Shape& shape) const {
  if (how != JoinRows::kConcat) return;
  const Index height = num_points(shape) / num_points(first_dims(shape));
  if (height == height_) return;
  throw DataError("the layer " + infos_.front().name + " puts the rows of each column side by side: joinHeight says " +
                  std::to_string(height_) + ", and the points below it are " + to_string(shape) + ", with " +
                  std::to_string(height) + " in a column");
}

template <class Real>
JoinState<Real>::JoinState(const JoinLayer& layer) : LayerState<Real>(layer), join_(layer) {}

template <class Real>
void JoinState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  if (join_.how != JoinRows::kMax || pass.keep == Keep::kNothing) return;
  size(winners_, this->output_batch_.points * join_.output().size);
}

// The points of a column lie together: side by side they are the same rows, only longer ones.
template <class Real>
bool JoinState<Real>::passes_through(const Pass<Real>&) const {
  return join_.how == JoinRows::kConcat;
}

// Calls use(input row, column, number of the point in its column) for each point, a column's in their order.
template <class Real>
template <class Use>
void JoinState<Real>::for_each_point(const Use& use) const {
  Index from = 0;
  for (std::size_t s = 0; s < this->output_batch_.shapes.size(); ++s) {
    const Index first = this->output_batch_.offsets[s];
    const Index height = points_per_collapsed(this->input_batch_, this->output_batch_, s);
    for (Index column = 0; column < num_points(this->output_batch_.shapes[s]); ++column) {
      for (Index i = 0; i < height; ++i) use(from++, first + column, i);
    }
  }
}

template <class Real>
void JoinState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>*, const Real* input, Real* output) {
  const Index units = join_.output().size;
  if (join_.how == JoinRows::kSum) {
    return collapse_forward(this->input_batch_, this->output_batch_, input, units, output);
  }
  std::int32_t* winners = pass.keep == Keep::kNothing ? nullptr : winners_.data();
  for_each_point([=](Index from, Index column, Index at) {
    keep_largest(input + from * units, units, at, output + column * units,
                 winners == nullptr ? nullptr : winners + column * units);
  });
}

template <class Real>
void JoinState<Real>::backward(const Pass<Real>&, const LayerWeights<Real>*, const LayerRows<Real>& rows, Real*) {
  if (rows.d_input == nullptr) return;
  const Index units = join_.output().size;
  if (join_.how == JoinRows::kSum) {
    return collapse_backward(this->input_batch_, this->output_batch_, rows.d_output, units, rows.d_input);
  }
  for_each_point([&](Index from, Index column, Index at) {
    to_winner(rows.d_output + column * units, winners_.data() + column * units, units, at, rows.d_input + from * units);
  });
}

template <class Real>
void JoinState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  trace_parts(join_.output(), this->output_batch_.shapes[0], rows.output, rows.d_output, variables);
}

template class JoinState<float>;
template class JoinState<double>;

}  // namespace rnnlib
