// SPDX-License-Identifier: Apache-2.0
// The input layer with the block layer on top of it, where there is one: from the numbers of sequences to rows.
#pragma once

#include "layers/block_view.h"
#include "layers/point_queue.h"
#include "rnnlib/sequence.h"

namespace rnnlib {

class InputLayer final : public LayerBase {
 public:
  explicit InputLayer(const NetworkSpec& spec);

  Shape output_shape(const Shape& input) const override { return blocked_shape(input, blocks.block); }
  Shape output_step(const Shape& below) const override { return blocked_step(below, blocks.block); }

  const BlockView blocks;
};

template <class Real>
class InputState {
 public:
  explicit InputState(const InputLayer& layer) : layer_(layer) {}

  // As of a LayerState; the input batch is that of the sequences.
  void set_shapes(const BatchShape& sequences);
  const BatchShape& input_batch() const { return input_batch_; }
  const BatchShape& output_batch() const { return output_batch_; }
  void size_buffers(const Pass<Real>& pass, BufferSizer& size);

  // Rows [output points, output size] of the sequences, whose shapes are those of set_shapes(), or of pass.inputs.
  const Real* read(const Pass<Real>& pass, const Sequence* sequences);

  // Errors of the rows -> those of the inputs, [points, input size], written.
  void backward(const Real* d_rows, Real* d_inputs) const;

  // As of a LayerState; d_rows: errors of the rows, null = none.
  void trace(const Real* d_rows, std::vector<TraceVariable>& variables) const;

 private:
  // A sequence alone, before and above the block layer.
  struct BlockedSequence {
    BatchShape inputs;
    BatchShape blocked;
  };

  template <class Inputs>
  const Real* read_blocks(const Inputs& inputs_of);

  const InputLayer& layer_;
  BatchShape input_batch_;
  BatchShape output_batch_;
  std::vector<BlockedSequence> sequences_;  // with blocks
  Buffer<Real> points_;                     // [points, input size]; with blocks for traces only
  Buffer<Real> blocks_;                     // [output points, output size], with blocks
};

}  // namespace rnnlib
