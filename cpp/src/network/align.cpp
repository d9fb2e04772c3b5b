// SPDX-License-Identifier: Apache-2.0
// Sequences forward through the network, and their targets laid over the outputs.
#include <algorithm>

#include "base/ctc_points.h"
#include "base/parallel/loops.h"
#include "network/check_sequence.h"
#include "network/engine_base.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

std::vector<Index> labels_of(const Sequence& sequence) {
  return {sequence.target(), sequence.target() + sequence.target_length()};
}

// Those that do not fit are noted, or else the first one is an error.
std::vector<bool> find_fitting(const NetworkLayout& layout, const std::vector<Sequence>& sequences,
                               std::vector<SkippedTarget>* skipped) {
  std::vector<bool> fitting;
  for (const Sequence& sequence : sequences) {
    const Index needed = ctc_points_needed(sequence.target(), sequence.target_length());
    const Index available = num_points(layout.output_shape(sequence.shape()));
    const std::string name = sequence_name(sequence, static_cast<Index>(fitting.size()));
    fitting.push_back(needed <= available);
    if (fitting.back()) continue;
    if (skipped == nullptr) {
      throw DataError("sequence " + name + ": its target needs " + std::to_string(needed) +
                      " output points, there are " + std::to_string(available));
    }
    skipped->push_back({sequence.tag().empty() ? name : sequence.tag(), needed, available});
  }
  return fitting;
}

}  // namespace

std::vector<Alignment> Network::align(const std::vector<Sequence>& sequences, const RunOptions& options,
                                      std::vector<SkippedTarget>* skipped) const {
  const NetworkLayout& layout = engine_->layout();
  if (!task_info(layout.spec.task).has_positions()) {
    throw ConfigError("task " + to_string(layout.spec.task) + " has no labels to align; expected transcription");
  }
  engine_->check(sequences);
  const std::vector<bool> fitting = find_fitting(layout, sequences, skipped);
  RunOptions best_path = options;
  best_path.decoder = nullptr;
  const std::vector<Prediction> predictions = engine_->predict(sequences, best_path);
  std::vector<Alignment> alignments(sequences.size());
  const auto align_one = [&](Index i, int) {
    const auto at = static_cast<std::size_t>(i);
    if (!fitting[at]) return;
    const Prediction& found = predictions[at];
    alignments[at] = rnnlib::align(labels_of(sequences[at]), found.outputs, num_points(found.shape), found.size);
    layout.find_input_positions(sequences[at].shape(), alignments[at].positions, alignments[at].input_positions);
  };
  const Index count = static_cast<Index>(sequences.size());
  const int threads = static_cast<int>(std::max<Index>(1, std::min<Index>(count, options.threads)));
  with_team(threads, [&] { parallel_for(count, align_one); });
  return alignments;
}

}  // namespace rnnlib
