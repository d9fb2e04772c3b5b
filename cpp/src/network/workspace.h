// SPDX-License-Identifier: Apache-2.0
// Everything that changes while batches of sequences run through a network; one per thread, reused.
#pragma once

#include <memory>
#include <vector>

#include "loss/loss.h"
#include "network/layer_rows.h"
#include "network/packed_weights.h"

namespace rnnlib {

template <class Real>
class EngineWorkspace {
 public:
  explicit EngineWorkspace(const NetworkLayout& layout);

  // Net inputs of the output layer for `count` sequences; `first_number` counts the first one, for messages. What the
  // pass says of the weights is filled in here. Throws NumericError for inputs that are not finite, std::bad_alloc when
  // there is not enough memory.
  void forward(const PackedWeights<Real>& weights, const Sequence* sequences, Index count, Index first_number,
               const Pass<Real>& pass);

  // After output(s).d_net was written for every sequence: adds the gradients of the packed weights to d_weights, which
  // is aligned as a Buffer is.
  void backward(const PackedWeights<Real>& weights, Real* d_weights);

  // The same without the output layer: up to the rows that it reads, and back from their errors, which the caller
  // writes.
  void forward_hidden(const PackedWeights<Real>& weights, const Sequence* sequences, Index count, Index first_number,
                      const Pass<Real>& pass);
  void backward_hidden(const PackedWeights<Real>& weights, Real* d_weights);
  const BatchShape& hidden_batch() const { return layers_.back()->output_batch(); }
  const Real* hidden() const { return rows_.row(layers_.size()); }  // [points, units]
  Real* d_hidden() const { return rows_.errors(layers_.size()); }   // unless for prediction

  // After backward of a pass with input_errors: writes d_inputs, [points, input size].
  void input_errors(Real* d_inputs) const { input_.backward(rows_.errors(0), d_inputs); }

  // Sequence s's part of the output layer.
  const OutputView<Real>& output(Index s, bool deltas, bool output_errors = false);  // until the next call
  const BatchShape& output_batch() const { return output_.output_batch(); }

  // A gradient of this workspace's own: as the last call left it, or zeros.
  Buffer<Real>& d_weights() { return d_weights_; }
  Real* clear_gradient() {
    d_weights_.resize(static_cast<Index>(layout_.packed_source.size()));
    d_weights_.fill(Real(0));
    return d_weights_.data();
  }
  LossWorkspace& loss() { return loss_; }
  // From now on labels are read by this decoder, which must live as long; by the task's own when null.
  void set_decoder(const Decoder* decoder) {
    given_decoder_ = decoder == nullptr ? nullptr : decoder->make_run(layout_.output_size);
  }
  DecoderRun& decoder() { return given_decoder_ != nullptr ? *given_decoder_ : *task_decoder_; }
  // What the decoder makes of an output, without the outputs: until the next call.
  const Prediction& read(const OutputView<Real>& view) {
    probabilities_.assign(view.output, view.output + view.points * view.size);
    decode(decoder(), probabilities_.data(), view.points, read_);
    return read_;
  }
  // For passes with other weights than the network's.
  PackedWeights<Real>& own_weights() { return own_weights_; }
  std::vector<SequenceErrors>& errors() { return errors_; }

  // All variables of the one sequence that ran with Keep::kForTrace, with errors when backward ran (docs/behaviour.md,
  // "Dumps").
  std::vector<TraceVariable> trace(bool with_errors) const;

  // Bytes that running this batch forward, or (training) also backward, takes, about; without those of the loss.
  static Index bytes(const NetworkLayout& layout, const BatchShape& input_batch, bool training);

 private:
  void check_finite(const Sequence* sequences, Index count, Index first_number) const;
  bool is_planned(const Sequence* sequences, Index count) const;
  void set_shapes(const BatchShape& inputs);
  void size_buffers(BufferSizer& size);
  Index measure();
  void ask_for_memory();
  const LayerWeights<Real>* weights_of(const PackedWeights<Real>& weights, std::size_t k) const {
    return weights.layers[k].get();
  }

  const NetworkLayout& layout_;
  InputState<Real> input_;
  std::vector<std::unique_ptr<LayerState<Real>>> layers_;
  OutputState<Real> output_;
  bool planned_ = false;  // shapes and schedules of all layers are there
  Pass<Real> pass_;       // under way
  LayerRowBuffers<Real> rows_;
  std::vector<Index> elements_;  // of rows_, see there
  Buffer<Real> d_weights_;
  PackedWeights<Real> own_weights_;
  Index granted_ = 0;  // bytes, see ask_for_memory()
  ScheduleCache schedules_;
  LossWorkspace loss_;
  std::unique_ptr<DecoderRun> task_decoder_;
  std::unique_ptr<DecoderRun> given_decoder_;  // null: none
  std::vector<double> probabilities_;          // what the decoder reads
  Prediction read_;                            // what it read
  std::vector<SequenceErrors> errors_;
  OutputView<Real> view_;
};

}  // namespace rnnlib
