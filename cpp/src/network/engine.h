// SPDX-License-Identifier: Apache-2.0
// A network in one precision: weights, and running tasks of sequences on threads.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "network/workspace.h"

namespace rnnlib {

// Sums of errors by the loss's ids; turned into names once at the end.
class ErrorSums {
 public:
  void add(const SequenceErrors& errors);
  Metrics metrics(const std::vector<std::string>& names) const;
  double criterion() const { return sums_.empty() ? 0 : sums_[0].value; }
  Index num_sequences() const { return num_sequences_; }

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
};

template <class Real>
class Engine {
 public:
  explicit Engine(const NetworkSpec& spec) : layout_(spec) {
    packed_.values.resize(packed_size());
    packed_.values.fill(Real(0));
    arrange();
  }

  const NetworkLayout& layout() const { return layout_; }

  // Weights, gradients and the optimiser's vectors are kept in the packed order (network/layout.h); its padding is 0.
  Index packed_size() const { return static_cast<Index>(layout_.packed_source.size()); }
  std::vector<double> to_flat(const Real* packed) const;
  void to_packed(const std::vector<double>& flat, Real* packed) const;

  const Buffer<Real>& weights() const { return packed_.values; }
  const PackedWeights<Real>& packed() const { return packed_; }
  // For optimisers: change, then arrange().
  Buffer<Real>& mutable_weights() { return packed_.values; }
  void arrange() { packed_.arrange(layout_); }

  // Errors of sequences [first, first + count), added to `result`; with `gradient` (packed) also adds the gradient to
  // it. Whatever the number of threads, the sums are the same to the bit.
  void run(const Loss<Real>& loss, const std::vector<Sequence>& sequences, Index first, Index count, int threads,
           RunResult& result, Real* gradient, bool clip_deltas) const;

  // A gradient that run() has added to: gives all places of a shared weight the sum of theirs.
  void sum_shared(Real* gradient) const;

  std::vector<Prediction> predict(const Loss<Real>& loss, const std::vector<Sequence>& sequences, int threads) const;
  // One sequence in a workspace of the caller's, on the calling thread.
  void predict(const Loss<Real>& loss, const Sequence& sequence, EngineWorkspace<Real>& workspace,
               Prediction& prediction) const;
  std::vector<TraceVariable> trace(const Loss<Real>& loss, const Sequence& sequence) const;

  MemoryEstimate memory(const Loss<Real>& loss, const Shape& input_shape, const MemoryOptions& options) const;

 private:
  using Keep = typename EngineWorkspace<Real>::Keep;

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

  void run_batch(const Loss<Real>& loss, const Sequence* sequences, Index first, Index count, int threads,
                 bool with_gradient, bool clip_deltas, EngineWorkspace<Real>& workspace, SequenceErrors* errors) const;

  std::vector<TraceVariable> trace_in_memory(const Loss<Real>& loss, const Sequence& sequence) const;

  NetworkLayout layout_;
  PackedWeights<Real> packed_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<EngineWorkspace<Real>>> free_;
};

}  // namespace rnnlib
