// SPDX-License-Identifier: Apache-2.0
#include "network/workspace.h"

#include <algorithm>
#include <cmath>

#include "base/mix.h"
#include "base/parallel.h"
#include "layers/block.h"
#include "layers/pointwise.h"
#include "network/check_sequence.h"
#include "optim/all_finite.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// NaN would only come out again as outputs that mean nothing.
void check_finite(const Sequence* sequences, Index count, Index first_number) {
  for (Index s = 0; s < count; ++s) {
    const Index size = sequences[s].input_size();
    const Index n = num_points(sequences[s].shape()) * size;
    const float* inputs = sequences[s].inputs();
    if (all_finite(inputs, n)) continue;
    const float* bad = std::find_if(inputs, inputs + n, [](float x) { return !std::isfinite(x); });
    const Index at = bad - inputs;
    throw NumericError("sequence " + sequence_name(sequences[s], first_number + s) + ": input " +
                       std::to_string(at % size) + " of point " + std::to_string(at / size) + " is " +
                       std::to_string(*bad) + ": expected finite numbers");
  }
}

}  // namespace

template <class Real>
void PackedWeights<Real>::arrange(const NetworkLayout& layout, int threads) {
  levels.resize(layout.stages.size());
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i].prepare(layout.stages[i].level);
  const Index directions = static_cast<Index>(layout.directions.size());
  parallel_for(static_cast<Index>(levels.size()) * directions, threads, [&](Index task, int) {
    const std::size_t i = static_cast<std::size_t>(task / directions);
    levels[i].assign(layout.stages[i].level, static_cast<std::size_t>(task % directions), values.data());
  });
}

template <class Real>
EngineWorkspace<Real>::EngineWorkspace(const NetworkLayout& layout)
    : layout_(layout),
      stages_(layout.stages.size()),
      schedules_(layout.directions),
      decoder_(make_decoder<Real>(task_info(layout.spec.task).decoder, layout.output_size)) {
  std::size_t place = 0;
  for (const Stage& stage : layout.stages) {
    level_places_.push_back(place);
    if (stage.block.empty() && stage.subsample_size == 0) place = 1 - place;  // the next level reads this one's outputs
  }
}

template <class Real>
bool EngineWorkspace<Real>::is_planned(const Sequence* sequences, Index count) const {
  if (count != input_batch_.size()) return false;
  for (std::size_t s = 0; s < input_batch_.shapes.size(); ++s) {
    if (sequences[s].shape() != input_batch_.shapes[s]) return false;
  }
  return true;
}

// Points of all layers and the order in which sweeps visit them. A batch like the last one runs without this, and so
// without asking for any memory.
template <class Real>
void EngineWorkspace<Real>::plan(const Sequence* sequences, Index count) {
  BatchShape inputs;
  for (Index s = 0; s < count; ++s) inputs.add(sequences[s].shape());
  input_batch_ = BatchShape();  // no plan, should this fail
  BatchShape batch = blocked_shape(inputs, layout_.spec.input_block);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const bool pointwise = layout_.stages[i].level.pointwise();
    stages_[i].batch = batch;
    stages_[i].schedule = pointwise ? schedules_.get_unordered(batch.points) : schedules_.get(batch, layout_.num_dims);
    batch = blocked_shape(batch, layout_.stages[i].block);
    stages_[i].top_batch = batch;
  }
  output_batch_ = collapsed_shape(stages_.back().batch, layout_.collapse);
  blocked_sequences_.clear();
  for (Index s = 0; s < count && !layout_.spec.input_block.empty(); ++s) {
    BlockedSequence one;
    one.inputs.add(sequences[s].shape());
    one.blocked = blocked_shape(one.inputs, layout_.spec.input_block);
    blocked_sequences_.push_back(std::move(one));
  }
  input_batch_ = std::move(inputs);
}

