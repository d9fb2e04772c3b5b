// SPDX-License-Identifier: Apache-2.0
// A network's engine, in whichever precision it computes: weights go in, gradients, errors and predictions come out, as
// doubles in the flat order. Everything above network/ knows an engine by this class. A call is virtual, nothing within
// it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/fork_mutex.h"
#include "network/layout.h"
#include "rnnlib/network.h"

namespace rnnlib {

struct StreamOutput;

// Runs one sequence after another forward, on the calling thread and in buffers of its own.
class Predictor {
 public:
  virtual ~Predictor() = default;
  // With the weights that the network has now.
  virtual void predict(const Sequence& sequence, Prediction& prediction) = 0;
  virtual void set_decoder(std::shared_ptr<const Decoder> decoder) = 0;
};

// A sequence on its way through a network, point by point; the functions are those of Stream (rnnlib/stream.h). Inputs
// are [points, input size], finite and as the network takes them.
class StreamRun {
 public:
  virtual ~StreamRun() = default;
  virtual void push(const float* inputs, Index points, StreamOutput& output) = 0;
  virtual void finish(StreamOutput& output) = 0;
  virtual void reset() = 0;
  virtual void set_decoder(std::shared_ptr<const Decoder> decoder) = 0;
  // One that goes on by itself from where this one is, with the task's decoder at its beginning.
  virtual std::unique_ptr<StreamRun> copy() const = 0;
};

class EngineBase {
 public:
  explicit EngineBase(const NetworkSpec& spec) : layout_(spec) {}
  virtual ~EngineBase() = default;
  EngineBase(const EngineBase&) = delete;
  EngineBase& operator=(const EngineBase&) = delete;

  const NetworkLayout& layout() const { return layout_; }
  virtual Precision precision() const = 0;

  // The normalisation of the network's data, as it is now: whoever holds it keeps it as it is. The engine takes the
  // numbers of sequences as they are.
  std::shared_ptr<const Normalisation> hold_normalisation() const;
  void set_normalisation(const Normalisation& normalisation);

  // How the network's data were made of files. The engine only keeps it.
  std::string recipe() const;
  void set_recipe(std::string recipe);

  // All weights; or only those of some connections, the others keep theirs. [num_weights], finite in this precision.
  virtual std::vector<double> flat_weights() const = 0;
  virtual void set_flat_weights(const std::vector<double>& weights) = 0;
  virtual void set_flat_weights(const std::vector<double>& weights, const std::vector<Connection>& connections) = 0;
  virtual WeightSnapshot snapshot() const = 0;

  // Throws DataError for the first sequence that does not fit the network, with its target.
  virtual void check(const std::vector<Sequence>& sequences) const = 0;

  // What Network offers under these names.
  virtual Metrics evaluate(const std::vector<Sequence>& sequences, const RunOptions& options,
                           std::vector<SkippedTarget>* skipped) const = 0;
  virtual GradientResult gradient(const std::vector<Sequence>& sequences, const RunOptions& options,
                                  bool clip_deltas) const = 0;
  virtual std::vector<Prediction> predict(const std::vector<Sequence>& sequences, const RunOptions& options) const = 0;
  virtual std::vector<TraceVariable> trace(const Sequence& sequence, const RunOptions& options) const = 0;
  virtual std::vector<TraceVariable> jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                              const RunOptions& options) const = 0;
  virtual MemoryEstimate memory(const Shape& input_shape, const MemoryOptions& options) const = 0;

  // Both use the engine, which must outlive them.
  virtual std::unique_ptr<Predictor> make_predictor() const = 0;
  virtual std::unique_ptr<StreamRun> make_stream() const = 0;

 protected:
  WeightSnapshot make_snapshot(std::shared_ptr<const void> weights) const { return {this, std::move(weights)}; }
  // What make_snapshot() was given, or null when the snapshot is empty. Throws DataError for another network's.
  const void* weights_of(const WeightSnapshot& snapshot) const;

  const NetworkLayout layout_;

 private:
  mutable ForkMutex data_mutex_;  // of the two below
  std::shared_ptr<const Normalisation> normalisation_ = std::make_shared<const Normalisation>();
  std::string recipe_;
};

// All weights are 0.
std::unique_ptr<EngineBase> make_engine(const NetworkSpec& spec, Precision precision);

}  // namespace rnnlib
