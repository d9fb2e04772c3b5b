// SPDX-License-Identifier: Apache-2.0
// A network in one precision: weights, and running tasks of sequences on threads.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "base/function_ref.h"
#include "network/engine_base.h"
#include "network/error_sums.h"
#include "network/shards.h"
#include "network/shared_weights.h"
#include "network/workspace_pool.h"

namespace rnnlib {

template <class Real>
class Engine : public EngineBase {
 public:
  using Number = Real;

  explicit Engine(const NetworkSpec& spec) : EngineBase(spec), weights_(layout_), workspaces_(layout_) {}

  Precision precision() const override { return std::is_same_v<Real, float> ? Precision::kFloat : Precision::kDouble; }

  // Weights, gradients and the optimiser's vectors are kept in the packed order (network/layout.h); its padding is 0.
  Index packed_size() const { return static_cast<Index>(layout_.packed_source.size()); }
  std::vector<double> to_flat(const Real* packed) const;
  void to_packed(const std::vector<double>& flat, Real* packed) const { copy_to_packed(flat.data(), packed); }
  // Between numbers of any type in the flat order and the packed ones.
  template <class Value>
  void copy_to_flat(const Real* packed, Value* flat) const;
  template <class Value>
  void copy_to_packed(const Value* flat, Real* packed) const;

  // The weights as they are now: they stay as they are for those who hold them, whatever becomes of the network's.
  HeldWeights<Real> hold_weights() const { return weights_.hold(); }
  std::vector<double> flat_weights() const override { return to_flat(hold_weights()->values.data()); }
  void set_flat_weights(const std::vector<double>& weights) override;
  void set_flat_weights(const std::vector<double>& weights, const std::vector<Connection>& connections) override;
  WeightSnapshot snapshot() const override;
  // Calls change(Buffer<Real>& values), which writes the packed weights and must not throw once it has begun to.
  template <class Change>
  void change_weights(const Change& change) {
    weights_.change(change);
  }

  // The calls of a Network; each makes a loss for itself.
  void check(const std::vector<Sequence>& sequences) const override;
  Metrics evaluate(const std::vector<Sequence>& sequences, const RunOptions& options,
                   std::vector<SkippedTarget>* skipped) const override;
  GradientResult gradient(const std::vector<Sequence>& sequences, const RunOptions& options,
                          bool clip_deltas) const override;
  std::vector<Prediction> predict(const std::vector<Sequence>& sequences, const RunOptions& options) const override;
  std::vector<TraceVariable> trace(const Sequence& sequence, const RunOptions& options) const override;
  std::vector<TraceVariable> jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                      const RunOptions& options) const override;
  MemoryEstimate memory(const Shape& input_shape, const MemoryOptions& options) const override;
  std::unique_ptr<Predictor> make_predictor() const override;
  std::unique_ptr<StreamRun> make_stream() const override;

  // Workspaces for passes that the engine does not make itself.
  WorkspacePool<Real>& workspaces() const { return workspaces_; }

  // The loss of the network's task.
  std::unique_ptr<Loss<Real>> loss_for(const RunOptions& options) const;

  // What sequences run through.
  struct Model {
    const Loss<Real>& loss;
    const PackedWeights<Real>& weights;
    const Decoder* decoder = nullptr;  // null: the task's own
  };

  // Threads that run(), or run_passes(), is worth, at most `threads`: 1 where starting more costs more than they gain.
  int useful_threads(const std::vector<Sequence>& sequences, Index first, Index count, int threads) const;
  int useful_threads(const std::vector<Sequence>& sequences, const std::vector<Index>& passes, int threads) const;

  // Throws DataError for the first of sequences [first, first + count) that does not fit. All runs ask for themselves.
  void check(const Loss<Real>& loss, const std::vector<Sequence>& sequences, Index first, Index count) const;

  // Errors of the sequences of a range, added to `result`; with `gradient` (packed, aligned as a Buffer is)
  // also adds the gradient to it. Whatever the number of threads, the sums are the same to the bit.
  void run(const Model& model, const std::vector<Sequence>& sequences, const Range& range, int max_threads,
           RunResult& result, Real* gradient, bool clip_deltas, const Dropout& dropout = {}) const;

