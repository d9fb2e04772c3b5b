// SPDX-License-Identifier: Apache-2.0
// How much memory weights and workspaces take, without making any: the sizes that their buffers are given elsewhere.
#include <algorithm>

#include "network/engine.h"
#include "network/jobs.h"

namespace rnnlib {

namespace {

// The most points with an equal sum of coordinates.
Index max_wave_width(Shape shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), Index{1}), shape.end());
  if (shape.size() < 2) return 1;
  if (shape.size() == 2) return std::min(shape[0], shape[1]);
  std::vector<Index> widths{1};
  for (Index n : shape) {
    std::vector<Index> next(widths.size() + static_cast<std::size_t>(n) - 1, 0);
    Index window = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (i < widths.size()) window += widths[i];
      if (i >= static_cast<std::size_t>(n)) window -= widths[i - static_cast<std::size_t>(n)];
      next[i] = window;
    }
    widths = std::move(next);
  }
  return *std::max_element(widths.begin(), widths.end());
}

// The widest waves of all sequences may fall together.
Index max_wave_width(const BatchShape& batch) {
  Index width = 0;
  for (const Shape& shape : batch.shapes) width += max_wave_width(shape);
  return width;
}

Index schedule_bytes(const NetworkLayout& layout, const LevelShape& level, const BatchShape& batch) {
  if (level.pointwise()) return WaveSchedule::bytes(batch.points, 1, 0, 1);
  Index waves = 0;
  for (const Shape& shape : batch.shapes) {
    Index own = 1;
    for (Index size : shape) own += size - 1;
    waves = std::max(waves, own);
  }
  return WaveSchedule::bytes(batch.points, waves, layout.num_dims, static_cast<Index>(layout.directions.size()));
}

// Elements of a buffer that each stage has for itself, or that stages share, all of them or by turns.
class StageElements {
 public:
  explicit StageElements(bool shared) : shared_(shared) {}
  void add(std::size_t place, Index elements) {
    if (!shared_) place = own_++;
    if (place >= sizes_.size()) sizes_.resize(place + 1, 0);
    sizes_[place] = std::max(sizes_[place], elements);
  }
  Index total() const {
    Index sum = 0;
    for (Index size : sizes_) sum += size;
    return sum;
  }

 private:
  bool shared_;
  std::size_t own_ = 0;
  std::vector<Index> sizes_;
};

}  // namespace

template <class Real>
Index PackedWeights<Real>::bytes(const NetworkLayout& layout) {
  Index elements = static_cast<Index>(layout.packed_source.size());
  for (const Stage& stage : layout.stages) {
    const LevelShape& level = stage.level;
    for (const SweepShape& sweep : level.sweeps) {
      elements += RowWeights<Real>::elements(level.input_size, sweep.net_size()) +
                  RowWeights<Real>::elements(sweep.recurrent_size(), sweep.net_size()) +
                  RowWeights<Real>::elements(sweep.net_size(), sweep.recurrent_size());
    }
    elements += RowWeights<Real>::elements(level.directions() * level.sweeps.front().net_size(), level.input_size);
  }
  return elements * static_cast<Index>(sizeof(Real)) +
         static_cast<Index>(layout.packed_source.size() * sizeof(std::int32_t) +
                            layout.shared.size() * sizeof(NetworkLayout::Shared));
}

template <class Real>
Index EngineWorkspace<Real>::bytes(const NetworkLayout& layout, const BatchShape& input_batch, bool training) {
  const Shape& input_block = layout.spec.input_block;
  BatchShape batch = blocked_shape(input_batch, input_block);
  Index elements = batch.points * layout.stages[0].level.input_size;
  Index schedules = 0;
  Index strip = 0;
  StageElements outputs(!training);
  StageElements sweeps(!training);
  StageElements tops(!training);
  StageElements subsamples(!training);
  StageElements d_tops(true);
  StageElements d_inputs(true);
  std::size_t place = 0;  // as in level_places_
  for (std::size_t i = 0; i < layout.stages.size(); ++i) {
    const Stage& stage = layout.stages[i];
    const BatchShape top = blocked_shape(batch, stage.block);
    const Index of_outputs = batch.points * stage.level.output_size();
    const Index of_top = stage.block.empty() ? 0 : top.points * stage.top_size;
    schedules += schedule_bytes(layout, stage.level, batch);
    outputs.add(place, of_outputs);
    const std::size_t kind = Sweep<Real>::narrow(stage.level.sweeps.front()) ? 1 : 0;  // each has buffers of its own
    sweeps.add(2 * place + kind,
               Level<Real>::elements(stage.level, batch.points, max_wave_width(batch), training) - of_outputs);
    subsamples.add(i % 2, top.points * stage.subsample_size);
    if (training || stage.subsample_size == 0) {
      tops.add(i % 2, of_top);
    } else if (of_top > 0) {
      strip = std::max(strip, std::min(top.points, kRowBlock) * stage.top_size);
    }
    if (training && stage.subsample_size > 0) d_tops.add(0, of_top);
    if (training && i > 0) d_inputs.add(0, batch.points * stage.level.input_size);
    if (stage.block.empty() && stage.subsample_size == 0) place = 1 - place;
    if (i + 1 < layout.stages.size()) batch = top;
  }
  const Index output_points = collapsed_shape(batch, layout.collapse).points;
  elements += output_points * layout.output_size * (training ? 3 : 2);
  if (layout.collapse != Collapse::kNone) {
    elements += output_points * layout.stages.back().level.output_size() * (training ? 2 : 1);
  }
  elements += outputs.total() + sweeps.total() + tops.total() + subsamples.total() + d_tops.total() + d_inputs.total();
  elements += strip;
  if (training) elements += static_cast<Index>(layout.packed_source.size());
  return elements * static_cast<Index>(sizeof(Real)) + schedules;
}

template <class Real>
MemoryEstimate Engine<Real>::memory(const Loss<Real>& loss, const Shape& input_shape,
                                    const MemoryOptions& options) const {
  layout_.check_shape(input_shape);
  constexpr Index kEnough = 16;  // sequences to fill a job
  Sequence like;
  like.set_inputs(nullptr, input_shape, layout_.spec.data.input_size);
  const Index threads = std::max(options.threads, 1);
  const Index count = std::clamp<Index>(options.sequences, 1, kEnough * threads);
  const std::vector<Sequence> sequences(static_cast<std::size_t>(count), like);
  const std::vector<Job> jobs = make_jobs(layout_, sequences, 0, count);

  MemoryEstimate estimate;
  estimate.batch_sequences = jobs.front().batches.front().count;
  estimate.workspaces = std::min(threads, static_cast<Index>(jobs.size()));
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
template Index PackedWeights<float>::bytes(const NetworkLayout&);
template Index PackedWeights<double>::bytes(const NetworkLayout&);
template Index EngineWorkspace<float>::bytes(const NetworkLayout&, const BatchShape&, bool);
template Index EngineWorkspace<double>::bytes(const NetworkLayout&, const BatchShape&, bool);

}  // namespace rnnlib
