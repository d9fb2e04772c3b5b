// SPDX-License-Identifier: Apache-2.0
// Everything that changes while batches of sequences run through a network; one per thread, reused.
#pragma once

#include <memory>
#include <vector>

#include "decode/decoder.h"
#include "loss/loss.h"
#include "network/layout.h"

namespace rnnlib {

// All weights in the packed order, and those of the levels as their sweeps read them.
template <class Real>
struct PackedWeights {
  Buffer<Real> values;
  std::vector<LevelWeights<Real>> levels;

  // After `values` changed.
  void arrange(const NetworkLayout& layout, int threads);
  const Real* at(Index offset) const { return values.data() + offset; }

  // Bytes of the weights in all these orders, and of the map between the packed and the flat order.
  static Index bytes(const NetworkLayout& layout);
};

// Dropout between levels (Srivastava et al. 2014), for training: a share of the numbers that a level reads from the
// level below is 0, and the others are larger by 1 / (1 - rate).
struct Dropout {
  double rate = 0;
  const std::uint64_t* seeds = nullptr;  // one per sequence: which numbers are dropped
};

template <class Real>
class EngineWorkspace {
 public:
  using Keep = typename Level<Real>::Keep;

  explicit EngineWorkspace(const NetworkLayout& layout);

  // Net inputs of the output layer for `count` sequences; `first_number` counts the first one, for messages.
  // Throws DataError when a sequence does not fit the network, std::bad_alloc when there is not enough memory.
  void forward(const PackedWeights<Real>& weights, const Sequence* sequences, Index count, Index first_number,
               Keep keep, int threads, const Dropout& dropout = {});

  // After output(s).d_net was written for every sequence: adds the gradients of the packed weights to d_weights, which
  // is aligned as a Buffer is.
  void backward(const PackedWeights<Real>& weights, Real limit, bool input_errors, int threads, Real* d_weights);

  // Sequence s's part of the output layer.
  const OutputView<Real>& output(Index s, bool deltas, bool output_errors = false);  // until the next call
  const BatchShape& output_batch() const { return output_batch_; }

  // A gradient of this workspace's own: as the last call left it, or zeros.
  Buffer<Real>& d_weights() { return d_weights_; }
  Real* clear_gradient() {
    d_weights_.resize(static_cast<Index>(layout_.packed_source.size()));
    d_weights_.fill(Real(0));
    return d_weights_.data();
  }
  LossWorkspace& loss() { return loss_; }
  Decoder<Real>& decoder() { return *decoder_; }
  // Labels of an output: until the next call.
  const std::vector<Index>& read_labels(const OutputView<Real>& view) {
    decode(*decoder_, view.output, view.points, read_);
    return read_.labels;
  }
  // For passes with other weights than the network's.
  PackedWeights<Real>& own_weights() { return own_weights_; }
  std::vector<SequenceErrors>& errors() { return errors_; }

  // All variables of the one sequence that ran with Keep::kForTrace, with errors when backward ran (docs/behaviour.md,
  // "Dumps").
  std::vector<TraceVariable> trace(const PackedWeights<Real>& weights, bool with_errors);

  // Bytes that running this batch forward, or (training) also backward, takes, about; without those of the loss.
  static Index bytes(const NetworkLayout& layout, const BatchShape& input_batch, bool training);

 private:
  struct StageBuffers {
    BatchShape batch;      // of the level's points
    BatchShape top_batch;  // above its block layer
    std::shared_ptr<const WaveSchedule> schedule;
    Level<Real> level;
    Buffer<Real> top;  // [top points, top_size], only with a block layer
    Buffer<Real> d_top;
    Buffer<Real> subsample;        // [top points, subsample_size]
    Buffer<Real> subsample_net;    // traces only
    Buffer<Real> d_subsample_net;  // traces only
    Buffer<Real> d_input;          // [points, input_size]
    Buffer<Real> kept_input;       // [points, input_size], with dropout
  };

