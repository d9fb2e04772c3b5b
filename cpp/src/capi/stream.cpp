// SPDX-License-Identifier: Apache-2.0
#include "capi/guard.h"
#include "capi/handles.h"

namespace {

rnnlib_stream_output to_c(const rnnlib::StreamOutput& output, const rnnlib::NetworkSpec& spec) {
  const bool has_label_points = task_info(spec.task).has_positions();
  return {output.first_point,
          output.points,
          output.size,
          output.outputs.data(),
          static_cast<int64_t>(output.labels.size()),
          output.labels.data(),
          has_label_points ? output.label_points.data() : nullptr};
}

}  // namespace

extern "C" {

rnnlib_status rnnlib_stream_new(const rnnlib_network* network, rnnlib_stream** stream) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(stream);
  return rnnlib::capi::guard([&] { *stream = new rnnlib_stream{network->network, rnnlib::Stream(*network->network)}; });
}

void rnnlib_stream_free(rnnlib_stream* stream) { delete stream; }

rnnlib_status rnnlib_stream_push(rnnlib_stream* stream, const float* inputs, int64_t points, int64_t input_size,
                                 rnnlib_stream_output* output) {
  RNNLIB_NEED(stream);
  RNNLIB_NEED(output);
  return rnnlib::capi::guard(
      [&] { *output = to_c(stream->stream.push(inputs, points, input_size), stream->network->spec()); });
}

rnnlib_status rnnlib_stream_finish(rnnlib_stream* stream, rnnlib_stream_output* output) {
  RNNLIB_NEED(stream);
  RNNLIB_NEED(output);
  return rnnlib::capi::guard([&] { *output = to_c(stream->stream.finish(), stream->network->spec()); });
}

rnnlib_status rnnlib_stream_set_raw(rnnlib_stream* stream, int raw) {
  RNNLIB_NEED(stream);
  stream->stream.set_raw(raw != 0);
  return RNNLIB_OK;
}

rnnlib_status rnnlib_stream_set_decoder(rnnlib_stream* stream, const rnnlib_decoder* decoder) {
  RNNLIB_NEED(stream);
  return rnnlib::capi::guard([&] { stream->stream.set_decoder(decoder == nullptr ? nullptr : decoder->decoder); });
}

rnnlib_status rnnlib_stream_reset(rnnlib_stream* stream) {
  RNNLIB_NEED(stream);
  return rnnlib::capi::guard([&] { stream->stream.reset(); });
}

}  // extern "C"