// A system may promise more memory than it has, piece by piece, and end the process that uses it. It refuses what is
// impossible when it is asked for at one go: std::bad_alloc.
template <class Real>
void EngineWorkspace<Real>::ask_for_memory(const Sequence* sequences, Index count) {
  constexpr Index kLargePoints = 1 << 18;
  Index points = 0;
  for (Index s = 0; s < count; ++s) points += num_points(sequences[s].shape());
  if (points < kLargePoints) return;
  BatchShape batch;
  for (Index s = 0; s < count; ++s) batch.add(sequences[s].shape());
  const Index needed = bytes(layout_, batch, keep_ != Keep::kNothing);
  if (needed <= granted_) return;
  Buffer<char>().resize(needed - granted_);
  granted_ = needed;
}

template <class Real>
void EngineWorkspace<Real>::read_inputs(const Sequence* sequences, Index count) {
  const Index size = layout_.spec.data.input_size;
  const Shape& block = layout_.spec.input_block;
  if (block.empty() || keep_ == Keep::kForTrace) {
    Real* to = input_.resize(input_batch_.points * size);
    for (Index s = 0; s < count; ++s)
      to = std::copy_n(sequences[s].inputs(), num_points(sequences[s].shape()) * size, to);
  }
  if (block.empty()) return;
  const Index blocked_size = layout_.stages[0].level.input_size;
  Real* to = blocked_input_.resize(stages_[0].batch.points * blocked_size);
  for (Index s = 0; s < count; ++s) {
    const BlockedSequence& one = blocked_sequences_[static_cast<std::size_t>(s)];
    block_forward(one.inputs, one.blocked, block, sequences[s].inputs(), size, to);
    to += one.blocked.points * blocked_size;
  }
}

template <class Real>
const Real* EngineWorkspace<Real>::level_input(std::size_t i) {
  if (i == 0) return layout_.spec.input_block.empty() ? input_.data() : blocked_input_.data();
  return dropout_.rate > 0 ? stages_[i].kept_input.data() : output_below(i);
}

// What levels from the second on read, before dropout.
template <class Real>
const Real* EngineWorkspace<Real>::output_below(std::size_t i) {
  const Stage& below = layout_.stages[i - 1];
  if (below.subsample_size > 0) return subsample(i - 1).data();
  return below.block.empty() ? level(i - 1).output() : top(i - 1).data();
}

template <class Real>
void EngineWorkspace<Real>::drop_input(std::size_t i) {
  if (i == 0 || dropout_.rate <= 0) return;
  const Index count = stages_[i].batch.points * layout_.stages[i].level.input_size;
  drop_rows(i, output_below(i), stages_[i].kept_input.resize(count));
}

// Numbers of level i's input, or their errors, with dropout. Which are dropped depends on the sequence's seed and on
// nothing else: not on the batch that it runs in.
template <class Real>
void EngineWorkspace<Real>::drop_rows(std::size_t i, const Real* from, Real* to) const {
  const std::uint64_t least = static_cast<std::uint64_t>(std::ldexp(dropout_.rate, 64));  // rate < 1
  const Real scale = static_cast<Real>(1 / (1 - dropout_.rate));
  const BatchShape& batch = stages_[i].batch;
  const Index size = layout_.stages[i].level.input_size;
  for (std::size_t s = 0; s < batch.shapes.size(); ++s) {
    const std::uint64_t seed = derive_seed(dropout_.seeds[s], i, 0);
    const Index first = batch.offsets[s] * size;
    const Index count = num_points(batch.shapes[s]) * size;
    for (Index k = 0; k < count; ++k) {
      const std::uint64_t bits = mix_bits(seed + kGoldenGamma * static_cast<std::uint64_t>(k));
      to[first + k] = bits < least ? Real(0) : from[first + k] * scale;
    }
  }
}

template <class Real>
void EngineWorkspace<Real>::forward(const PackedWeights<Real>& weights, const Sequence* sequences, Index count,
                                    Index first_number, Keep keep, int threads, const Dropout& dropout) {
  keep_ = keep;
  dropout_ = dropout;
  ask_for_memory(sequences, count);
  check_finite(sequences, count, first_number);
  if (!is_planned(sequences, count)) plan(sequences, count);
  read_inputs(sequences, count);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    drop_input(i);
    level(i).forward(layout_.stages[i].level, weights.levels[i], *stages_[i].schedule, level_input(i), keep, threads);
    forward_top(i, weights, threads);
  }
  forward_output(weights, threads);
}