  // A sequence alone, before and above the input block layer.
  struct BlockedSequence {
    BatchShape inputs;
    BatchShape blocked;
  };

  // Stage i's buffers. Prediction keeps no more than the next stage reads: there stages share buffers, by turns where
  // the next one reads from them. Backward, only the stage at hand has errors, except for traces.
  Buffer<Real>& top(std::size_t i) { return stages_[keep_ == Keep::kNothing ? i % 2 : i].top; }
  Buffer<Real>& subsample(std::size_t i) { return stages_[keep_ == Keep::kNothing ? i % 2 : i].subsample; }
  Level<Real>& level(std::size_t i) { return stages_[keep_ == Keep::kNothing ? level_places_[i] : i].level; }
  Buffer<Real>& d_top(std::size_t i) { return stages_[keep_ == Keep::kForTrace ? i : 0].d_top; }
  Buffer<Real>& d_input(std::size_t i) { return stages_[keep_ == Keep::kForTrace ? i : 0].d_input; }

  bool is_planned(const Sequence* sequences, Index count) const;
  void plan(const Sequence* sequences, Index count);
  void ask_for_memory(const Sequence* sequences, Index count);
  void read_inputs(const Sequence* sequences, Index count);
  void drop_input(std::size_t i);
  void drop_rows(std::size_t i, const Real* from, Real* to) const;
  void forward_top(std::size_t i, const PackedWeights<Real>& weights, int threads);
  void forward_subsample(std::size_t i, const PackedWeights<Real>& weights, int threads);
  const Real* top_rows(std::size_t i, Index first, Index n, Buffer<Real>& strip);
  void forward_output(const PackedWeights<Real>& weights, int threads);
  void backward_output(const PackedWeights<Real>& weights, int threads, Real* d_weights);
  void backward_top(std::size_t i, const PackedWeights<Real>& weights, int threads, Real* d_weights);
  const Real* level_input(std::size_t i);
  const Real* output_below(std::size_t i);

  void trace_input(std::vector<TraceVariable>& variables, bool with_errors);
  void trace_level(std::size_t i, std::vector<TraceVariable>& variables, bool with_errors);
  void trace_identity(std::size_t i, Index j, std::vector<TraceVariable>& variables, bool with_errors);
  void trace_output_errors(std::size_t i, Index j, const std::string& name, std::vector<TraceVariable>& variables);
  void trace_top(std::size_t i, std::vector<TraceVariable>& variables, bool with_errors);
  void trace_output(const PackedWeights<Real>& weights, std::vector<TraceVariable>& variables, bool with_errors);

  const NetworkLayout& layout_;
  BatchShape input_batch_;                          // of the plan: shapes, schedules and points of all layers
  Buffer<Real> input_;                              // [points, input_size]; with inputBlock for traces only
  Buffer<Real> blocked_input_;                      // with inputBlock
  std::vector<BlockedSequence> blocked_sequences_;  // with inputBlock
  std::vector<StageBuffers> stages_;
  std::vector<std::size_t> level_places_;  // see level()
  std::vector<Buffer<Real>> strips_;       // per thread: some rows of a block layer, see top_rows()
  BatchShape output_batch_;
  Buffer<Real> hidden_sums_;  // [output points, last level's output], only with a collapse layer
  Buffer<Real> d_hidden_sums_;
  Buffer<Real> output_net_;  // [output points, output_size]
  Buffer<Real> output_;
  Buffer<Real> d_output_net_;
  Buffer<Real> d_output_;
  Buffer<Real> d_weights_;
  PackedWeights<Real> own_weights_;
  Dropout dropout_;
  Keep keep_ = Keep::kNothing;
  Index granted_ = 0;  // bytes, see ask_for_memory()
  ScheduleCache schedules_;
  LossWorkspace loss_;
  std::unique_ptr<Decoder<Real>> decoder_;
  Prediction read_;  // labels only
  std::vector<SequenceErrors> errors_;
  OutputView<Real> view_;
};

}  // namespace rnnlib
