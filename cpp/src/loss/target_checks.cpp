// SPDX-License-Identifier: Apache-2.0
#include "loss/target_checks.h"

#include <cmath>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::string of_total(Index index, Index total) {
  return "target " + std::to_string(index) + " (of " + std::to_string(total) + ", counted from 0)";
}

// One target per point of the output, `what` ("targetClasses") naming them.
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

// One target for the whole sequence.
void check_one_for_all(const Sequence& sequence, const std::string& what) {
  if (sequence.target_length() == 1) return;
  throw DataError("expected one of " + what + " for the whole sequence; found " +
                  std::to_string(sequence.target_length()));
}

// Classes, each `lowest` (0, or -1 where "no target" is allowed) .. num_labels - 1.
void check_classes(const Sequence& sequence, std::int32_t lowest, Index num_labels) {
  for (Index i = 0; i < sequence.target_length(); ++i) {
    const std::int32_t label = sequence.target()[i];
    if (label >= lowest && label < num_labels) continue;
    throw DataError("class " + std::to_string(label) + " at " + of_total(i, sequence.target_length()) +
                    ": expected 0 .. " + std::to_string(num_labels - 1) + (lowest < 0 ? ", or -1 for no target" : ""));
  }
}

// A target of real numbers or of labels, whichever the task needs.
void check_kind(const TaskInfo& task, const Sequence& sequence) {
  const std::string needs = "task " + task.name + " needs ";
  if (!sequence.has_target()) throw DataError("no target: " + needs + task.variables.front());
  const bool patterns = task.target == TargetKind::kPatterns;
  if (patterns && sequence.target_patterns() == nullptr) {
    throw DataError("targets are labels, " + needs + "real numbers (" + task.variables.front() + ")");
  }
  if (!patterns && sequence.target() == nullptr) {
    throw DataError("targets are real numbers, " + needs + "labels");
  }
  if (sequence.target_length() < 0) {
    throw DataError("the target's length is " + std::to_string(sequence.target_length()) + ", expected at least 0");
  }
}

// So many numbers per target point.
void check_target_size(const Sequence& sequence, Index size) {
  if (sequence.target_size() == size) return;
  throw DataError("targets have " + std::to_string(sequence.target_size()) +
                  " numbers per point, the network expects " + std::to_string(size));
}

// Target patterns [target_length, size] are finite.
void check_patterns(const Sequence& sequence, Index size) {
  for (Index i = 0; i < sequence.target_length() * size; ++i) {
    if (std::isfinite(sequence.target_patterns()[i])) continue;
    throw DataError("targetPatterns: " + std::to_string(sequence.target_patterns()[i]) + " in column " +
                    std::to_string(i % size) + " at " + of_total(i / size, sequence.target_length()) +
                    ": expected a finite number");
  }
}

// Importance, if any, is a finite number for each target point, of which a transcription has one.
void check_importance(const Sequence& sequence, Index points) {
  if (sequence.importance() == nullptr) return;
  if (sequence.importance_length() != points) {
    throw DataError("importance has " + std::to_string(sequence.importance_length()) + " values for " +
                    std::to_string(points) + (points == 1 ? " target point" : " target points"));
  }
  for (Index i = 0; i < points; ++i) {
    if (std::isfinite(sequence.importance()[i])) continue;
    throw DataError("importance " + std::to_string(sequence.importance()[i]) + " at " + of_total(i, points) +
                    ": expected a finite number");
  }
}

}  // namespace

void check_target(const TaskInfo& task, Index num_labels, Index target_size, const Sequence& sequence,
                  const Shape& output_shape) {
  check_kind(task, sequence);
  const bool patterns = task.target == TargetKind::kPatterns;
  if (task.target == TargetKind::kLabelSequence) {
    check_classes(sequence, 0, num_labels);
    return check_importance(sequence, 1);
  }
  if (patterns) check_target_size(sequence, target_size);
  if (task.per_point) {
    check_one_per_point(sequence, output_shape, task.variables.front());
  } else {
    check_one_for_all(sequence, task.variables.front());
  }
  if (patterns) {
    check_patterns(sequence, target_size);
  } else {
    check_classes(sequence, -1, num_labels);
  }
  check_importance(sequence, sequence.target_length());
}

}  // namespace rnnlib
