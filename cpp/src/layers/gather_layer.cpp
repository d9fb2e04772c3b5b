// SPDX-License-Identifier: Apache-2.0
#include "layers/gather_layer.h"

#include "layers/trace_rows.h"

namespace rnnlib {

bool GatherLayer::is_wanted(const LayerContext& context) {
  return context.level_spec().subsample_size == 0 && !context.is_last_level();
}

GatherLayer::GatherLayer(const LayerContext& context) : LayerOf(context.below) {
  OutputPart all;
  all.layer = "gather_" + context.level_number();
  for (const OutputPart& part : context.below.parts) {
    all.columns.insert(all.columns.end(), part.columns.begin(), part.columns.end());
  }
  infos_ = {context.level_info("gather", all.layer, "gather", context.below.size)};
  output_.parts = {std::move(all)};
}

template <class Real>
GatherState<Real>::GatherState(const GatherLayer& layer) : LayerState<Real>(layer) {}

template <class Real>
void GatherState<Real>::trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const {
  trace_parts(this->layer_.output(), this->output_batch_.shapes[0], rows.output, rows.d_output, variables);
}

template class GatherState<float>;
template class GatherState<double>;

}  // namespace rnnlib
