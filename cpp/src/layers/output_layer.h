// SPDX-License-Identifier: Apache-2.0
// The output layer with the collapse layer under it, where there is one. The collapse layer of RNNLIB sums the output
// units' net inputs over points; being linear, it is applied to the hidden outputs before their product with the
// weights here: the same sums with far fewer products.
#pragma once

#include "layers/collapse.h"
#include "layers/layer.h"

namespace rnnlib {

class OutputLayer final : public LayerBase {
 public:
  OutputLayer(const NetworkSpec& spec, const LayerOutput& below, WeightPlacer& placer);

  Shape output_shape(const Shape& input) const override { return collapsed_shape(input, collapse); }
  Shape output_step(const Shape& below) const override { return collapsed_shape(below, collapse); }

  // Adds rows [n, input size] times the weights to net [n, output size].
  template <class Real>
  void add_net(const Pass<Real>& pass, const Real* rows, Index n, Real* net) const;

  const Collapse collapse;
  Index weights;  // packed offset of [output size, input size]
  Index bias;     // packed offset of [output size]
};

template <class Real>
class OutputState {
 public:
  explicit OutputState(const OutputLayer& layer) : layer_(layer) {}

  // As of a LayerState.
  void set_shapes(const BatchShape& input);
  const BatchShape& output_batch() const { return output_batch_; }
  void size_buffers(const Pass<Real>& pass, BufferSizer& size);

  // Net inputs of the output units for rows [points, input size].
  void forward(const Pass<Real>& pass, const Real* input);

  // After d_net() was written: adds to d_weights (the packed vector), writes d_input [points, input size].
  void backward(const Pass<Real>& pass, const Real* input, Real* d_input, Real* d_weights);

  // As of a LayerState.
  void trace(const Pass<Real>& pass, const Real* input, bool with_errors, std::vector<TraceVariable>& variables) const;

  // All [output points, output size]. The loss writes the activations and the errors.
  const Real* net() const { return net_.data(); }
  Real* output() { return output_.data(); }
  Real* d_net() { return d_net_.data(); }        // unless for prediction
  Real* d_output() { return d_output_.data(); }  // traces only

 private:
  void trace_collapse(const Pass<Real>& pass, const Real* input, bool with_errors,
                      std::vector<TraceVariable>& variables) const;
  bool collapses() const { return layer_.collapse != Collapse::kNone; }

  const OutputLayer& layer_;
  BatchShape input_batch_;
  BatchShape output_batch_;
  Buffer<Real> sums_;  // [output points, input size], only with a collapse layer
  Buffer<Real> d_sums_;
  Buffer<Real> net_;
  Buffer<Real> output_;
  Buffer<Real> d_net_;
  Buffer<Real> d_output_;
};

}  // namespace rnnlib
