// SPDX-License-Identifier: Apache-2.0
#include "layers/output_layer.h"

#include "layers/trace_rows.h"
#include "tensor/product.h"

namespace rnnlib {

OutputLayer::OutputLayer(const NetworkSpec& spec, const LayerOutput& below, WeightPlacer& placer)
    : LayerBase(below), collapse(task_info(spec.task).collapse_of(below.num_dims)) {
  const Index size = spec.output_size();
  const std::string target = collapse == Collapse::kNone ? "output" : "output_collapse";
  std::vector<std::string> sources = part_names(below);
  if (collapse != Collapse::kNone) {
    infos_.push_back(make_layer_info("collapse", target, "collapse", size));
    infos_.back().sources = std::move(sources);
    sources = {target};
  }
  infos_.push_back(make_layer_info("output", "output", to_string(spec.task) + " output", size));
  infos_.back().sources = std::move(sources);
  output_ = {size, 0, {{"output", identity_map(size)}}};

  weights = placer.take(size * input_size_);
  bias = placer.take(size);
  for (const OutputPart& part : below.parts) {
    placer.place(make_connection(ConnectionKind::kFull, part.layer, target),
                 {identity_map(size), part.columns, weights, input_size_});
  }
  placer.place(make_connection(ConnectionKind::kBias, "", "output"), {identity_map(size), {0}, bias, 1});
}

template <class Real>
void OutputLayer::add_net(const Pass<Real>& pass, const Real* rows, Index n, Real* net) const {
  add_product_nt_parallel<Real>({rows, n, input_size_}, {pass.at(weights), output_.size, input_size_},
                                {net, n, output_.size});
}

template void OutputLayer::add_net(const Pass<float>&, const float*, Index, float*) const;
template void OutputLayer::add_net(const Pass<double>&, const double*, Index, double*) const;

template <class Real>
void OutputState<Real>::set_shapes(const BatchShape& input) {
  input_batch_ = input;
  output_batch_ = collapsed_shape(input, layer_.collapse);
}

template <class Real>
void OutputState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  const Index outputs = output_batch_.points * layer_.output().size;
  const Index sums = output_batch_.points * layer_.input_size();
  const bool training = pass.keep != Keep::kNothing;
  size(net_, outputs);
  size(output_, outputs);
  if (training) size(d_net_, outputs);
  if (pass.keep == Keep::kForTrace) size(d_output_, outputs);
  if (collapses()) size(sums_, sums);
  if (collapses() && training) size(d_sums_, sums);
}

template <class Real>
void OutputState<Real>::forward(const Pass<Real>& pass, const Real* input) {
  const Index points = output_batch_.points;
  if (collapses()) collapse_forward(input_batch_, output_batch_, input, layer_.input_size(), sums_.data());
  fill_rows<Real>(pass.at(layer_.bias), {net_.data(), points, layer_.output().size});
  layer_.add_net(pass, collapses() ? sums_.data() : input, points, net_.data());
}

template <class Real>
void OutputState<Real>::backward(const Pass<Real>& pass, const Real* input, Real* d_input, Real* d_weights) {
  const Index size = layer_.output().size;
  const Index inputs = layer_.input_size();
  const Index points = output_batch_.points;
  const ConstMatrix<Real> deltas(d_net_.data(), points, size);
  Real* d_source = collapses() ? d_sums_.data() : d_input;
  add_column_sums<Real>(deltas, d_weights + layer_.bias);
  add_product_tn_parallel<Real>(deltas, {collapses() ? sums_.data() : input, points, inputs},
                                {d_weights + layer_.weights, size, inputs});
  std::fill_n(d_source, points * inputs, Real(0));
  add_product_parallel<Real>(deltas, {pass.at(layer_.weights), size, inputs}, {d_source, points, inputs});
  if (collapses()) collapse_backward(input_batch_, output_batch_, d_source, inputs, d_input);
}

template <class Real>
void OutputState<Real>::trace(const Pass<Real>& pass, const Real* input, bool with_errors,
                              std::vector<TraceVariable>& variables) const {
  const Index size = layer_.output().size;
  const Shape& shape = output_batch_.shapes[0];
  if (collapses()) trace_collapse(pass, input, with_errors, variables);
  variables.push_back(traced("output_inputActivations", shape, net_.data(), size));
  variables.push_back(traced("output_outputActivations", shape, output_.data(), size));
  if (!with_errors) return;
  variables.push_back(traced("output_inputErrors", shape, d_net_.data(), size));
  variables.push_back(traced("output_outputErrors", shape, d_output_.data(), size));
}

// Our collapse layer sums before its product with the weights; RNNLIB's sums after it.
template <class Real>
void OutputState<Real>::trace_collapse(const Pass<Real>& pass, const Real* input, bool with_errors,
                                       std::vector<TraceVariable>& variables) const {
  const Index size = layer_.output().size;
  const Shape& source_shape = input_batch_.shapes[0];
  const Shape& shape = output_batch_.shapes[0];
  std::vector<Real> inputs(static_cast<std::size_t>(input_batch_.points * size), Real(0));
  std::vector<Real> sums(static_cast<std::size_t>(output_batch_.points * size));
  layer_.add_net(pass, input, input_batch_.points, inputs.data());
  collapse_forward(input_batch_, output_batch_, inputs.data(), size, sums.data());
  variables.push_back(traced("output_collapse_inputActivations", source_shape, inputs.data(), size));
  variables.push_back(traced("output_collapse_outputActivations", shape, sums.data(), size));
  if (!with_errors) return;
  collapse_backward(input_batch_, output_batch_, d_net_.data(), size, inputs.data());
  variables.push_back(traced("output_collapse_inputErrors", source_shape, inputs.data(), size));
  variables.push_back(traced("output_collapse_outputErrors", shape, d_net_.data(), size));
}

template class OutputState<float>;
template class OutputState<double>;

}  // namespace rnnlib