  // The same for shards (make_shards) whose sums the caller makes: `done` is called in their order, with the errors of
  // the shard's sequences and the shard's gradient (packed), null without gradients. With `sum` the gradients are added
  // to it, one batch after another, which gives the same bits on any number of threads for a single shard only.
  struct ShardRuns {
    const Shard* first = nullptr;
    Index count = 0;
    bool with_gradient = false;
    Real* sum = nullptr;
    FunctionRef<void(const Shard& shard, const SequenceErrors* errors, const Real* gradient)> done;
  };
  void run_shards(const Model& model, const std::vector<Sequence>& sequences, const ShardRuns& runs, int max_threads,
                  bool clip_deltas, const Dropout& dropout) const;

  // Passes of single sequences with weights of their own. `make` writes those of pass i (packed; called on its thread);
  // `done` is called in the order of the passes, with the gradient (packed) where wanted, else null.
  struct Passes {
    std::vector<Index> sequences;      // of each pass
    const Decoder* decoder = nullptr;  // null: the task's own
    std::function<void(Index i, int thread, Real* weights)> make;
    std::function<void(Index i, const SequenceErrors& errors, Real* gradient)> done;
  };
  void run_passes(const Loss<Real>& loss, const std::vector<Sequence>& sequences, const Passes& passes, int max_threads,
                  bool with_gradient, const Dropout& dropout = {}) const;

  // A gradient that run() has added to: gives the owner of a tied weight the sum over all its copies, which are 0 then.
  void reduce_tied(Real* gradient) const;
  // Copies the owner's to the copies.
  void broadcast_tied(Real* gradient) const;

  std::vector<Prediction> predict(const Model& model, const std::vector<Sequence>& sequences, int max_threads) const;
  // One sequence in a workspace of the caller's, with the workspace's decoder, on the calling thread.
  void predict(const Model& model, const Sequence& sequence, EngineWorkspace<Real>& workspace,
               Prediction& prediction) const;
  std::vector<TraceVariable> trace(const Model& model, const Sequence& sequence) const;
  std::vector<TraceVariable> jacobian(const Model& model, const Sequence& sequence,
                                      const OutputCoordinates& coordinates) const;

  MemoryEstimate memory(const Loss<Real>& loss, const Shape& input_shape, const MemoryOptions& options) const;

 private:
  void read_outputs(const Decoder& decoder, const std::vector<Sequence>& sequences,
                    std::vector<Prediction>& predictions, int max_threads) const;
  int threads_of(const std::vector<Sequence>& sequences, const Shard* shards, Index count, int threads) const;
  int threads_for(double points, std::size_t shards, int threads) const;
  // The weights that a snapshot holds, or else the network's as they are now.
  HeldWeights<Real> weights_for(const WeightSnapshot& snapshot) const;

  using Lease = typename WorkspacePool<Real>::Lease;
  // Workspaces that shards need; threads beyond that help inside of them.
  static int num_workspaces(std::size_t shards, int threads) {
    return static_cast<int>(std::min(shards, static_cast<std::size_t>(std::max(threads, 1))));
  }

  // How a batch runs.
  struct Mode {
    bool clip_deltas;
    Dropout dropout;
  };
  void run_batch(const Model& model, const Sequence* sequences, const Range& range, const Mode& mode,
                 EngineWorkspace<Real>& workspace, SequenceErrors* errors, Real* d_weights) const;

  std::vector<TraceVariable> trace_in_memory(const Model& model, const Sequence& sequence) const;
  std::vector<TraceVariable> jacobian_in_memory(const Model& model, const Sequence& sequence,
                                                const OutputCoordinates& coordinates) const;

  SharedWeights<Real> weights_;
  mutable WorkspacePool<Real> workspaces_;
};

template <class Real>
template <class Value>
void Engine<Real>::copy_to_flat(const Real* packed, Value* flat) const {
  for (std::int32_t source : layout_.packed_source) {
    if (source >= 0) flat[source] = static_cast<Value>(*packed);
    ++packed;
  }
}

template <class Real>
template <class Value>
void Engine<Real>::copy_to_packed(const Value* flat, Real* packed) const {
  for (std::int32_t source : layout_.packed_source) *packed++ = source < 0 ? Real(0) : static_cast<Real>(flat[source]);
}

// Calls use(engine) with the Engine<float> or Engine<double> that an engine is: for factories of what belongs to one
// precision.
template <class Use>
decltype(auto) with_precision(EngineBase& engine, const Use& use) {
  if (engine.precision() == Precision::kFloat) return use(static_cast<Engine<float>&>(engine));
  return use(static_cast<Engine<double>&>(engine));
}

}  // namespace rnnlib
