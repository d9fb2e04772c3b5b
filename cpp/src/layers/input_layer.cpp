// SPDX-License-Identifier: Apache-2.0
#include "layers/input_layer.h"

namespace rnnlib {

namespace {

LayerOutput input_rows(const DataHeader& data) {
  return {data.input_size, static_cast<int>(data.num_dims), {{"input", identity_map(data.input_size)}}};
}

}  // namespace

InputLayer::InputLayer(const NetworkSpec& spec)
    : LayerBase(input_rows(spec.data)), blocks(output_, spec.input_block, -1) {
  infos_.push_back(make_layer_info("input", "input", "input", spec.data.input_size));
  infos_.insert(infos_.end(), blocks.infos.begin(), blocks.infos.end());
  output_ = blocks.output;
}

template <class Real>
void InputState<Real>::set_shapes(const BatchShape& sequences) {
  input_batch_ = sequences;
  output_batch_ = blocked_shape(sequences, layer_.blocks.block);
  sequences_.clear();
  if (layer_.blocks.empty()) return;
  for (const Shape& shape : sequences.shapes) {
    BlockedSequence one;
    one.inputs.add(shape);
    one.blocked = blocked_shape(one.inputs, layer_.blocks.block);
    sequences_.push_back(std::move(one));
  }
}

template <class Real>
void InputState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  const bool blocked = !layer_.blocks.empty();
  if (!blocked || pass.keep == Keep::kForTrace) size(points_, input_batch_.points * layer_.input_size());
  if (blocked) size(blocks_, output_batch_.points * layer_.output().size);
}

template <class Real>
const Real* InputState<Real>::read(const Pass<Real>& pass, const Sequence* sequences) {
  const bool blocked = !layer_.blocks.empty();
  const Index size = layer_.input_size();
  if (!blocked || pass.keep == Keep::kForTrace) {
    Real* to = points_.data();
    if (pass.inputs != nullptr) {
      std::copy_n(pass.inputs, input_batch_.points * size, to);
    } else {
      for (Index s = 0; s < input_batch_.size(); ++s) {
        to = std::copy_n(sequences[s].inputs(), num_points(sequences[s].shape()) * size, to);
      }
    }
  }
  if (!blocked) return points_.data();
  if (pass.inputs == nullptr) return read_blocks([&](std::size_t s) { return sequences[s].inputs(); });
  return read_blocks([&](std::size_t s) { return pass.inputs + input_batch_.offsets[s] * size; });
}

template <class Real>
template <class Inputs>
const Real* InputState<Real>::read_blocks(const Inputs& inputs_of) {
  const BlockView& blocks = layer_.blocks;
  Real* to = blocks_.data();
  for (std::size_t s = 0; s < sequences_.size(); ++s) {
    const BlockedSequence& one = sequences_[s];
    block_forward(one.inputs, one.blocked, blocks.block, inputs_of(s), layer_.input_size(), to);
    to += one.blocked.points * blocks.output.size;
  }
  return blocks_.data();
}

template <class Real>
void InputState<Real>::backward(const Real* d_rows, Real* d_inputs) const {
  const Index size = layer_.input_size();
  if (layer_.blocks.empty()) {
    std::copy_n(d_rows, input_batch_.points * size, d_inputs);
  } else {
    block_backward(input_batch_, output_batch_, layer_.blocks.block, d_rows, size, d_inputs);
  }
}

template <class Real>
void InputState<Real>::trace(const Real* d_rows, std::vector<TraceVariable>& variables) const {
  const Shape& shape = input_batch_.shapes[0];
  const Index size = layer_.input_size();
  variables.push_back(traced("input_activations", shape, points_.data(), size));
  layer_.blocks.trace(output_batch_.shapes[0], blocks_.data(), d_rows, variables);
  if (d_rows == nullptr) return;
  std::vector<Real> errors(static_cast<std::size_t>(input_batch_.points * size));
  backward(d_rows, errors.data());
  variables.push_back(traced("input_errors", shape, errors.data(), size));
}

template class InputState<float>;
template class InputState<double>;

}  // namespace rnnlib
