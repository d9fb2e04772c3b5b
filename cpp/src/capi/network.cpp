// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "capi/guard.h"
#include "capi/handles.h"
#include "rnnlib/c_handle.h"
#include "rnnlib/save.h"

namespace {

using rnnlib::Network;
using rnnlib::Precision;
using rnnlib::Shape;

bool is_precision(rnnlib_precision precision) { return precision == RNNLIB_FLOAT || precision == RNNLIB_DOUBLE; }

Precision to_precision(rnnlib_precision precision) {
  return precision == RNNLIB_DOUBLE ? Precision::kDouble : Precision::kFloat;
}

rnnlib_network* make_handle(Network network) {
  return rnnlib::make_c_handle(std::make_shared<const Network>(std::move(network)));
}

const rnnlib::NetworkSpec& spec_of(const rnnlib_network* network) { return network->network->spec(); }

}  // namespace

rnnlib_network* rnnlib::make_c_handle(std::shared_ptr<const Network> network) {
  auto handle = std::make_unique<rnnlib_network>();
  handle->task = to_string(network->spec().task);
  handle->network = std::move(network);
  return handle.release();
}

extern "C" {

rnnlib_status rnnlib_network_load(const char* path, rnnlib_precision precision, rnnlib_network** network) {
  RNNLIB_NEED(path);
  RNNLIB_NEED(network);
  if (!is_precision(precision)) return rnnlib::capi::fail(RNNLIB_ERROR_ARGUMENT, "unknown precision");
  return rnnlib::capi::guard(
      [&] { *network = make_handle(rnnlib::load_network(std::string(path), to_precision(precision))); });
}

rnnlib_status rnnlib_network_parse(const char* data, size_t size, const char* source, rnnlib_precision precision,
                                   rnnlib_network** network) {
  RNNLIB_NEED(data);
  RNNLIB_NEED(network);
  if (!is_precision(precision)) return rnnlib::capi::fail(RNNLIB_ERROR_ARGUMENT, "unknown precision");
  return rnnlib::capi::guard([&] {
    const std::string name = source == nullptr ? "memory" : source;
    *network = make_handle(rnnlib::parse_network({data, size}, name, to_precision(precision)));
  });
}

void rnnlib_network_free(rnnlib_network* network) { delete network; }

const char* rnnlib_network_task(const rnnlib_network* network) {
  return network == nullptr ? "" : network->task.c_str();
}

int rnnlib_network_num_dims(const rnnlib_network* network) {
  return network == nullptr ? 0 : static_cast<int>(spec_of(network).data.num_dims);
}

int64_t rnnlib_network_input_size(const rnnlib_network* network) {
  return network == nullptr ? 0 : spec_of(network).data.input_size;
}

int64_t rnnlib_network_output_size(const rnnlib_network* network) {
  return network == nullptr ? 0 : spec_of(network).output_size();
}

int64_t rnnlib_network_num_labels(const rnnlib_network* network) {
  return network == nullptr ? 0 : static_cast<int64_t>(spec_of(network).data.labels.size());
}

int64_t rnnlib_network_num_weights(const rnnlib_network* network) {
  return network == nullptr ? 0 : network->network->num_weights();
}

const char* rnnlib_network_label(const rnnlib_network* network, int64_t index) {
  if (index < 0 || index >= rnnlib_network_num_labels(network)) return nullptr;
  return spec_of(network).data.labels[static_cast<std::size_t>(index)].c_str();
}

int rnnlib_network_num_output_dims(const rnnlib_network* network) {
  if (network == nullptr) return 0;
  const rnnlib::NetworkSpec& spec = spec_of(network);
  return static_cast<int>(task_info(spec.task).num_output_dims(spec.data.num_dims));
}

rnnlib_status rnnlib_network_output_shape(const rnnlib_network* network, const int64_t* shape, int num_dims,
                                          int64_t* output_shape) {
  RNNLIB_NEED(network);
  if (num_dims > 0) RNNLIB_NEED(shape);
  if (rnnlib_network_num_output_dims(network) > 0) RNNLIB_NEED(output_shape);
  return rnnlib::capi::guard([&] {
    rnnlib::capi::check_dims(num_dims, network->network->spec().data.num_dims);
    const Shape result = network->network->output_shape(Shape(shape, shape + num_dims));
    std::copy(result.begin(), result.end(), output_shape);
  });
}

rnnlib_status rnnlib_network_output_step(const rnnlib_network* network, int64_t* step) {
  RNNLIB_NEED(network);
  if (rnnlib_network_num_output_dims(network) > 0) RNNLIB_NEED(step);
  return rnnlib::capi::guard([&] {
    const Shape result = network->network->output_step();
    std::copy(result.begin(), result.end(), step);
  });
}

int rnnlib_network_has_normalisation(const rnnlib_network* network) {
  return network != nullptr && network->network->normalises_inputs() ? 1 : 0;
}

rnnlib_status rnnlib_network_normalise(const rnnlib_network* network, float* inputs, int64_t points,
                                       int64_t input_size) {
  RNNLIB_NEED(network);
  if (points != 0) RNNLIB_NEED(inputs);
  return rnnlib::capi::guard([&] { network->network->normalise(inputs, points, input_size); });
}

rnnlib_status rnnlib_network_denormalise(const rnnlib_network* network, double* outputs, int64_t points,
                                         int64_t output_size) {
  RNNLIB_NEED(network);
  if (points != 0) RNNLIB_NEED(outputs);
  return rnnlib::capi::guard([&] { network->network->denormalise(outputs, points, output_size); });
}

}  // extern "C"
