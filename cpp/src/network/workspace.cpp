// SPDX-License-Identifier: Apache-2.0
#include "network/workspace.h"

#include <algorithm>

#include "layers/block.h"
#include "layers/pointwise.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// The most points with an equal sum of coordinates.
Index max_wave_width(Shape shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), Index{1}), shape.end());
  if (shape.size() < 2) return 1;
  if (shape.size() == 2) return std::min(shape[0], shape[1]);
  std::vector<Index> widths{1};
  for (Index n : shape) {
    std::vector<Index> next(widths.size() + static_cast<std::size_t>(n) - 1, 0);
    Index window = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (i < widths.size()) window += widths[i];
      if (i >= static_cast<std::size_t>(n)) window -= widths[i - static_cast<std::size_t>(n)];
      next[i] = window;
    }
    widths = std::move(next);
  }
  return *std::max_element(widths.begin(), widths.end());
}

}  // namespace

std::string sequence_name(const Sequence& sequence, Index number) {
  const std::string count = "number " + std::to_string(number);
  return sequence.tag.empty() ? count : "'" + sequence.tag + "' (" + count + ")";
}

template <class Real>
void PackedWeights<Real>::arrange(const NetworkLayout& layout) {
  levels.resize(layout.stages.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i].assign(layout.stages[i].level, values.data());
  }
}

template <class Real>
void Workspace<Real>::read_inputs(const Sequence* sequences, Index count, Index first_number) {
  input_batch_ = BatchShape();
  for (Index s = 0; s < count; ++s) {
    const Sequence& sequence = sequences[s];
    try {
      layout_.check_shape(sequence.shape);
      if (sequence.inputs == nullptr) throw DataError("it has no inputs");
    } catch (const DataError& error) {
      throw DataError("sequence " + sequence_name(sequence, first_number + s) + ": " + error.what());
    }
    input_batch_.add(sequence.shape);
  }
  const Index size = layout_.spec.data.input_size;
  Real* to = input_.resize(input_batch_.points * size);
  for (Index s = 0; s < count; ++s) {
    const Index n = num_points(sequences[s].shape) * size;
    std::copy_n(sequences[s].inputs, n, to);
    to += n;
  }
}

template <class Real>
const Real* Workspace<Real>::level_input(std::size_t i) const {
  if (i == 0) return layout_.spec.input_block.empty() ? input_.data() : blocked_input_.data();
  const StageBuffers& below = stages_[i - 1];
  const Stage& stage = layout_.stages[i - 1];
  if (stage.subsample_size > 0) return below.subsample.data();
  return stage.block.empty() ? below.level.output() : below.top.data();
}

template <class Real>
void Workspace<Real>::forward(const PackedWeights<Real>& weights, const Sequence* sequences, Index count, Index first_number,
                              Keep keep, int threads) {
  keep_ = keep;
  read_inputs(sequences, count, first_number);
  BatchShape batch = input_batch_;
  if (!layout_.spec.input_block.empty()) {
    batch = blocked_shape(input_batch_, layout_.spec.input_block);
    const Index size = layout_.spec.data.input_size;
    block_forward(input_batch_, batch, layout_.spec.input_block, input_.data(), size,
                  blocked_input_.resize(batch.points * layout_.stages[0].level.input_size));
  }
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    StageBuffers& buffers = stages_[i];
    const LevelShape& level = layout_.stages[i].level;
    buffers.batch = batch;
    buffers.schedule =
        level.pointwise() ? schedules_.get_unordered(batch.points) : schedules_.get(batch, layout_.num_dims);
    buffers.level.forward(level, weights.levels[i], *buffers.schedule, level_input(i), keep, threads);
    buffers.top_batch = blocked_shape(batch, layout_.stages[i].block);
    forward_top(i, weights, keep, threads);
    batch = buffers.top_batch;
  }
  forward_output(weights, threads);
}

