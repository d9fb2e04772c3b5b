// SPDX-License-Identifier: Apache-2.0
#include "layers/convolution_layer.h"

#include "base/parallel/loops.h"
#include "layers/pointwise.h"
#include "layers/trace_rows.h"

namespace rnnlib {

namespace {

// Points that one task computes, and whose rows lie in the first caches together.
constexpr Index kPointBlock = 64;

// Points whose gradients are summed before they are added to those of the other parts. The size does not depend on the
// number of threads: the same bits for any.
constexpr Index kGradientPart = 16 * kPointBlock;

template <class Real>
const PackedConvolution<Real>& packed(const LayerWeights<Real>* weights) {
  return *static_cast<const PackedConvolution<Real>*>(weights);
}

}  // namespace

ConvolutionLayer::ConvolutionLayer(const LayerContext& context)
    : LayerOf(context.below), kernel(context.level_spec().kernel), activation(context.level_spec().type) {
  const std::string name = context.hidden_name(0);
  const Index size = context.level_spec().size;
  LayerInfo info = context.level_info("convolution", name, "convolution " + to_string(activation), size);
  info.direction = 0;
  info.kernel = kernel.size;
  infos_ = {std::move(info)};
  output_ = {size, context.below.num_dims, {{name, identity_map(size), 0}}};
  matrix = context.weights.take(matrix_elements());

  IndexMap rows;  // of the matrix, for the points of the kernel and for each the units of the source
  for (Index point = 0; point < kernel.points(); ++point) {
    for (Index unit : context.below.parts.front().columns) rows.push_back((1 + point * input_size_ + unit) * stride());
  }
  context.weights.place(make_connection(ConnectionKind::kBias, "", name), {identity_map(size), {0}, matrix, 1});
  context.weights.place(make_connection(ConnectionKind::kConvolution, context.source(), name),
                        {identity_map(size), std::move(rows), matrix, 1});
}

template <class Real>
PackedConvolution<Real>::PackedConvolution(const ConvolutionLayer& layer) : layer_(layer) {
  back.resize(layer.kernel.points() * layer.units(), layer.input_size());
}

template <class Real>
void PackedConvolution<Real>::pack(Index task, const Real* packed) {
  const Index inputs = layer_.input_size();
  const Index units = layer_.units();
  const Real* weights = packed + layer_.first_weights();
  if (task == 0) {
    bias = packed + layer_.matrix;
    forward.assign({weights, layer_.depth(), units, layer_.stride()});
    return;
  }
  const Index points = layer_.kernel.points();
  for (Index point = 0; point < points; ++point) {
    back.assign_transposed({weights + point * inputs * layer_.stride(), inputs, units, layer_.stride()},
                           (points - 1 - point) * units);
  }
}

template <class Real>
Index PackedConvolution<Real>::elements(const ConvolutionLayer& layer) {
  return RowWeights<Real>::elements(layer.depth(), layer.units()) +
         RowWeights<Real>::elements(layer.kernel.points() * layer.units(), layer.input_size());
}

template <class Real>
ConvolutionState<Real>::ConvolutionState(const ConvolutionLayer& layer)
    : LayerState<Real>(layer), convolution_(layer), reversed_(layer.kernel.reversed()) {}

template <class Real>
void ConvolutionState<Real>::size_buffers(const Pass<Real>& pass, BufferSizer& size) {
  const Index points = this->output_batch_.points;
  const Index units = convolution_.units();
  const Index widest = std::max(units, convolution_.input_size());
  const std::size_t threads = static_cast<std::size_t>(team_threads());
  if (scratch_.size() < threads) scratch_.resize(threads);
  for (Scratch& scratch : scratch_) {
    size(scratch.rows, convolution_.kernel.points() * kPointBlock);
    size(scratch.products, kPointBlock * padded(widest));
    if (pass.keep == Keep::kNothing) continue;
    size(scratch.deltas, kPointBlock * convolution_.stride());
    size(scratch.delta_rows, kPointBlock);
    if (points > kGradientPart) size(scratch.d_matrix, convolution_.matrix_elements());
  }
  size(zeros_, widest);
  if (pass.keep == Keep::kForTrace) {
    size(net_, points * units);
    size(d_net_, points * units);
  }
}

// result [n, columns of the weights] = init + rows [kernel points, n] * weights
template <class Real>
void ConvolutionState<Real>::multiply(const RowWeights<Real>& weights, const Real* const* rows, Index n,
                                      const Real* init, Scratch& scratch, Real* result) const {
  const Index size = weights.cols();
  const Index stride = padded(size);
  Real* products = stride == size ? result : scratch.products.data();
  row_product<Real>(weights, rows, convolution_.kernel.points(), n, {init, 0}, products, stride);
  if (products == result) return;
  for (Index j = 0; j < n; ++j) std::copy_n(products + j * stride, size, result + j * size);
}

template <class Real>
void ConvolutionState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input,
                                     Real* output) {
  const Index units = convolution_.units();
  zeros_.fill(Real(0));
  parallel_blocks(this->output_batch_.points, kPointBlock, [&](Index first, Index n, int thread) {
    Scratch& scratch = scratch_of(thread);
    Real* out = output + first * units;
    find_kernel_rows<Real>(this->input_batch_, convolution_.kernel, input, convolution_.input_size(), zeros_.data(),
                           first, n, scratch.rows.data());
    multiply(packed(weights).forward, scratch.rows.data(), n, packed(weights).bias, scratch, out);
    if (pass.keep == Keep::kForTrace) std::copy_n(out, n * units, net_.data() + first * units);
    pointwise_forward(convolution_.activation, out, n * units, out);
  });
}

