// SPDX-License-Identifier: Apache-2.0
// A network in one precision: weights, and running tasks of sequences on threads.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/fork_mutex.h"
#include "network/jobs.h"
#include "network/normalise.h"
#include "network/shared_weights.h"
#include "network/workspace.h"

namespace rnnlib {

// Sums of errors by the loss's ids; turned into names once at the end.
class ErrorSums {
 public:
  // A share of a sequence's errors, which counts as so many sequences.
  void add(const SequenceErrors& errors, double share = 1, Index sequences = 1);
  Metrics metrics(const std::vector<std::string>& names) const;
  // The training criterion, summed; 0 before the first sequence.
  double criterion() const { return sums_.empty() ? 0 : sums_[0].value; }
  Index num_sequences() const { return num_sequences_; }

  // Value and norm by id; a norm of -1 where there was no such error.
  std::vector<double> store() const;
  void restore(const std::vector<double>& sums, Index num_sequences);

 private:
  struct Sum {
    double value = 0;
    double norm = 0;
    bool seen = false;
  };
  std::vector<Sum> sums_;
  Index num_sequences_ = 0;
};

// What a run of sequences through the loss leaves behind.
struct RunResult {
  ErrorSums errors;
  std::vector<SkippedTarget> skipped;

  // What a pass of a sequence gave: a share of its errors; `last` of its passes.
  void add(const SequenceErrors& sequence_errors, const Sequence& sequence, Index number, double share = 1,
           bool last = true);
};

template <class Real>
class Engine {
 public:
  explicit Engine(const NetworkSpec& spec) : layout_(spec), weights_(layout_) {}

  const NetworkLayout& layout() const { return layout_; }

  // Of the network's data, as it is now: it stays so for who holds it. The engine itself takes numbers as they are.
  std::shared_ptr<const Normalisation> hold_normalisation() const {
    const std::lock_guard<ForkMutex> lock(mutex_);
    return normalisation_;
  }
  void set_normalisation(const Normalisation& normalisation) {
    auto made = std::make_shared<const Normalisation>(checked_normalisation(normalisation, layout_.spec));
    const std::lock_guard<ForkMutex> lock(mutex_);
    normalisation_.swap(made);
  }

  // Weights, gradients and the optimiser's vectors are kept in the packed order (network/layout.h); its padding is 0.
  Index packed_size() const { return static_cast<Index>(layout_.packed_source.size()); }
  std::vector<double> to_flat(const Real* packed) const;
  void to_packed(const std::vector<double>& flat, Real* packed) const;

  // The weights as they are now: they stay as they are for those who hold them, whatever becomes of the network's.
  HeldWeights<Real> hold_weights() const { return weights_.hold(); }
  std::vector<double> flat_weights() const { return to_flat(hold_weights()->values.data()); }
  // Calls change(Buffer<Real>& values), which writes the packed weights and must not throw once it has begun to.
  template <class Change>
  void change_weights(int threads, const Change& change) {
    weights_.change(threads, change);
  }

  // What sequences run through.
  struct Model {
    const Loss<Real>& loss;
    const PackedWeights<Real>& weights;
  };

  // Threads that run(), or run_passes(), is worth, at most `threads`: 1 where starting more costs more than they gain.
  int useful_threads(const std::vector<Sequence>& sequences, Index first, Index count, int threads) const;
  int useful_threads(const std::vector<Sequence>& sequences, const std::vector<Index>& passes, int threads) const;

  // Throws DataError for the first of sequences [first, first + count) that does not fit. All runs ask for themselves.
  void check(const Loss<Real>& loss, const std::vector<Sequence>& sequences, Index first, Index count) const;

  // Errors of sequences [first, first + count), added to `result`; with `gradient` (packed, aligned as a Buffer is)
  // also adds the gradient to it. Whatever the number of threads, the sums are the same to the bit.
  void run(const Model& model, const std::vector<Sequence>& sequences, Index first, Index count, int threads,
           RunResult& result, Real* gradient, bool clip_deltas, const Dropout& dropout = {}) const;

  // Passes of single sequences with weights of their own. `make` writes those of pass i (packed; called on its thread);
  // `done` is called in the order of the passes, with the gradient (packed) where wanted, else null.
  struct Passes {
    std::vector<Index> sequences;  // of each pass
    std::function<void(Index i, int thread, Real* weights)> make;
    std::function<void(Index i, const SequenceErrors& errors, Real* gradient)> done;
  };
  void run_passes(const Loss<Real>& loss, const std::vector<Sequence>& sequences, const Passes& passes, int threads,
                  bool with_gradient, const Dropout& dropout = {}) const;

  // A gradient that run() has added to: gives the owner of a shared weight the sum of all its places, which are 0 then.
  void fold_shared(Real* gradient) const;
  // Copies the owner's to the places that share.
  void spread_shared(Real* gradient) const;

  std::vector<Prediction> predict(const Model& model, const std::vector<Sequence>& sequences, int threads) const;
  // One sequence in a workspace of the caller's, on the calling thread.
  void predict(const Model& model, const Sequence& sequence, EngineWorkspace<Real>& workspace,
               Prediction& prediction) const;
  std::vector<TraceVariable> trace(const Model& model, const Sequence& sequence) const;
  std::vector<TraceVariable> jacobian(const Model& model, const Sequence& sequence,
                                      const OutputCoordinates& coordinates) const;

  MemoryEstimate memory(const Loss<Real>& loss, const Shape& input_shape, const MemoryOptions& options) const;

 private:
  using Keep = typename EngineWorkspace<Real>::Keep;

  int useful_threads(const std::vector<Sequence>& sequences, const std::vector<Job>& jobs, int threads) const;
  int threads_for(double points, std::size_t jobs, int threads) const;

  // Workspaces are taken for a call and given back: one network may be used by many threads at once. They keep the size
  // that their largest batch needed; those of a call that failed are not kept.
  class Lease {
   public:
    Lease(const Engine& engine, int count);
    void give_back();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    EngineWorkspace<Real>& operator[](int thread) { return *workspaces_[static_cast<std::size_t>(thread)]; }

   private:
    const Engine& engine_;
    std::vector<std::unique_ptr<EngineWorkspace<Real>>> workspaces_;
  };

  // How a batch runs.
  struct Mode {
    int threads;
    bool clip_deltas;
    Dropout dropout;
  };
  void run_batch(const Model& model, const Sequence* sequences, const Range& range, const Mode& mode,
                 EngineWorkspace<Real>& workspace, SequenceErrors* errors, Real* d_weights) const;

  std::vector<TraceVariable> trace_in_memory(const Model& model, const Sequence& sequence) const;
  std::vector<TraceVariable> jacobian_in_memory(const Model& model, const Sequence& sequence,
                                                const OutputCoordinates& coordinates) const;

  NetworkLayout layout_;
  std::shared_ptr<const Normalisation> normalisation_ = std::make_shared<const Normalisation>();  // under mutex_
  SharedWeights<Real> weights_;
  mutable ForkMutex mutex_;
  mutable std::vector<std::unique_ptr<EngineWorkspace<Real>>> free_;
};

}  // namespace rnnlib
