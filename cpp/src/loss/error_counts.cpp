// SPDX-License-Identifier: Apache-2.0
// The error counts that go with a task's kind of target.
#include "loss/error_counts.h"

#include "loss/class_errors.h"
#include "loss/label_errors.h"

namespace rnnlib {

std::unique_ptr<ErrorCounts> make_error_counts(const TaskInfo& task, const std::vector<std::string>& labels,
                                               const LossOptions& options) {
  switch (task.target) {
    case TargetKind::kClasses:
      return std::make_unique<ClassErrors>(labels, options);
    case TargetKind::kLabelSequence:
      return std::make_unique<LabelErrors>(labels, options);
    case TargetKind::kPatterns:
      break;
  }
  return nullptr;
}

}  // namespace rnnlib
