// SPDX-License-Identifier: Apache-2.0
// Work on a batch, with an error that says how much memory it needs when there is not enough.
#pragma once

#include <new>
#include <string>

#include "loss/loss.h"
#include "network/check_sequence.h"
#include "network/shards.h"
#include "network/workspace.h"
#include "rnnlib/error.h"

namespace rnnlib {

// Calls work(). Where memory runs out, throws OutOfMemoryError, which names the largest sequence of the batch.
template <class Real, class Work>
void run_in_memory(const NetworkLayout& layout, const Loss<Real>& loss, const Sequence* sequences, const Range& range,
                   bool training, const Work& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    BatchShape batch;
    Index largest = range.first;
    for (Index i = range.first; i < range.first + range.count; ++i) {
      batch.add(sequences[i].shape());
      if (points_of(sequences[i]) > points_of(sequences[largest])) largest = i;
    }
    const Sequence& sequence = sequences[largest];
    Index bytes = EngineWorkspace<Real>::bytes(layout, batch, training);
    if (sequence.target() != nullptr) {
      const Index points = num_points(layout.output_shape(sequence.shape()));
      bytes += loss.bytes(points, layout.output_size, sequence.target_length());
    }
    const std::string others =
        range.count > 1 ? " and the " + std::to_string(range.count - 1) + " that run with it" : "";
    throw OutOfMemoryError("sequence " + sequence_name(sequence, largest) + " of shape " + to_string(sequence.shape()) +
                           others + ": not enough memory, about " + std::to_string((bytes >> 20) + 1) +
                           " MiB are needed");
  }
}

}  // namespace rnnlib
