// SPDX-License-Identifier: Apache-2.0
// How much memory running sequences takes, without taking it.
#include <algorithm>

#include "network/engine.h"
#include "network/shards.h"

namespace rnnlib {

template <class Real>
MemoryEstimate Engine<Real>::memory(const Loss<Real>& loss, const Shape& input_shape,
                                    const MemoryOptions& options) const {
  layout_.check_shape(input_shape);
  constexpr Index kEnough = 16;  // sequences to fill a shard
  Sequence like;
  like.set_inputs(nullptr, input_shape, layout_.spec.data.input_size);
  const Index threads = std::max(options.threads, 1);
  const Index count = std::clamp<Index>(options.sequences, 1, kEnough * threads);
  const std::vector<Sequence> sequences(static_cast<std::size_t>(count), like);
  const std::vector<Shard> shards = make_shards(layout_, sequences, 0, count);

  MemoryEstimate estimate;
  estimate.batch_sequences = shards.front().batches.front().count;
  estimate.workspaces = std::min(threads, static_cast<Index>(shards.size()));
  estimate.weights_bytes = PackedWeights<Real>::bytes(layout_);
  estimate.update_bytes = 4 * packed_size() * static_cast<Index>(sizeof(Real));  // the gradient and three of RMSprop's
  BatchShape batch;
  for (Index s = 0; s < estimate.batch_sequences; ++s) batch.add(input_shape);
  const Index points = num_points(layout_.output_shape(input_shape));
  estimate.predict_bytes = EngineWorkspace<Real>::bytes(layout_, batch, false);
  estimate.train_bytes = EngineWorkspace<Real>::bytes(layout_, batch, true) +
                         loss.bytes(points, layout_.output_size, options.target_length);
  return estimate;
}

template MemoryEstimate Engine<float>::memory(const Loss<float>&, const Shape&, const MemoryOptions&) const;
template MemoryEstimate Engine<double>::memory(const Loss<double>&, const Shape&, const MemoryOptions&) const;

}  // namespace rnnlib
