// SPDX-License-Identifier: Apache-2.0
#include <type_traits>

#include "capi/guard.h"
#include "capi/handles.h"

static_assert(std::is_same_v<rnnlib::Index, int64_t>, "labels are handed out as they lie");

extern "C" {

rnnlib_status rnnlib_workspace_new(const rnnlib_network* network, rnnlib_workspace** workspace) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(workspace);
  return rnnlib::capi::guard(
      [&] { *workspace = new rnnlib_workspace{network->network, rnnlib::Workspace(*network->network), {}, {}}; });
}

void rnnlib_workspace_free(rnnlib_workspace* workspace) { delete workspace; }

rnnlib_status rnnlib_workspace_run(rnnlib_workspace* workspace, const int64_t* shape, const float* inputs,
                                   rnnlib_prediction* prediction) {
  RNNLIB_NEED(workspace);
  RNNLIB_NEED(inputs);
  RNNLIB_NEED(prediction);
  const rnnlib::Index dims = workspace->network->spec().data.num_dims;
  if (dims > 0) RNNLIB_NEED(shape);
  return rnnlib::capi::guard([&] {
    workspace->sequence.shape.assign(shape, shape + dims);
    workspace->sequence.inputs = inputs;
    const rnnlib::Prediction& found = workspace->workspace.predict(workspace->sequence);
    workspace->positions.clear();
    for (const rnnlib::LabelPosition& position : found.positions) {
      workspace->positions.push_back({position.first, position.last});
    }
    const int64_t points = rnnlib::num_points(found.shape);
    const bool has_positions = workspace->network->spec().task == rnnlib::Task::kTranscription;
    *prediction = {points,
                   found.size,
                   found.outputs.data(),
                   static_cast<int64_t>(found.labels.size()),
                   found.labels.data(),
                   has_positions ? workspace->positions.data() : nullptr};
  });
}

}  // extern "C"