template <class Real>
void ConvolutionState<Real>::backward(const Pass<Real>& pass, const LayerWeights<Real>* weights,
                                      const LayerRows<Real>& rows, Real* d_weights) {
  const Index numbers = this->output_batch_.points * convolution_.units();
  Real* deltas = pass.keep == Keep::kForTrace ? d_net_.data() : rows.d_output;
  pointwise_backward(convolution_.activation, rows.output, rows.d_output, numbers, deltas);
  add_gradients(rows.input, deltas, d_weights + convolution_.matrix);
  if (rows.d_input != nullptr) input_errors(packed(weights), deltas, rows.d_input);
}

// Of the whole batch, in parts that threads share.
template <class Real>
void ConvolutionState<Real>::add_gradients(const Real* input, const Real* deltas, Real* d_matrix) {
  const Index points = this->output_batch_.points;
  const Index size = convolution_.matrix_elements();
  if (points <= kGradientPart) {
    add_gradients(input, deltas, 0, points, scratch_.front(), d_matrix);
    return;
  }
  parallel_for_ordered((points + kGradientPart - 1) / kGradientPart,
                       [&](Index part, int thread) {
                         const Index first = part * kGradientPart;
                         Scratch& scratch = scratch_of(thread);
                         scratch.d_matrix.fill(Real(0));
                         add_gradients(input, deltas, first, std::min(kGradientPart, points - first), scratch,
                                       scratch.d_matrix.data());
                       },
                       [&](Index, int thread) {
                         const Real* sums = scratch_of(thread).d_matrix.data();
                         for (Index i = 0; i < size; ++i) d_matrix[i] += sums[i];
                       });
}

