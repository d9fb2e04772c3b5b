// SPDX-License-Identifier: Apache-2.0
#include "network/error_sums.h"

namespace rnnlib {

void ErrorSums::add(const SequenceErrors& errors, double share, Index sequences) {
  num_sequences_ += sequences;
  for (const SequenceErrors::Item& item : errors.items) {
    const std::size_t id = static_cast<std::size_t>(item.id);
    if (id >= sums_.size()) sums_.resize(id + 1);
    sums_[id].value += share * item.value;
    sums_[id].norm += share * item.norm;
    sums_[id].seen = true;
  }
}

void RunResult::add(const SequenceErrors& sequence_errors, const Sequence& sequence, Index number, double share,
                    bool last) {
  errors.add(sequence_errors, share, last ? 1 : 0);
  if (!last || !sequence_errors.skipped) return;
  skipped.push_back({sequence.tag().empty() ? "number " + std::to_string(number) : sequence.tag(),
                     sequence_errors.needed, sequence_errors.available});
}

std::vector<double> ErrorSums::store() const {
  std::vector<double> sums;
  for (const Sum& sum : sums_) {
    sums.push_back(sum.value);
    sums.push_back(sum.seen ? sum.norm : -1);
  }
  return sums;
}

void ErrorSums::restore(const std::vector<double>& sums, Index num_sequences) {
  sums_.assign(sums.size() / 2, {});
  for (std::size_t id = 0; id < sums_.size(); ++id) {
    if (sums[2 * id + 1] >= 0) sums_[id] = {sums[2 * id], sums[2 * id + 1], true};
  }
  num_sequences_ = num_sequences;
}

Metrics ErrorSums::metrics(const std::vector<std::string>& names) const {
  Metrics metrics;
  for (std::size_t id = 0; id < sums_.size(); ++id) {
    if (sums_[id].seen) metrics.add(names[id], sums_[id].value, sums_[id].norm);
  }
  metrics.num_sequences = num_sequences_;
  return metrics;
}

}  // namespace rnnlib
