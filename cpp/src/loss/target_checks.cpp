// SPDX-License-Identifier: Apache-2.0
// Messages say what was expected, what was found and at which target; the caller adds the sequence's tag.
#include "loss/target_checks.h"

#include <cmath>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::string of_total(Index index, Index total) {
  return "target " + std::to_string(index) + " (of " + std::to_string(total) + ", counted from 0)";
}

}  // namespace

void check_one_per_point(const Sequence& sequence, const Shape& output_shape, const std::string& what) {
  const Shape& shape = sequence.target_shape().empty() ? sequence.shape() : sequence.target_shape();
  if (shape != output_shape) {
    const bool shrunk = num_points(output_shape) < num_points(sequence.shape());
    throw DataError("targets for " + to_string(shape) + " points but the network's output has " +
                    to_string(output_shape) + (shrunk ? " (blocks shrink it): give targetSeqDims" : ""));
  }
  if (sequence.target_length() != num_points(shape)) {
    throw DataError("expected " + std::to_string(num_points(shape)) + " " + what + ", one for each of " +
                    to_string(shape) + " points; found " + std::to_string(sequence.target_length()));
  }
}

void check_one_for_all(const Sequence& sequence, const std::string& what) {
  if (sequence.target_length() == 1) return;
  throw DataError("expected one of " + what + " for the whole sequence; found " +
                  std::to_string(sequence.target_length()));
}

void check_classes(const Sequence& sequence, std::int32_t lowest, Index num_labels) {
  for (Index i = 0; i < sequence.target_length(); ++i) {
    const std::int32_t label = sequence.target()[i];
    if (label >= lowest && label < num_labels) continue;
    throw DataError("class " + std::to_string(label) + " at " + of_total(i, sequence.target_length()) +
                    ": expected 0 .. " + std::to_string(num_labels - 1) + (lowest < 0 ? ", or -1 for no target" : ""));
  }
}

void check_kind(const Sequence& sequence, bool patterns, const std::string& task) {
  const std::string needs = "a " + task + " task needs ";
  if (!sequence.has_target()) {
    const std::string variable = patterns                  ? "targetPatterns"
                                 : task == "transcription" ? "targetStrings"
                                                           : "targetClasses";
    throw DataError("no target: " + needs + variable);
  }
  if (patterns && sequence.target_patterns() == nullptr) {
    throw DataError("targets are labels, " + needs + "real numbers (targetPatterns)");
  }
  if (!patterns && sequence.target() == nullptr) {
    throw DataError("targets are real numbers, " + needs + "labels");
  }
  if (sequence.target_length() < 0) {
    throw DataError("the target's length is " + std::to_string(sequence.target_length()) + ", expected at least 0");
  }
}

void check_target_size(const Sequence& sequence, Index size) {
  if (sequence.target_size() == size) return;
  throw DataError("targets have " + std::to_string(sequence.target_size()) +
                  " numbers per point, the network expects " + std::to_string(size));
}

void check_patterns(const Sequence& sequence, Index size) {
  for (Index i = 0; i < sequence.target_length() * size; ++i) {
    if (std::isfinite(sequence.target_patterns()[i])) continue;
    throw DataError("targetPatterns: " + std::to_string(sequence.target_patterns()[i]) + " in column " +
                    std::to_string(i % size) + " at " + of_total(i / size, sequence.target_length()) +
                    ": expected a finite number");
  }
}

void check_importance(const Sequence& sequence) {
  if (sequence.importance() == nullptr) return;
  if (sequence.importance_length() != sequence.target_length()) {
    throw DataError("importance has " + std::to_string(sequence.importance_length()) + " values for " +
                    std::to_string(sequence.target_length()) + " target points");
  }
  for (Index i = 0; i < sequence.target_length(); ++i) {
    if (std::isfinite(sequence.importance()[i])) continue;
    throw DataError("importance " + std::to_string(sequence.importance()[i]) + " at " +
                    of_total(i, sequence.target_length()) + ": expected a finite number");
  }
}

}  // namespace rnnlib