// Of the points [first, first + n).
template <class Real>
void ConvolutionState<Real>::add_gradients(const Real* input, const Real* deltas, Index first, Index n,
                                           Scratch& scratch, Real* d_matrix) {
  const Index units = convolution_.units();
  const Index stride = convolution_.stride();
  const Index inputs = convolution_.input_size();
  if (stride != units) scratch.deltas.fill(Real(0));
  for (const Index end = first + n; first < end; first += kPointBlock) {
    const Index count = std::min(kPointBlock, end - first);
    for (Index j = 0; j < count; ++j) {
      const Real* row = deltas + (first + j) * units;
      if (stride != units) std::copy_n(row, units, scratch.deltas.data() + j * stride);
      scratch.delta_rows[j] = stride == units ? row : scratch.deltas.data() + j * stride;
    }
    add_row_sums<Real>(scratch.delta_rows.data(), stride, count, d_matrix);
    find_kernel_rows<Real>(this->input_batch_, convolution_.kernel, input, inputs, zeros_.data(), first, count,
                           scratch.rows.data());
    for (Index point = 0; point < convolution_.kernel.points(); ++point) {
      add_outer_products<Real>(scratch.rows.data() + point * count, inputs, scratch.delta_rows.data(), stride, count,
                               d_matrix + (1 + point * inputs) * stride);
    }
  }
}

// A point's error comes from the points on which the kernel covers it.
template <class Real>
void ConvolutionState<Real>::input_errors(const PackedConvolution<Real>& weights, const Real* deltas, Real* d_input) {
  parallel_blocks(this->output_batch_.points, kPointBlock, [&](Index first, Index n, int thread) {
    Scratch& scratch = scratch_of(thread);
    find_kernel_rows<Real>(this->output_batch_, reversed_, deltas, convolution_.units(), zeros_.data(), first, n,
                           scratch.rows.data());
    multiply(weights.back, scratch.rows.data(), n, nullptr, scratch, d_input + first * convolution_.input_size());
  });
}

template <class Real>
void ConvolutionState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  const Shape& shape = this->output_batch_.shapes[0];
  const Index units = convolution_.units();
  const std::string name = convolution_.infos().front().name + "_";
  variables.push_back(traced(name + "inputActivations", shape, net_.data(), units));
  variables.push_back(traced(name + "outputActivations", shape, rows.output, units));
  if (rows.d_output == nullptr) return;
  variables.push_back(traced(name + "inputErrors", shape, d_net_.data(), units));
  variables.push_back(traced(name + "outputErrors", shape, rows.d_output, units));
}

template <class Real>
ConvolutionStream<Real>::ConvolutionStream(const ConvolutionLayer& layer)
    : convolution_(layer), ahead_(layer.kernel.reversed().before.front()) {
  rows_.resize(layer.depth());
  zeros_.resize(layer.input_size());
  zeros_.fill(Real(0));
  output_.resize(layer.stride());
  reset();
}

template <class Real>
void ConvolutionStream<Real>::reset() {
  read_ = passed_ = 0;
  rows_.fill(Real(0));
}

// The next row under the kernel; returns the point that it completes.
template <class Real>
const Real* ConvolutionStream<Real>::push(const LayerWeights<Real>* weights, const Real* input) {
  const Index inputs = convolution_.input_size();
  std::copy(rows_.data() + inputs, rows_.data() + rows_.size(), rows_.data());
  std::copy_n(input, inputs, rows_.data() + rows_.size() - inputs);
  ++passed_;
  if (passed_ <= ahead_) return nullptr;
  const Real* rows = rows_.data();
  row_product<Real>(packed(weights).forward, &rows, 1, 1, {packed(weights).bias, 0}, output_.data(), 0);
  pointwise_forward(convolution_.activation, output_.data(), convolution_.units(), output_.data());
  return output_.data();
}

template <class Real>
const Real* ConvolutionStream<Real>::step(const Pass<Real>&, const LayerWeights<Real>* weights, const Real* input) {
  ++read_;
  return push(weights, input);
}

template <class Real>
const Real* ConvolutionStream<Real>::finish(const Pass<Real>&, const LayerWeights<Real>* weights) {
  while (passed_ < read_ + ahead_) {
    if (const Real* point = push(weights, zeros_.data())) return point;
  }
  return nullptr;
}

template class PackedConvolution<float>;
template class PackedConvolution<double>;
template class ConvolutionState<float>;
template class ConvolutionState<double>;
template class ConvolutionStream<float>;
template class ConvolutionStream<double>;

}  // namespace rnnlib
