// SPDX-License-Identifier: Apache-2.0
#include "network/check_sequence.h"

#include "rnnlib/error.h"

namespace rnnlib {

std::string sequence_name(const Sequence& sequence, Index number) {
  const std::string count = "number " + std::to_string(number);
  return sequence.tag().empty() ? count : "'" + sequence.tag() + "' (" + count + ")";
}

void check_input_size(Index found, Index input_size) {
  if (found == input_size) return;
  throw DataError("inputs have " + std::to_string(found) + " numbers per point, the network expects " +
                  std::to_string(input_size));
}

namespace {

// Adds the sequence's name to what `check` says.
template <class Check>
void check_named(const Sequence& sequence, Index number, const Check& check) {
  try {
    check();
  } catch (const DataError& error) {
    throw DataError("sequence " + sequence_name(sequence, number) + ": " + error.what());
  }
}

}  // namespace

void check_decoder(Task task, const Decoder* decoder) {
  if (decoder == nullptr || task_info(task).has_positions()) return;
  throw ConfigError("task " + to_string(task) + " takes no decoder; expected transcription");
}

void check_inputs(const NetworkLayout& layout, const Sequence& sequence, Index number) {
  check_named(sequence, number, [&] {
    if (sequence.inputs() == nullptr) throw DataError("it has no inputs");
    layout.check_shape(sequence.shape());
    check_input_size(sequence.input_size(), layout.spec.data.input_size);
  });
}

template <class Real>
void check_with_target(const NetworkLayout& layout, const Loss<Real>& loss, const Sequence& sequence, Index number) {
  check_inputs(layout, sequence, number);
  check_named(sequence, number, [&] { loss.check_target(sequence, layout.output_shape(sequence.shape())); });
}

template void check_with_target(const NetworkLayout&, const Loss<float>&, const Sequence&, Index);
template void check_with_target(const NetworkLayout&, const Loss<double>&, const Sequence&, Index);

}  // namespace rnnlib
