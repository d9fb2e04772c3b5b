// SPDX-License-Identifier: Apache-2.0
#include "layers/block_layer.h"

namespace rnnlib {

bool BlockLayer::is_wanted(const LayerContext& context) {
  return !context.level_spec().block.empty() && context.level_spec().subsample_size == 0;
}

BlockLayer::BlockLayer(const LayerContext& context)
    : LayerOf(context.below), view(context.below, context.level_spec().block, static_cast<Index>(context.level)) {
  infos_ = view.infos;
  output_ = view.output;
}

template <class Real>
BlockState<Real>::BlockState(const BlockLayer& layer) : LayerState<Real>(layer), view_(layer.view) {}

template <class Real>
void BlockState<Real>::forward(const Pass<Real>&, const LayerWeights<Real>*, const Real* input, Real* output) {
  block_forward(this->input_batch_, this->output_batch_, view_.block, input, view_.units, output);
}

template <class Real>
void BlockState<Real>::backward(const Pass<Real>&, const LayerWeights<Real>*, const LayerRows<Real>& rows, Real*) {
  if (rows.d_input == nullptr) return;
  block_backward(this->input_batch_, this->output_batch_, view_.block, rows.d_output, view_.units, rows.d_input);
}

template <class Real>
void BlockState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  view_.trace(this->output_batch_.shapes[0], rows.output, rows.d_output, variables);
}

template <class Real>
BlockStream<Real>::BlockStream(const BlockLayer& layer) : queue_(layer.view.block, layer.view.units) {}

template class BlockState<float>;
template class BlockState<double>;
template class BlockStream<float>;
template class BlockStream<double>;

}  // namespace rnnlib