template <class Real>
void Workspace<Real>::forward_top(std::size_t i, const PackedWeights<Real>& weights, Keep keep, int threads) {
  const Stage& stage = layout_.stages[i];
  StageBuffers& buffers = stages_[i];
  const Index points = buffers.top_batch.points;
  const Real* top = buffers.level.output();
  if (!stage.block.empty()) {
    block_forward(buffers.batch, buffers.top_batch, stage.block, buffers.level.output(), stage.level.output_size(),
                  buffers.top.resize(points * stage.top_size));
    top = buffers.top.data();
  }
  if (stage.subsample_size == 0) return;
  const Index size = stage.subsample_size;
  Real* net = buffers.subsample.resize(points * size);
  if (stage.subsample_bias >= 0) {
    fill_rows<Real>(weights.at(stage.subsample_bias), {net, points, size});
  } else {
    std::fill_n(net, points * size, Real(0));
  }
  add_product_nt_parallel<Real>({top, points, stage.top_size},
                                {weights.at(stage.subsample_weights), size, stage.top_size}, {net, points, size},
                                threads);
  if (keep == Keep::kForTrace) std::copy_n(net, points * size, buffers.subsample_net.resize(points * size));
  pointwise_forward(layout_.spec.subsample_type, net, points * size, net);
}

template <class Real>
void Workspace<Real>::forward_output(const PackedWeights<Real>& weights, int threads) {
  const StageBuffers& last = stages_.back();
  const Index size = layout_.output_size;
  const Index hidden = layout_.stages.back().level.output_size();
  output_batch_ = collapsed_shape(last.batch, layout_.collapse);
  const Index points = output_batch_.points;
  const Real* source = last.level.output();
  if (layout_.collapse != Collapse::kNone) {
    collapse_forward(last.batch, output_batch_, source, hidden, hidden_sums_.resize(points * hidden));
    source = hidden_sums_.data();
  }
  fill_rows<Real>(weights.at(layout_.output_bias), {output_net_.resize(points * size), points, size});
  add_product_nt_parallel<Real>({source, points, hidden}, {weights.at(layout_.output_weights), size, hidden},
                                {output_net_.data(), points, size}, threads);
  output_.resize(points * size);
  if (keep_ != Keep::kNothing) d_output_net_.resize(points * size);
  if (keep_ == Keep::kForTrace) d_output_.resize(points * size);
}

template <class Real>
OutputView<Real> Workspace<Real>::output(Index s, bool deltas, bool output_errors) {
  const std::size_t i = static_cast<std::size_t>(s);
  const Index offset = output_batch_.offsets[i] * layout_.output_size;
  OutputView<Real> view;
  view.net = output_net_.data() + offset;
  view.output = output_.data() + offset;
  if (deltas) view.d_net = d_output_net_.data() + offset;
  if (output_errors) view.d_output = d_output_.data() + offset;
  view.shape = output_batch_.shapes[i];
  view.points = num_points(view.shape);
  view.size = layout_.output_size;
  return view;
}

template <class Real>
void Workspace<Real>::backward(const PackedWeights<Real>& weights, Real limit, bool input_errors, int threads) {
  backward_output(weights, threads);
  for (std::size_t i = stages_.size(); i-- > 0;) {
    StageBuffers& buffers = stages_[i];
    const LevelShape& level = layout_.stages[i].level;
    Real* d_input = i > 0 || input_errors ? buffers.d_input.resize(buffers.batch.points * level.input_size) : nullptr;
    buffers.level.backward(level, weights.levels[i], *buffers.schedule, level_input(i), limit, d_weights_.data(),
                           d_input, threads);
    if (i > 0) backward_top(i - 1, weights, threads);
  }
}

template <class Real>
void Workspace<Real>::backward_output(const PackedWeights<Real>& weights, int threads) {
  StageBuffers& last = stages_.back();
  const Index size = layout_.output_size;
  const Index hidden = layout_.stages.back().level.output_size();
  const Index points = output_batch_.points;
  const bool collapsed = layout_.collapse != Collapse::kNone;
  const ConstMatrix<Real> deltas(d_output_net_.data(), points, size);
  const Real* source = collapsed ? hidden_sums_.data() : last.level.output();
  Real* d_source = collapsed ? d_hidden_sums_.resize(points * hidden) : last.level.d_output();
  add_column_sums<Real>(deltas, d_weights_.data() + layout_.output_bias);
  add_product_tn_parallel<Real>(deltas, {source, points, hidden},
                                {d_weights_.data() + layout_.output_weights, size, hidden}, threads);
  std::fill_n(d_source, points * hidden, Real(0));
  add_product_parallel<Real>(deltas, {weights.at(layout_.output_weights), size, hidden}, {d_source, points, hidden},
                             threads);
  if (collapsed) collapse_backward(last.batch, output_batch_, d_source, hidden, last.level.d_output());
}

