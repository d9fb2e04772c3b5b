// SPDX-License-Identifier: Apache-2.0
// A network as a part of a larger model: sequences run forward, and later backward from errors that somebody else
// computed, to the gradients of the weights and of the inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Numbers in the caller's memory, given with their count.
template <class Number>
struct Numbers {
  Number* values = nullptr;
  Index count = 0;
};

// Which rows of a network are handed out, one per point.
enum class NetworkRows {
  kOutputs,    // activations of the output layer: probabilities, or values of regression
  kNetInputs,  // of the output layer, before its softmax or logistic function: for losses that have one themselves
  kHidden,     // what the output layer reads: the units of the topmost level, direction after direction
};

// How sequences run through a Backpropagation.
struct BackpropagationOptions {
  NetworkRows rows = NetworkRows::kOutputs;
  bool with_gradient = true;         // what backward() needs is kept
  bool with_input_gradient = true;   // backward() gives the gradient of the inputs, too
  int threads = 1;                   // as RunOptions::threads
  double dropout = 0;                // share of the numbers between levels that are dropped, in [0, 1)
  std::vector<std::uint64_t> seeds;  // with dropout: one per sequence, which numbers they are
};

template <class Real>
class BackpropagationImpl;

// A forward pass of a batch of sequences and the backward pass that may follow, with weights that the caller gives. Of
// the network only its structure is used. Real is the network's precision: float or double. Gradients are exact: deltas
// are not clipped. They, and the rows, are the same bit for bit for any number of threads.
//
// What is kept between forward() and backward() belongs to the object: several may be under way with one network. One
// thread at a time uses it; threads may use several with one network at once. Its buffers go back to the network after
// backward(), and when its life ends.
template <class Real>
class RNNLIB_API Backpropagation {
 public:
  // The network must outlive it; it may be moved. Throws ConfigError for a network of another precision, and for
  // options out of range.
  explicit Backpropagation(const Network& network, BackpropagationOptions options = {});
  ~Backpropagation();
  Backpropagation(Backpropagation&&) noexcept;
  Backpropagation& operator=(Backpropagation&&) noexcept;

  // Numbers of a row that is handed out, and the shape of the points of the rows for inputs of a shape. Throws
  // DataError for a shape that the network does not take.
  Index row_size() const;
  Shape row_shape(const Shape& input_shape) const;

  // Runs sequences of these shapes. A call begins a new pass: what an earlier one has kept is gone.
  //
  // weights: of each of Network::connections(), in their order; a connection without values has weights of 0
  // inputs: [points of all sequences, input size], one sequence after another
  // rows: [points of all sequences, row_size()], written
  //
  // Throws DataError for counts and shapes that do not fit the network, NumericError for inputs that are not finite,
  // OutOfMemoryError.
  void forward(const std::vector<Numbers<const Real>>& weights, const std::vector<Shape>& shapes,
               Numbers<const Real> inputs, Numbers<Real> rows);

  // After a forward() with_gradient, once.
  //
  // d_weights: like the weights, written; a connection without values is left out
  // d_inputs: like the inputs, written; without values they are left out
  // d_rows: errors of the rows
  //
  // Throws ConfigError where there is nothing to go back through, DataError for counts that do not fit.
  void backward(const std::vector<Numbers<Real>>& d_weights, Numbers<Real> d_inputs, Numbers<const Real> d_rows);

 private:
  static_assert(std::is_same_v<Real, float> || std::is_same_v<Real, double>, "a network's precision");
  std::unique_ptr<BackpropagationImpl<Real>> impl_;
};

}  // namespace rnnlib
