// SPDX-License-Identifier: Apache-2.0
#include "layers/subsample_layer.h"

#include "base/parallel/loops.h"
#include "layers/pointwise.h"
#include "tensor/product.h"

namespace rnnlib {

SubsampleLayer::SubsampleLayer(const LayerContext& context)
    : LayerOf(context.below),
      blocks(context.below, context.level_spec().block, static_cast<Index>(context.level)),
      type(context.spec.subsample_type),
      size(context.level_spec().subsample_size) {
  const std::string name = "subsample_" + context.level_number();
  infos_ = blocks.infos;
  infos_.push_back(context.level_info("subsample", name, "subsample " + to_string(type), size));
  infos_.back().sources = part_names(blocks.output);
  output_ = {size, context.below.num_dims, {{name, identity_map(size)}}};

  const Index inputs = blocks.output.size;
  weights = context.weights.take(size * inputs);
  for (const OutputPart& part : blocks.output.parts) {
    context.weights.place(make_connection(ConnectionKind::kFull, part.layer, name),
                          {identity_map(size), part.columns, weights, inputs});
  }
  if (!context.spec.subsample_bias) return;
  bias = context.weights.take(size);
  context.weights.place(make_connection(ConnectionKind::kBias, "", name), {identity_map(size), {0}, bias, 1});
}

template <class Real>
void SubsampleLayer::net_inputs(const Pass<Real>& pass, const Real* rows, Index n, Real* net) const {
  add_product_nt<Real>({rows, n, blocks.output.size}, {pass.at(weights), size, blocks.output.size}, {net, n, size});
}

template <class Real>
SubsampleState<Real>::SubsampleState(const SubsampleLayer& layer) : LayerState<Real>(layer), subsample_(layer) {}

template <class Real>
void SubsampleState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  const Index points = this->output_batch_.points;
  const Index inputs = subsample_.blocks.output.size;
  if (!subsample_.blocks.empty()) {
    if (pass.keep == Keep::kNothing) {
      if (strips_.size() < static_cast<std::size_t>(team_threads()))
        strips_.resize(static_cast<std::size_t>(team_threads()));
      for (Buffer<Real>& rows : strips_) size(rows, std::min(points, kRowBlock) * inputs);
    } else {
      size(blocks_, points * inputs);
      size(d_blocks_, points * inputs);
    }
  }
  if (pass.keep == Keep::kForTrace) {
    size(net_, points * subsample_.size);
    size(d_net_, points * subsample_.size);
  }
}

// Rows [first, first + n) of what the product reads.
template <class Real>
const Real* SubsampleState<Real>::strip(const Pass<Real>& pass, const Real* input, Index first, Index n,
                                        Buffer<Real>& rows) const {
  const BlockView& blocks = subsample_.blocks;
  if (blocks.empty()) return input + first * blocks.output.size;
  if (pass.keep != Keep::kNothing) return blocks_.data() + first * blocks.output.size;
  block_rows(this->input_batch_, this->output_batch_, blocks.block, first, first + n, input, blocks.units, rows.data());
  return rows.data();
}

template <class Real>
void SubsampleState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>*, const Real* input, Real* output) {
  const BlockView& blocks = subsample_.blocks;
  const Index points = this->output_batch_.points;
  const Index size = subsample_.size;
  if (!blocks.empty() && pass.keep != Keep::kNothing) {
    block_forward(this->input_batch_, this->output_batch_, blocks.block, input, blocks.units, blocks_.data());
  }
  if (subsample_.bias >= 0) {
    fill_rows<Real>(pass.at(subsample_.bias), {output, points, size});
  } else {
    std::fill_n(output, points * size, Real(0));
  }
  Buffer<Real> none;
  parallel_blocks(points, kRowBlock, [&](Index first, Index n, int thread) {
    Buffer<Real>& rows = strips_.empty() ? none : strips_[static_cast<std::size_t>(thread)];
    subsample_.net_inputs(pass, strip(pass, input, first, n, rows), n, output + first * size);
  });
  if (pass.keep == Keep::kForTrace) std::copy_n(output, points * size, net_.data());
  pointwise_forward(subsample_.type, output, points * size, output);
}

template <class Real>
void SubsampleState<Real>::backward(const Pass<Real>& pass, const LayerWeights<Real>*, const LayerRows<Real>& rows,
                                    Real* d_weights) {
  const BlockView& blocks = subsample_.blocks;
  const Index points = this->output_batch_.points;
  const Index size = subsample_.size;
  const Index inputs = blocks.output.size;
  Real* deltas = pass.keep == Keep::kForTrace ? d_net_.data() : rows.d_output;
  pointwise_backward(subsample_.type, rows.output, rows.d_output, points * size, deltas);
  const ConstMatrix<Real> all_deltas(deltas, points, size);
  if (subsample_.bias >= 0) add_column_sums<Real>(all_deltas, d_weights + subsample_.bias);
  add_product_tn_parallel<Real>(all_deltas, {blocks.empty() ? rows.input : blocks_.data(), points, inputs},
                                {d_weights + subsample_.weights, size, inputs});
  if (rows.d_input == nullptr) return;
  Real* errors = blocks.empty() ? rows.d_input : d_blocks_.data();
  std::fill_n(errors, points * inputs, Real(0));
  add_product_parallel<Real>(all_deltas, {pass.at(subsample_.weights), size, inputs}, {errors, points, inputs});
  if (blocks.empty()) return;
  block_backward(this->input_batch_, this->output_batch_, blocks.block, errors, blocks.units, rows.d_input);
}

template <class Real>
void SubsampleState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  const bool with_errors = rows.d_output != nullptr;
  const Shape& shape = this->output_batch_.shapes[0];
  const Index size = subsample_.size;
  subsample_.blocks.trace(shape, blocks_.data(), with_errors ? d_blocks_.data() : nullptr, variables);
  const std::string name = subsample_.output().parts.front().layer + "_";
  variables.push_back(traced(name + "inputActivations", shape, net_.data(), size));
  variables.push_back(traced(name + "outputActivations", shape, rows.output, size));
  if (!with_errors) return;
  variables.push_back(traced(name + "inputErrors", shape, d_net_.data(), size));
  variables.push_back(traced(name + "outputErrors", shape, rows.d_output, size));
}

template <class Real>
SubsampleStream<Real>::SubsampleStream(const SubsampleLayer& layer)
    : subsample_(layer), queue_(layer.blocks.block, layer.blocks.units) {
  output_.resize(layer.size);
}

template <class Real>
const Real* SubsampleStream<Real>::transform(const Pass<Real>& pass, const Real* block) {
  if (block == nullptr) return nullptr;
  if (subsample_.bias >= 0) {
    std::copy_n(pass.at(subsample_.bias), subsample_.size, output_.data());
  } else {
    output_.fill(Real(0));
  }
  subsample_.net_inputs(pass, block, 1, output_.data());
  pointwise_forward(subsample_.type, output_.data(), subsample_.size, output_.data());
  return output_.data();
}

template class SubsampleState<float>;
template class SubsampleState<double>;
template class SubsampleStream<float>;
template class SubsampleStream<double>;

}  // namespace rnnlib
