// SPDX-License-Identifier: Apache-2.0
// The table of runner_table.h over the public interface. No exception leaves these functions.
#include "runner_table.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "bindings.h"

namespace rnnlib::python {

namespace {

const Network& as_network(const void* network) { return *static_cast<const Network*>(network); }

std::int32_t note(std::int32_t kind, const char* text, rnnlib_runner_message* message) noexcept {
  const std::size_t length = std::min(std::strlen(text), sizeof(message->text) - 1);
  std::memcpy(message->text, text, length);
  message->text[length] = '\0';
  return kind;
}

// Runs the work and turns what it throws into a number and a text.
template <class Work>
std::int32_t guarded(rnnlib_runner_message* message, const Work& work) noexcept {
  try {
    work();
    return RNNLIB_RUNNER_OK;
  } catch (const DataError& error) {
    return note(RNNLIB_RUNNER_DATA_ERROR, error.what(), message);
  } catch (const NumericError& error) {
    return note(RNNLIB_RUNNER_NUMERIC_ERROR, error.what(), message);
  } catch (const OutOfMemoryError& error) {
    return note(RNNLIB_RUNNER_OUT_OF_MEMORY, error.what(), message);
  } catch (const std::bad_alloc&) {
    return note(RNNLIB_RUNNER_OUT_OF_MEMORY, "there is not enough memory", message);
  } catch (const std::exception& error) {
    return note(RNNLIB_RUNNER_OTHER_ERROR, error.what(), message);
  } catch (...) {
    return note(RNNLIB_RUNNER_OTHER_ERROR, "an unknown error", message);
  }
}

std::int32_t sizes(const void* network, std::int64_t* num_dims, std::int64_t* input_size, std::int64_t* output_size) {
  const NetworkSpec& spec = as_network(network).spec();
  *num_dims = spec.data.num_dims;
  *input_size = spec.data.input_size;
  *output_size = spec.output_size();
  return RNNLIB_RUNNER_OK;
}

Shape shape_for(const Network& network, const std::int64_t* shape) {
  return {shape, shape + network.spec().data.num_dims};
}

void check_room(const char* what, Index needed, Index capacity) {
  if (needed > capacity) {
    throw DataError("the sequence has " + std::to_string(needed) + " " + what + ", but there is room for " +
                    std::to_string(capacity));
  }
}

std::int32_t output_shape(const void* network, const std::int64_t* shape, std::int64_t* output_shape,
                          std::int64_t* output_dims, rnnlib_runner_message* message) {
  return guarded(message, [&] {
    const Shape found = as_network(network).output_shape(shape_for(as_network(network), shape));
    std::copy(found.begin(), found.end(), output_shape);
    *output_dims = static_cast<std::int64_t>(found.size());
  });
}

std::int32_t run(const void* network, const float* inputs, const std::int64_t* shape, std::int32_t threads,
                 double* outputs, std::int64_t output_capacity, std::int64_t* labels, std::int64_t label_capacity,
                 std::int64_t* num_labels, rnnlib_runner_message* message) {
  return guarded(message, [&] {
    const Network& net = as_network(network);
    Sequence sequence;
    sequence.shape = shape_for(net, shape);
    sequence.inputs = inputs;
    if (outputs != nullptr) {  // known before anything is computed
      check_room("outputs", num_points(net.output_shape(sequence.shape)) * net.spec().output_size(), output_capacity);
    }
    const Prediction prediction = net.predict({sequence}, {threads, false, false})[0];
    const auto found = static_cast<Index>(prediction.labels.size());
    if (labels != nullptr) {
      check_room("labels", found, label_capacity);
      std::copy(prediction.labels.begin(), prediction.labels.end(), labels);
    }
    if (outputs != nullptr) std::copy(prediction.outputs.begin(), prediction.outputs.end(), outputs);
    *num_labels = found;
  });
}

constexpr rnnlib_runner_table kTable = {RNNLIB_RUNNER_TABLE_VERSION, &sizes, &output_shape, &run};

}  // namespace

void register_runner(py::module_& m) {
  m.attr("_runner_table") = py::capsule(&kTable, RNNLIB_RUNNER_TABLE_NAME);
  m.def(
      "_network_address", [](const Network& network) { return py::capsule(&network, RNNLIB_RUNNER_NETWORK_NAME); },
      py::arg("network"), "A capsule with the network's address; valid while the network lives.");
}

}  // namespace rnnlib::python
