// SPDX-License-Identifier: Apache-2.0
// Prediction of a sequence that is still coming in: point by point, or some points at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

// The output points that some inputs have completed. Put together, those of a whole sequence are what Network::predict
// gives for it, to the rounding of sums.
struct StreamOutput {
  Index first_point = 0;        // counted from the beginning of the sequence
  Index points = 0;             // completed
  Index size = 0;               // units per point
  std::vector<double> outputs;  // [points, size] probabilities, or regression values
  // Classification: a class per point. Transcription: the labels that became certain with these points; those of
  // the best path begin at them.
  std::vector<Index> labels;
  std::vector<Index> label_points;  // transcription: where each of them begins, counted like first_point
};

// Why a network cannot stream, or "" when it can: only one-dimensional data (numDims 1), layers that run forwards
// (bidirectional false), and an output for every point (no sequence_* task) can.
RNNLIB_API std::string why_no_stream(const NetworkSpec& spec);

class StreamImpl;

// A sequence on its way through a network. Holds the cells' states and the points of blocks that are not yet full:
// little memory, however long the sequence. One network may have any number of streams at once, each used by one thread
// at a time, results included. A sequence keeps the weights that the network had at its first push: weights that are
// set meanwhile are used from the next sequence on, after finish() or reset().
class RNNLIB_API Stream {
 public:
  // The network must outlive the stream; it may be moved. Throws ConfigError for one that cannot stream.
  explicit Stream(const Network& network);
  // Goes on from where the other one is, by itself: for trying out several continuations of a sequence. Throws
  // ConfigError for transcription, whose decoder may hold labels back.
  Stream(const Stream& other);
  Stream& operator=(const Stream&) = delete;
  ~Stream();
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;

  // The next `points` points, inputs [points, input_size]; gives the outputs they complete: one per point without
  // blocks, else one when all blocks up to the output are full. What it returns lies in the stream and changes with the
  // next call. Throws NumericError for NaN or infinite inputs or outputs, DataError for another input size than the
  // network's, points < 0 or no inputs; the sequence is then where it was before the call. After bad outputs, or when
  // memory ran out while the points were run, it begins anew, as after reset().
  const StreamOutput& push(const float* inputs, Index points, Index input_size);

  // The end of the sequence: blocks that are not full are filled with zeros, as Network::predict does; gives the
  // outputs still to come. The stream is then ready for another sequence.
  const StreamOutput& finish();

  // Forgets the sequence begun.
  void reset();

  // From now on as RunOptions::raw: inputs are as they were measured, and normalised before they are used.
  void set_raw(bool raw);

  // From now on as RunOptions::decoder; null: the task's own, as in the beginning. Forgets the sequence begun. A
  // decoder that searches gives a label as soon as no later point can change it. Throws ConfigError.
  void set_decoder(std::shared_ptr<const Decoder> decoder);

 private:
  std::unique_ptr<StreamImpl> impl_;
};

}  // namespace rnnlib
