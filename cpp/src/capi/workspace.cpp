// SPDX-License-Identifier: Apache-2.0
#include <type_traits>

#include "capi/guard.h"
#include "capi/handles.h"
#include "rnnlib/error.h"

static_assert(std::is_same_v<rnnlib::Index, int64_t>, "labels are handed out as they lie");

namespace {

// Divides, since the product of sizes that mean nothing may overflow. What they are is checked with the sequence.
void check_points(int64_t points, const rnnlib::Shape& shape) {
  int64_t rest = points;
  bool fits = true;
  for (int64_t size : shape) {
    if (size < 1) return;
    fits = fits && rest % size == 0;
    rest /= size;
  }
  if (fits && rest == 1) return;
  throw rnnlib::DataError("inputs have " + std::to_string(points) + " points, the shape is " +
                          rnnlib::to_string(shape));
}

void append(const std::vector<rnnlib::LabelPosition>& from, std::vector<rnnlib_position>& to) {
  for (const rnnlib::LabelPosition& position : from) to.push_back({position.first, position.last});
}

// What lies in the prediction otherwise than C is to see it.
void copy_to_c(const rnnlib::Prediction& found, rnnlib_workspace& workspace) {
  workspace.positions.clear();
  append(found.positions, workspace.positions);
  workspace.input_positions.clear();
  append(found.input_positions, workspace.input_positions);

  workspace.reading_positions.clear();
  for (const rnnlib::Reading& reading : found.readings) append(reading.positions, workspace.reading_positions);
  workspace.readings.clear();
  const rnnlib_position* positions = workspace.reading_positions.data();
  for (const rnnlib::Reading& reading : found.readings) {
    const auto num_labels = static_cast<int64_t>(reading.labels.size());
    const auto num_words = static_cast<int64_t>(reading.words.size());
    workspace.readings.push_back({num_labels, reading.labels.data(), positions, reading.confidences.data(), num_words,
                                  reading.words.data(), reading.log_probability, reading.score});
    positions += num_labels;
  }
}

}  // namespace

extern "C" {

rnnlib_status rnnlib_workspace_new(const rnnlib_network* network, rnnlib_workspace** workspace) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(workspace);
  return rnnlib::capi::guard([&] {
    *workspace = new rnnlib_workspace{network->network, rnnlib::Workspace(*network->network), {}, {}, {}, {}, {}, {}};
  });
}

void rnnlib_workspace_free(rnnlib_workspace* workspace) { delete workspace; }

rnnlib_status rnnlib_workspace_set_raw(rnnlib_workspace* workspace, int raw) {
  RNNLIB_NEED(workspace);
  workspace->workspace.set_raw(raw != 0);
  return RNNLIB_OK;
}

rnnlib_status rnnlib_workspace_set_decoder(rnnlib_workspace* workspace, const rnnlib_decoder* decoder) {
  RNNLIB_NEED(workspace);
  return rnnlib::capi::guard(
      [&] { workspace->workspace.set_decoder(decoder == nullptr ? nullptr : decoder->decoder); });
}

rnnlib_status rnnlib_workspace_run(rnnlib_workspace* workspace, const float* inputs, int64_t points, int64_t input_size,
                                   const int64_t* shape, int num_dims, rnnlib_prediction* prediction) {
  RNNLIB_NEED(workspace);
  RNNLIB_NEED(inputs);
  RNNLIB_NEED(prediction);
  if (num_dims > 0) RNNLIB_NEED(shape);
  return rnnlib::capi::guard([&] {
    rnnlib::capi::check_dims(num_dims, workspace->network->spec().data.num_dims);
    workspace->shape.assign(shape, shape + num_dims);
    check_points(points, workspace->shape);
    workspace->sequence.set_inputs(inputs, workspace->shape, input_size);
    const rnnlib::Prediction& found = workspace->workspace.predict(workspace->sequence);
    copy_to_c(found, *workspace);
    const bool has_positions = task_info(workspace->network->spec().task).has_positions();
    *prediction = {rnnlib::num_points(found.shape),
                   found.size,
                   found.outputs.data(),
                   static_cast<int64_t>(found.labels.size()),
                   found.labels.data(),
                   has_positions ? workspace->positions.data() : nullptr,
                   has_positions ? workspace->input_positions.data() : nullptr,
                   found.confidences.data(),
                   static_cast<int64_t>(workspace->readings.size()),
                   workspace->readings.data()};
  });
}

}  // extern "C"