template <class Real>
void EngineWorkspace<Real>::forward_top(std::size_t i, const PackedWeights<Real>& weights, int threads) {
  const Stage& stage = layout_.stages[i];
  const StageBuffers& buffers = stages_[i];
  if (!stage.block.empty() && (stage.subsample_size == 0 || keep_ != Keep::kNothing)) {
    block_forward(buffers.batch, buffers.top_batch, stage.block, level(i).output(), stage.level.output_size(),
                  top(i).resize(buffers.top_batch.points * stage.top_size));
  }
  if (stage.subsample_size > 0) forward_subsample(i, weights, threads);
}

template <class Real>
void EngineWorkspace<Real>::forward_subsample(std::size_t i, const PackedWeights<Real>& weights, int threads) {
  const Stage& stage = layout_.stages[i];
  const Index points = stages_[i].top_batch.points;
  const Index size = stage.subsample_size;
  Real* net = subsample(i).resize(points * size);
  if (stage.subsample_bias >= 0) {
    fill_rows<Real>(weights.at(stage.subsample_bias), {net, points, size});
  } else {
    std::fill_n(net, points * size, Real(0));
  }
  if (strips_.size() < static_cast<std::size_t>(threads)) strips_.resize(static_cast<std::size_t>(threads));
  parallel_blocks(points, kRowBlock, threads, [&](Index first, Index n, int thread) {
    const Real* rows = top_rows(i, first, n, strips_[static_cast<std::size_t>(thread)]);
    add_product_nt<Real>({rows, n, stage.top_size}, {weights.at(stage.subsample_weights), size, stage.top_size},
                         {net + first * size, n, size});
  });
  if (keep_ == Keep::kForTrace) std::copy_n(net, points * size, stages_[i].subsample_net.resize(points * size));
  pointwise_forward(layout_.spec.subsample_type, net, points * size, net);
}

// Points [first, first + n) of what a subsample layer reads, [n, top_size]. Prediction makes a block layer's points
// only here, in the strip: the whole layer would be as large as the level's outputs.
template <class Real>
const Real* EngineWorkspace<Real>::top_rows(std::size_t i, Index first, Index n, Buffer<Real>& strip) {
  const Stage& stage = layout_.stages[i];
  if (stage.block.empty()) return level(i).output() + first * stage.top_size;
  if (keep_ != Keep::kNothing) return top(i).data() + first * stage.top_size;
  Real* rows = strip.resize(n * stage.top_size);
  block_rows(stages_[i].batch, stages_[i].top_batch, stage.block, first, first + n, level(i).output(),
             stage.level.output_size(), rows);
  return rows;
}

