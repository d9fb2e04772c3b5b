// SPDX-License-Identifier: Apache-2.0
// A level that is a convolution: every unit reads all units of the points under a kernel (docs/behaviour.md,
// "Convolution"). Its output has the shape of its input.
#pragma once

#include "layers/kernel.h"
#include "layers/layer_of.h"
#include "tensor/row_product.h"

namespace rnnlib {

class ConvolutionLayer;

template <class Real>
class PackedConvolution final : public LayerWeights<Real> {
 public:
  explicit PackedConvolution(const ConvolutionLayer& layer);
  Index tasks() const override { return 2; }
  void pack(Index task, const Real* packed) override;
  static Index elements(const ConvolutionLayer& layer);

  const Real* bias = nullptr;  // [stride]
  RowWeights<Real> forward;    // [kernel points * inputs, units]
  RowWeights<Real> back;       // [kernel points * units, inputs], the kernel's points in the opposite order

 private:
  const ConvolutionLayer& layer_;
};

template <class Real>
class ConvolutionState final : public LayerState<Real> {
 public:
  explicit ConvolutionState(const ConvolutionLayer& layer);
  void size_buffers(const Pass<Real>& pass, BufferSizer& size) override;
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  // What a thread needs for a few points.
  struct Scratch {
    Buffer<const Real*> rows;        // [kernel points, points]
    Buffer<Real> products;           // [points, padded units of the result]
    Buffer<Real> deltas;             // [points, stride]
    Buffer<const Real*> delta_rows;  // [points]
    Buffer<Real> d_matrix;           // sums over the points of one part
  };

  Scratch& scratch_of(int thread) { return scratch_[static_cast<std::size_t>(thread)]; }
  void multiply(const RowWeights<Real>& weights, const Real* const* rows, Index n, const Real* init, Scratch& scratch,
                Real* result) const;
  void add_gradients(const Real* input, const Real* deltas, Real* d_matrix);
  void add_gradients(const Real* input, const Real* deltas, Index first, Index n, Scratch& scratch, Real* d_matrix);
  void input_errors(const PackedConvolution<Real>& weights, const Real* deltas, Real* d_input);

  const ConvolutionLayer& convolution_;
  const Kernel reversed_;
  std::vector<Scratch> scratch_;  // per thread
  Buffer<Real> zeros_;            // a row outside of the sequence
  Buffer<Real> net_;              // [points, units], traces only
  Buffer<Real> d_net_;            // traces only
};

// Looks as far ahead as the kernel reaches beyond its centre.
template <class Real>
class ConvolutionStream final : public LayerStream<Real> {
 public:
  explicit ConvolutionStream(const ConvolutionLayer& layer);
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<ConvolutionStream>(*this); }
  void reset() override;
  const Real* step(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input) override;
  const Real* finish(const Pass<Real>& pass, const LayerWeights<Real>* weights) override;

 private:
  const Real* push(const LayerWeights<Real>* weights, const Real* input);

  const ConvolutionLayer& convolution_;
  Index ahead_;         // points that the kernel covers after its centre
  Index read_ = 0;      // points of the sequence so far
  Index passed_ = 0;    // the same, with the zeros after its end
  Buffer<Real> rows_;   // [kernel points, inputs]: the last ones
  Buffer<Real> zeros_;  // [inputs]
  Buffer<Real> output_;
};

class ConvolutionLayer final
    : public LayerOf<ConvolutionLayer, ConvolutionState, ConvolutionStream, PackedConvolution> {
 public:
  static bool is_wanted(const LayerContext& context) { return context.level_spec().is_convolution; }
  explicit ConvolutionLayer(const LayerContext& context);

  Index units() const { return output_.size; }
  Index stride() const { return padded(units()); }
  // Numbers that a unit reads.
  Index depth() const { return kernel.points() * input_size_; }
  Index matrix_elements() const { return (1 + depth()) * stride(); }
  // The weights [kernel points, inputs, stride].
  Index first_weights() const { return matrix + stride(); }

  const Kernel kernel;
  const HiddenType activation;
  Index matrix;  // packed offset of [1 + depth, stride]; the first row is the bias
};

}  // namespace rnnlib
