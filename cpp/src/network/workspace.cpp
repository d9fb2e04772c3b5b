// SPDX-License-Identifier: Apache-2.0
#include "network/workspace.h"

#include <algorithm>
#include <cmath>

#include "network/check_sequence.h"
#include "optim/all_finite.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// NaN would only come out again as outputs that mean nothing.
template <class Number>
void check_numbers(const Number* inputs, const Sequence& sequence, Index size, Index number) {
  const Index n = num_points(sequence.shape()) * size;
  if (all_finite(inputs, n)) return;
  const Number* bad = std::find_if(inputs, inputs + n, [](Number x) { return !std::isfinite(x); });
  const Index at = bad - inputs;
  throw NumericError("sequence " + sequence_name(sequence, number) + ": input " + std::to_string(at % size) +
                     " of point " + std::to_string(at / size) + " is " + std::to_string(*bad) +
                     ": expected finite numbers");
}

BatchShape batch_of(const Sequence* sequences, Index count) {
  BatchShape batch;
  for (Index s = 0; s < count; ++s) batch.add(sequences[s].shape());
  return batch;
}

}  // namespace

template <class Real>
EngineWorkspace<Real>::EngineWorkspace(const NetworkLayout& layout)
    : layout_(layout),
      input_(layout.input),
      output_(*layout.output),
      elements_(layout.layers.size() + 1),
      task_decoder_(layout.make_decoder_run()) {
  for (const auto& layer : layout.layers) layers_.push_back(layer->make_state(Real()));
}

template <class Real>
void EngineWorkspace<Real>::check_finite(const Sequence* sequences, Index count, Index first_number) const {
  const Index size = layout_.input.input_size();
  const Real* own = pass_.inputs;
  for (Index s = 0; s < count; ++s) {
    if (own == nullptr) {
      check_numbers(sequences[s].inputs(), sequences[s], size, first_number + s);
    } else {
      check_numbers(own, sequences[s], size, first_number + s);
      own += num_points(sequences[s].shape()) * size;
    }
  }
}

template <class Real>
bool EngineWorkspace<Real>::is_planned(const Sequence* sequences, Index count) const {
  const BatchShape& batch = input_.input_batch();
  if (!planned_ || count != batch.size()) return false;
  for (std::size_t s = 0; s < batch.shapes.size(); ++s) {
    if (sequences[s].shape() != batch.shapes[s]) return false;
  }
  return true;
}

template <class Real>
void EngineWorkspace<Real>::set_shapes(const BatchShape& inputs) {
  input_.set_shapes(inputs);
  const BatchShape* batch = &input_.output_batch();
  for (const auto& layer : layers_) {
    layer->set_shapes(*batch);
    batch = &layer->output_batch();
  }
  output_.set_shapes(*batch);
}

// Of all layers, for pass_.
template <class Real>
void EngineWorkspace<Real>::size_buffers(BufferSizer& size) {
  input_.size_buffers(pass_, size);
  elements_[0] = input_.output_batch().points * layout_.input.output().size;
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    layers_[k]->size_buffers(pass_, size);
    elements_[k + 1] =
        layers_[k]->passes_through(pass_) ? 0 : layers_[k]->output_batch().points * layout_.layers[k]->output().size;
  }
  output_.size_buffers(pass_, size);
  rows_.plan(elements_, pass_.keep, pass_.keep == Keep::kForTrace || pass_.input_errors, size);
}

// What size_buffers() would take, with a gradient for backward passes.
template <class Real>
Index EngineWorkspace<Real>::measure() {
  BufferSizer size = BufferSizer::measuring();
  size_buffers(size);
  if (pass_.keep != Keep::kNothing) size(d_weights_, static_cast<Index>(layout_.packed_source.size()));
  return size.bytes();
}

template <class Real>
Index EngineWorkspace<Real>::bytes(const NetworkLayout& layout, const BatchShape& input_batch, bool training) {
  EngineWorkspace workspace(layout);
  workspace.set_shapes(input_batch);
  workspace.pass_.keep = training ? Keep::kForBackward : Keep::kNothing;
  return workspace.measure();
}

