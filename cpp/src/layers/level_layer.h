// SPDX-License-Identifier: Apache-2.0
// A level as a layer of the list: the hidden layers of all directions, side by side in its rows.
#pragma once

#include "layers/layer_of.h"
#include "layers/level.h"
#include "layers/stream_level.h"

namespace rnnlib {

class LevelLayer;

template <class Real>
class PackedLevel final : public LayerWeights<Real> {
 public:
  explicit PackedLevel(const LevelLayer& layer);
  Index tasks() const override { return shape_.directions(); }
  void pack(Index task, const Real* packed) override { weights.assign(shape_, static_cast<std::size_t>(task), packed); }
  static Index elements(const LevelLayer& layer);

  LevelWeights<Real> weights;

 private:
  const LevelShape& shape_;
};

template <class Real>
class LevelState final : public LayerState<Real> {
 public:
  explicit LevelState(const LevelLayer& layer);
  void find_schedule(ScheduleCache& schedules) override;
  void size_buffers(const Pass<Real>& pass, BufferSizer& size) override;
  void forward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input, Real* output) override;
  void backward(const Pass<Real>& pass, const LayerWeights<Real>* weights, const LayerRows<Real>& rows,
                Real* d_weights) override;
  void trace(const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const override;

 private:
  void trace_hidden(std::size_t direction, const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const;
  void trace_identity(std::size_t direction, const LayerRows<Real>& rows, std::vector<TraceVariable>& variables) const;
  std::vector<Real> read(std::size_t direction, SweepVariable variable) const;

  const LevelLayer& level_;
  std::shared_ptr<const WaveSchedule> schedule_;
  Level<Real> sweeps_;
};

template <class Real>
class LevelStream final : public LayerStream<Real> {
 public:
  explicit LevelStream(const LevelLayer& layer);
  std::unique_ptr<LayerStream<Real>> copy() const override { return std::make_unique<LevelStream>(*this); }
  void reset() override { level_.reset(); }
  const Real* step(const Pass<Real>& pass, const LayerWeights<Real>* weights, const Real* input) override;

 private:
  const LevelShape& shape_;
  StreamLevel<Real> level_;
  Buffer<Real> output_;  // [hidden]
};

class LevelLayer final : public LayerOf<LevelLayer, LevelState, LevelStream, PackedLevel> {
 public:
  static bool is_wanted(const LayerContext& context) { return !context.level_spec().is_convolution; }
  explicit LevelLayer(const LayerContext& context);

  double wave_width(const Shape& input) const override;

  LevelShape shape;
  std::vector<unsigned> directions;  // of its layers, in order; bit d set: +1 along dimension d

 private:
  void add_direction(const LayerContext& context, std::size_t direction);
  void place_matrix(const LayerContext& context, std::size_t direction, const std::string& owner);
  void place_peepholes(const LayerContext& context, std::size_t direction);
};

}  // namespace rnnlib
