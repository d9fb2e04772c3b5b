// SPDX-License-Identifier: Apache-2.0
// A network: its spec and its weights. Threads may share one: see the class.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rnnlib/alignment.h"
#include "rnnlib/decoder.h"
#include "rnnlib/export.h"
#include "rnnlib/graph.h"
#include "rnnlib/metrics.h"
#include "rnnlib/normalisation.h"
#include "rnnlib/prediction.h"
#include "rnnlib/random.h"
#include "rnnlib/sequence.h"
#include "rnnlib/spec.h"
#include "rnnlib/trace.h"
#include "rnnlib/types.h"

namespace rnnlib {

class EngineBase;

// A connection that owns no weights: under symmetry it uses another's.
struct SharedConnection {
  std::string name;   // its own
  std::string owner;  // whose weights it uses
};

// Where a Jacobian starts: an output point, and one of its units or all of them.
struct OutputCoordinates {
  static constexpr Index kAllUnits = -1;  // instead of a unit
  Shape point;                            // in the shape of the output; {} when that is a single point
  Index unit = kAllUnits;                 // of the point
};

// Errors of sequences with the gradient of the training criterion.
struct GradientResult {
  double error = 0;              // training criterion summed over the sequences
  std::vector<double> gradient;  // like the weights
  Metrics metrics;               // of the same sequences
};

// A transcription target that needs more steps than the output has. It adds nothing to ctcError and to the gradient;
// the other errors compare it with the best path, unless RunOptions::legacy_errors is true.
struct SkippedTarget {
  std::string tag;      // of the sequence
  Index needed = 0;     // steps
  Index available = 0;  // output points
};

// A network's weights as they were when Network::snapshot() was called. Calls that are given one use it, whatever the
// network's weights have become. It costs next to nothing until the weights change: then they are copied, once. Only a
// snapshot of the same network can be used; the network need not outlive it.
class RNNLIB_API WeightSnapshot {
 public:
  WeightSnapshot() = default;  // none: a call uses the weights that the network has when it begins

 private:
  friend class EngineBase;
  WeightSnapshot(const EngineBase* engine, std::shared_ptr<const void> weights)
      : engine_(engine), weights_(std::move(weights)) {}

  const EngineBase* engine_ = nullptr;  // whose weights they are
  std::shared_ptr<const void> weights_;
};

// How sequences are run.
struct RunOptions {
  // At most; the result does not depend on it, and small problems use one. Threads work after fork() too.
  int threads = 1;
  bool verbose = false;           // also "_<a>-><b>" errors of classification
  bool confusion_matrix = false;  // also per label errors of transcription
  // As RNNLIB: a SkippedTarget adds to no error at all, and a sequence without any target (all classes -1, or all
  // importance 0) counts in the means with an error of 0. Error rates then look better than they are.
  bool legacy_errors = false;
  // Inputs, and targets of regression, are as they were measured, and the network's data were normalised: the numbers
  // are normalised before they are used. The arrays given are not changed.
  bool raw = false;
  WeightSnapshot weights;  // for several calls that must see the same weights
  // Reads the labels of transcription; null: best path. ConfigError for other tasks.
  std::shared_ptr<const Decoder> decoder;
};

// Which run of equal sequences to estimate.
struct MemoryOptions {
  Index sequences = 1;      // that run at once: those of an update, or of a call
  Index target_length = 0;  // transcription: labels of a target
  int threads = 1;          // as RunOptions::threads
};

// Bytes that running equal sequences takes, within a factor of two, beside the caller's: inputs, targets, predictions.
// The sum: weights + workspaces * train (or predict), with a Trainer also update. A workspace may keep up to 32 MiB of
// schedules for sequences of other shapes. A network keeps its workspaces, at the size their largest batch needed.
struct MemoryEstimate {
  Index weights_bytes = 0;    // in all their orders
  Index update_bytes = 0;     // a Trainer's gradient, and vectors of an optimiser, at most
  Index batch_sequences = 1;  // that the engine runs together
  Index workspaces = 1;       // in use at once; at most one for each thread
  Index predict_bytes = 0;    // of a workspace that runs such a batch forward
  Index train_bytes = 0;      // of one that also runs it backward, with the loss's tables and a gradient
};

// A network's spec and weights. May be moved, not copied.
//
// Threads may share a network, also while one of them changes its weights (set_weights, randomise, a Trainer) or
// its normalisation: every call uses those that the network had when it began, and they change as a whole. Whoever
// moves a network or ends its life must be alone.
class RNNLIB_API Network {
 public:
  Network(const NetworkSpec& spec, Precision precision);  // all weights 0
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  // What the network looks like; with it the labels' names.
  const NetworkSpec& spec() const;
  // Of its numbers.
  Precision precision() const;