// A system may promise more memory than it has, piece by piece, and end the process that uses it. It refuses what is
// impossible when it is asked for at one go: std::bad_alloc.
template <class Real>
void EngineWorkspace<Real>::ask_for_memory() {
  constexpr Index kLargePoints = 1 << 18;
  if (input_.input_batch().points < kLargePoints) return;
  const Index needed = measure();
  if (needed <= granted_) return;
  Buffer<char>().resize(needed - granted_);
  granted_ = needed;
}

// A batch like the last one runs without a new plan, and so without asking for any memory.
template <class Real>
void EngineWorkspace<Real>::forward_hidden(const PackedWeights<Real>& weights, const Sequence* sequences, Index count,
                                           Index first_number, const Pass<Real>& pass) {
  const bool like_the_last = is_planned(sequences, count) && pass.keep == pass_.keep;
  pass_ = pass;
  pass_.packed = weights.values.data();
  planned_ = like_the_last;
  if (!planned_) {
    set_shapes(batch_of(sequences, count));
    ask_for_memory();
  }
  check_finite(sequences, count, first_number);
  if (!planned_) {
    for (const auto& layer : layers_) layer->find_schedule(schedules_);
    planned_ = true;
  }
  BufferSizer size = BufferSizer::resizing();
  size_buffers(size);
  rows_.set_input(input_.read(pass_, sequences));
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    if (layers_[k]->passes_through(pass_)) continue;
    layers_[k]->forward(pass_, weights_of(weights, k), rows_.row(k), rows_.row_to_write(k + 1));
  }
}

template <class Real>
void EngineWorkspace<Real>::forward(const PackedWeights<Real>& weights, const Sequence* sequences, Index count,
                                    Index first_number, const Pass<Real>& pass) {
  forward_hidden(weights, sequences, count, first_number, pass);
  output_.forward(pass_, rows_.row(layers_.size()));
}

template <class Real>
const OutputView<Real>& EngineWorkspace<Real>::output(Index s, bool deltas, bool output_errors) {
  const BatchShape& batch = output_.output_batch();
  const std::size_t i = static_cast<std::size_t>(s);
  const Index offset = batch.offsets[i] * layout_.output_size;
  OutputView<Real>& view = view_;
  view.net = output_.net() + offset;
  view.output = output_.output() + offset;
  view.d_net = deltas ? output_.d_net() + offset : nullptr;
  view.d_output = output_errors ? output_.d_output() + offset : nullptr;
  view.shape = batch.shapes[i];
  view.points = num_points(view.shape);
  view.size = layout_.output_size;
  return view;
}

template <class Real>
void EngineWorkspace<Real>::backward(const PackedWeights<Real>& weights, Real* d_weights) {
  output_.backward(pass_, hidden(), d_hidden(), d_weights);
  backward_hidden(weights, d_weights);
}

template <class Real>
void EngineWorkspace<Real>::backward_hidden(const PackedWeights<Real>& weights, Real* d_weights) {
  for (std::size_t k = layers_.size(); k-- > 0;) {
    if (layers_[k]->passes_through(pass_)) continue;
    const LayerRows<Real> rows{rows_.row(k), rows_.row(k + 1), rows_.errors(k + 1), rows_.errors(k)};
    layers_[k]->backward(pass_, weights_of(weights, k), rows, d_weights);
  }
}

template <class Real>
std::vector<TraceVariable> EngineWorkspace<Real>::trace(bool with_errors) const {
  std::vector<TraceVariable> variables;
  const auto errors = [&](std::size_t k) { return with_errors ? rows_.errors(k) : nullptr; };
  input_.trace(errors(0), variables);
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    layers_[k]->trace({rows_.row(k), rows_.row(k + 1), errors(k + 1), errors(k)}, variables);
  }
  output_.trace(pass_, rows_.row(layers_.size()), with_errors, variables);
  return variables;
}

template class EngineWorkspace<float>;
template class EngineWorkspace<double>;

}  // namespace rnnlib