template <class Real>
void EngineWorkspace<Real>::forward_output(const PackedWeights<Real>& weights, int threads) {
  const BatchShape& batch = stages_.back().batch;
  const Index size = layout_.output_size;
  const Index hidden = layout_.stages.back().level.output_size();
  const Index points = output_batch_.points;
  const Real* source = level(stages_.size() - 1).output();
  if (layout_.collapse != Collapse::kNone) {
    collapse_forward(batch, output_batch_, source, hidden, hidden_sums_.resize(points * hidden));
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
const OutputView<Real>& EngineWorkspace<Real>::output(Index s, bool deltas, bool output_errors) {
  const std::size_t i = static_cast<std::size_t>(s);
  const Index offset = output_batch_.offsets[i] * layout_.output_size;
  OutputView<Real>& view = view_;
  view.net = output_net_.data() + offset;
  view.output = output_.data() + offset;
  view.d_net = deltas ? d_output_net_.data() + offset : nullptr;
  view.d_output = output_errors ? d_output_.data() + offset : nullptr;
  view.shape = output_batch_.shapes[i];
  view.points = num_points(view.shape);
  view.size = layout_.output_size;
  return view;
}

template <class Real>
void EngineWorkspace<Real>::backward(const PackedWeights<Real>& weights, Real limit, bool input_errors, int threads,
                                     Real* d_weights) {
  backward_output(weights, threads, d_weights);
  for (std::size_t i = stages_.size(); i-- > 0;) {
    StageBuffers& buffers = stages_[i];
    const LevelShape& shape = layout_.stages[i].level;
    Real* errors = i > 0 || input_errors ? d_input(i).resize(buffers.batch.points * shape.input_size) : nullptr;
    buffers.level.backward(shape, weights.levels[i], *buffers.schedule, level_input(i), limit, d_weights, errors,
                           threads);
    if (i > 0 && dropout_.rate > 0) drop_rows(i, errors, errors);
    if (i > 0) backward_top(i - 1, weights, threads, d_weights);
  }
}

template <class Real>
void EngineWorkspace<Real>::backward_output(const PackedWeights<Real>& weights, int threads, Real* d_weights) {
  StageBuffers& last = stages_.back();
  const Index size = layout_.output_size;
  const Index hidden = layout_.stages.back().level.output_size();
  const Index points = output_batch_.points;
  const bool collapsed = layout_.collapse != Collapse::kNone;
  const ConstMatrix<Real> deltas(d_output_net_.data(), points, size);
  const Real* source = collapsed ? hidden_sums_.data() : last.level.output();
  Real* d_source = collapsed ? d_hidden_sums_.resize(points * hidden) : last.level.d_output();
  add_column_sums<Real>(deltas, d_weights + layout_.output_bias);
  add_product_tn_parallel<Real>(deltas, {source, points, hidden}, {d_weights + layout_.output_weights, size, hidden},
                                threads);
  std::fill_n(d_source, points * hidden, Real(0));
  add_product_parallel<Real>(deltas, {weights.at(layout_.output_weights), size, hidden}, {d_source, points, hidden},
                             threads);
  if (collapsed) collapse_backward(last.batch, output_batch_, d_source, hidden, last.level.d_output());
}

// From the error of the next level's input down to the error of this level's outputs.
template <class Real>
void EngineWorkspace<Real>::backward_top(std::size_t i, const PackedWeights<Real>& weights, int threads,
                                         Real* d_weights) {
  const Stage& stage = layout_.stages[i];
  StageBuffers& buffers = stages_[i];
  const Index points = buffers.top_batch.points;
  Real* errors = d_input(i + 1).data();
  if (stage.subsample_size > 0) {
    const Index size = stage.subsample_size;
    Real* deltas = errors;
    if (keep_ == Keep::kForTrace) deltas = buffers.d_subsample_net.resize(points * size);
    pointwise_backward(layout_.spec.subsample_type, buffers.subsample.data(), errors, points * size, deltas);
    const Real* rows = stage.block.empty() ? buffers.level.output() : buffers.top.data();
    const ConstMatrix<Real> all_deltas(deltas, points, size);
    if (stage.subsample_bias >= 0) add_column_sums<Real>(all_deltas, d_weights + stage.subsample_bias);
    add_product_tn_parallel<Real>(all_deltas, {rows, points, stage.top_size},
                                  {d_weights + stage.subsample_weights, size, stage.top_size}, threads);
    errors = stage.block.empty() ? buffers.level.d_output() : d_top(i).resize(points * stage.top_size);
    std::fill_n(errors, points * stage.top_size, Real(0));
    add_product_parallel<Real>(all_deltas, {weights.at(stage.subsample_weights), size, stage.top_size},
                               {errors, points, stage.top_size}, threads);
  }
  if (!stage.block.empty()) {
    block_backward(buffers.batch, buffers.top_batch, stage.block, errors, stage.level.output_size(),
                   buffers.level.d_output());
  } else if (stage.subsample_size == 0) {
    std::copy_n(errors, points * stage.top_size, buffers.level.d_output());
  }
}

template struct PackedWeights<float>;
template struct PackedWeights<double>;
template class EngineWorkspace<float>;
template class EngineWorkspace<double>;

}  // namespace rnnlib