  // Of all connections that own weights.
  Index num_weights() const;
  const std::vector<Connection>& connections() const;  // in alphabetical order of their names
  // Connections that use another's weights, under symmetry.
  const std::vector<SharedConnection>& shared_connections() const;
  std::vector<double> weights() const;                   // [num_weights]
  void set_weights(const std::vector<double>& weights);  // throws DataError on a wrong length, NumericError on NaN
  // Only those of the connections named; the others keep theirs, whatever `weights` [num_weights] says of them. Throws
  // DataError for an unknown name, too.
  void set_weights(const std::vector<double>& weights, const std::vector<std::string>& names);
  void randomise(Random& random, double range);  // uniform in [-range, range], connections in order

  // The weights as they are now, for RunOptions.
  WeightSnapshot snapshot() const;

  // Of the data that the network learned from; a save keeps it. Empty when they were not normalised, or nobody said so.
  Normalisation normalisation() const;
  // Whether normalise() does anything.
  bool normalises_inputs() const;
  // Of targets only regression keeps any. Throws DataError for sizes that are not the network's, NaN, infinite numbers
  // and negative deviations. Nothing may run meanwhile.
  void set_normalisation(const Normalisation& normalisation);
  // Inputs [points, input_size] as they were measured become what the network expects, in place: (x - mean) / std in
  // double, rounded to float. Does nothing without a normalisation. Throws DataError for another input size.
  void normalise(float* inputs, Index points, Index input_size) const;
  // Outputs [points, output_size] of regression become what the targets were before they were normalised, in place.
  // Does nothing where they were not. Throws DataError for another output size.
  void denormalise(double* outputs, Index points, Index output_size) const;

  // How the data that the network learned from were made of files (images, recordings, ...), so that new files can be
  // treated the same way: a JSON object in one line, which a save keeps. Empty when nobody said so.
  std::string recipe() const;
  // Throws DataError for text that is not one line, or that begins or ends with blanks. Whether it is a recipe is up to
  // those who use it.
  void set_recipe(const std::string& recipe);

  // Layers and connections as data. It stays as it is for the network's life.
  const Graph& graph() const;
  // graph().layers: from the input to the output.
  std::vector<LayerInfo> layers() const;
  // The shape of the points of each of graph().layers, for inputs of a shape. Throws DataError.
  std::vector<Shape> layer_shapes(const Shape& input_shape) const;
  // Of the output points for inputs of a shape. Throws DataError.
  Shape output_shape(const Shape& input_shape) const;
  // Input points that an output point stands for, along each dimension of the output: output point i of a dimension
  // comes from input points [i * step, (i + 1) * step), less where the input ends.
  Shape output_step() const;
  // Bytes that running such inputs takes. Throws DataError.
  MemoryEstimate memory(const Shape& input_shape, const MemoryOptions& options = {}) const;

  // All of these throw DataError when a sequence does not fit the network (tag named), NumericError for NaN or infinite
  // inputs, errors or outputs, and OutOfMemoryError.
  Metrics evaluate(const std::vector<Sequence>& sequences, const RunOptions& options = {},
                   std::vector<SkippedTarget>* skipped = nullptr) const;
  // The gradient of the training criterion, summed over the sequences; deltas of units with a state are clipped to
  // [-1, 1] as in training unless clip_deltas is false. Penalties are not in it.
  GradientResult gradient(const std::vector<Sequence>& sequences, const RunOptions& options = {},
                          bool clip_deltas = true) const;
  // Outputs and labels; targets are not looked at.
  std::vector<Prediction> predict(const std::vector<Sequence>& sequences, const RunOptions& options = {}) const;
  // Where the labels of each target of transcription are in its sequence. A target that needs more points than the
  // output has is a DataError, or noted in `skipped` where that is given; its alignment is then empty. Of the options
  // the decoder does not matter. Throws ConfigError for other tasks.
  std::vector<Alignment> align(const std::vector<Sequence>& sequences, const RunOptions& options = {},
                               std::vector<SkippedTarget>* skipped = nullptr) const;
  // Variables after forward and, with a target, backward. Of the options only `raw` matters.
  std::vector<TraceVariable> trace(const Sequence& sequence, const RunOptions& options = {}) const;
  // Like trace(), but backward from the output y at the coordinates, whose error is set to y itself, and to 0
  // elsewhere: "input_errors" is then the derivative of E = 1/2 sum y^2 to every input. Deltas are not clipped, so that
  // it is exact. Needs no target. Throws ConfigError for coordinates outside the output.
  std::vector<TraceVariable> jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                      const RunOptions& options = {}) const;

  // @cond
  EngineBase& engine() { return *engine_; }
  const EngineBase& engine() const { return *engine_; }
  // @endcond

 private:
  std::unique_ptr<EngineBase> engine_;
};

}  // namespace rnnlib
