// SPDX-License-Identifier: Apache-2.0
// What all losses have in common, and the loss that a task's row names.
#include "loss/loss.h"

#include "loss/cross_entropy.h"
#include "loss/ctc.h"
#include "loss/squared_error.h"
#include "loss/target_checks.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
Loss<Real>::Loss(const TaskInfo& task, const DataHeader& data, const LossOptions& options)
    : task_(task),
      num_labels_(static_cast<Index>(data.labels.size())),
      target_size_(data.target_size),
      legacy_errors_(options.legacy_errors),
      counts_(make_error_counts(task, data.labels, options)),
      error_names_(task.criteria) {
  error_names_.insert(error_names_.end(), task.other_errors.begin(), task.other_errors.end());
  if (counts_ == nullptr) return;
  const std::vector<std::string> names = counts_->label_names();
  error_names_.insert(error_names_.end(), names.begin(), names.end());
  error_names_.insert(error_names_.end(), task.word_errors.begin(), task.word_errors.end());
}

template <class Real>
void Loss<Real>::count_word_errors(const std::vector<std::int32_t>& target, const std::vector<Index>& read,
                                   LossWorkspace& workspace, SequenceErrors& errors) const {
  if (errors.skipped && legacy_errors_) return;
  EditAlignment& alignment = workspace.counts.alignment;
  align_edits(target.data(), static_cast<Index>(target.size()), read.data(), static_cast<Index>(read.size()),
              workspace.counts.cells, alignment);
  int id = static_cast<int>(error_names_.size() - task_.word_errors.size());
  for (Index count : {alignment.distance(), alignment.substitutions, alignment.deletions, alignment.insertions}) {
    errors.items.push_back({id++, static_cast<double>(count), static_cast<double>(target.size())});
  }
}

template <class Real>
void Loss<Real>::check_target(const Sequence& sequence, const Shape& output_shape) const {
  rnnlib::check_target(task_, num_labels_, target_size_, sequence, output_shape);
}

template <class Real>
std::unique_ptr<Loss<Real>> make_loss(Task task, const DataHeader& data, const LossOptions& options) {
  const TaskInfo& info = task_info(task);
  switch (info.loss) {
    case LossType::kSquaredError:
      return std::make_unique<SquaredError<Real>>(info, data, options);
    case LossType::kCrossEntropy:
      return std::make_unique<CrossEntropy<Real>>(info, data, options);
    case LossType::kCtc:
      return std::make_unique<Ctc<Real>>(info, data, options);
  }
  throw ConfigError("the loss of task " + info.name + " is none of those there are");
}

template class Loss<float>;
template class Loss<double>;
template std::unique_ptr<Loss<float>> make_loss<float>(Task, const DataHeader&, const LossOptions&);
template std::unique_ptr<Loss<double>> make_loss<double>(Task, const DataHeader&, const LossOptions&);

}  // namespace rnnlib