// From the error of the next level's input down to the error of this level's outputs.
template <class Real>
void Workspace<Real>::backward_top(std::size_t i, const PackedWeights<Real>& weights, int threads) {
  const Stage& stage = layout_.stages[i];
  StageBuffers& buffers = stages_[i];
  const Index points = buffers.top_batch.points;
  Real* d_top = stages_[i + 1].d_input.data();
  if (stage.subsample_size > 0) {
    const Index size = stage.subsample_size;
    Real* deltas = d_top;
    if (keep_ == Keep::kForTrace) deltas = buffers.d_subsample_net.resize(points * size);
    pointwise_backward(layout_.spec.subsample_type, buffers.subsample.data(), d_top, points * size, deltas);
    const Real* top = stage.block.empty() ? buffers.level.output() : buffers.top.data();
    const ConstMatrix<Real> all_deltas(deltas, points, size);
    if (stage.subsample_bias >= 0) add_column_sums<Real>(all_deltas, d_weights_.data() + stage.subsample_bias);
    add_product_tn_parallel<Real>(all_deltas, {top, points, stage.top_size},
                                  {d_weights_.data() + stage.subsample_weights, size, stage.top_size}, threads);
    d_top = stage.block.empty() ? buffers.level.d_output() : buffers.d_top.resize(points * stage.top_size);
    std::fill_n(d_top, points * stage.top_size, Real(0));
    add_product_parallel<Real>(all_deltas, {weights.at(stage.subsample_weights), size, stage.top_size},
                               {d_top, points, stage.top_size}, threads);
  }
  if (!stage.block.empty()) {
    block_backward(buffers.batch, buffers.top_batch, stage.block, d_top, stage.level.output_size(),
                   buffers.level.d_output());
  } else if (stage.subsample_size == 0) {
    std::copy_n(d_top, points * stage.top_size, buffers.level.d_output());
  }
}

template <class Real>
Index Workspace<Real>::bytes(const NetworkLayout& layout, const Shape& input_shape, bool training) {
  Index elements = num_points(input_shape) * layout.spec.data.input_size;
  Index schedule_bytes = 0;
  Shape shape = blocked_shape(input_shape, layout.spec.input_block);
  if (!layout.spec.input_block.empty()) elements += num_points(shape) * layout.stages[0].level.input_size;
  for (std::size_t i = 0; i < layout.stages.size(); ++i) {
    const Stage& stage = layout.stages[i];
    const Index points = num_points(shape);
    elements += Level<Real>::elements(stage.level, points, max_wave_width(shape), training);
    if (training && i > 0) elements += points * stage.level.input_size;
    schedule_bytes += WaveSchedule::bytes(points, layout.num_dims, static_cast<Index>(layout.directions.size()));
    if (i + 1 == layout.stages.size()) {
      const Shape output = collapsed_shape(shape, layout.collapse);
      elements += num_points(output) * layout.output_size * (training ? 3 : 2);
      if (layout.collapse != Collapse::kNone)
        elements += num_points(output) * stage.level.output_size() * (training ? 2 : 1);
    }
    shape = blocked_shape(shape, stage.block);
    if (!stage.block.empty()) elements += num_points(shape) * stage.top_size * (training ? 2 : 1);
    elements += num_points(shape) * stage.subsample_size;
  }
  if (training) elements += static_cast<Index>(layout.packed_source.size());
  return elements * static_cast<Index>(sizeof(Real)) + schedule_bytes;
}

template struct PackedWeights<float>;
template struct PackedWeights<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace rnnlib
