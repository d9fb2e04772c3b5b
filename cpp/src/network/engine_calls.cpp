// SPDX-License-Identifier: Apache-2.0
// What Engine<Real> does for a Network: doubles of the flat order on one side, Real of the packed order on the other.
#include <algorithm>

#include "network/engine.h"
#include "network/raw_sequences.h"

namespace rnnlib {

namespace {

template <class Real>
class PredictorOf : public Predictor {
 public:
  explicit PredictorOf(const Engine<Real>& engine)
      : engine_(engine), loss_(engine.loss_for({})), workspace_(engine.layout()) {}

  void predict(const Sequence& sequence, Prediction& prediction) override {
    const HeldWeights<Real> weights = engine_.hold_weights();
    engine_.predict({*loss_, *weights}, sequence, workspace_, prediction);
  }

  void set_decoder(std::shared_ptr<const Decoder> decoder) override {
    workspace_.set_decoder(decoder.get());
    decoder_ = std::move(decoder);
  }

 private:
  const Engine<Real>& engine_;
  std::unique_ptr<Loss<Real>> loss_;
  std::shared_ptr<const Decoder> decoder_;  // null: the task's own
  EngineWorkspace<Real> workspace_;
};

}  // namespace

template <class Real>
std::unique_ptr<Loss<Real>> Engine<Real>::loss_for(const RunOptions& options) const {
  return make_loss<Real>(layout_.spec.task, layout_.spec.data,
                         {options.verbose, options.confusion_matrix, options.legacy_errors});
}

template <class Real>
HeldWeights<Real> Engine<Real>::weights_for(const WeightSnapshot& snapshot) const {
  const void* held = weights_of(snapshot);
  return held == nullptr ? hold_weights() : *static_cast<const HeldWeights<Real>*>(held);
}

template <class Real>
void Engine<Real>::set_flat_weights(const std::vector<double>& weights) {
  change_weights([&](Buffer<Real>& values) { to_packed(weights, values.data()); });
}

template <class Real>
void Engine<Real>::set_flat_weights(const std::vector<double>& weights, const std::vector<Connection>& connections) {
  change_weights([&](Buffer<Real>& values) {
    std::vector<double> all = to_flat(values.data());
    for (const Connection& connection : connections) {
      std::copy_n(weights.data() + connection.offset, connection.size(), all.data() + connection.offset);
    }
    to_packed(all, values.data());
  });
}

template <class Real>
WeightSnapshot Engine<Real>::snapshot() const {
  return make_snapshot(std::make_shared<HeldWeights<Real>>(hold_weights()));
}

template <class Real>
void Engine<Real>::check(const std::vector<Sequence>& sequences) const {
  check(*loss_for({}), sequences, 0, static_cast<Index>(sequences.size()));
}

template <class Real>
Metrics Engine<Real>::evaluate(const std::vector<Sequence>& sequences, const RunOptions& options,
                               std::vector<SkippedTarget>* skipped) const {
  const auto loss = loss_for(options);
  const HeldWeights<Real> weights = weights_for(options.weights);
  const RawSequences given(*this, sequences, options.raw);
  RunResult result;
  check_decoder(layout_.spec.task, options.decoder.get());
  run({*loss, *weights, options.decoder.get()}, given.all(), {0, static_cast<Index>(sequences.size())}, options.threads,
      result, nullptr, true);
  if (skipped != nullptr) skipped->insert(skipped->end(), result.skipped.begin(), result.skipped.end());
  return result.errors.metrics(loss->error_names());
}

template <class Real>
GradientResult Engine<Real>::gradient(const std::vector<Sequence>& sequences, const RunOptions& options,
                                      bool clip_deltas) const {
  const auto loss = loss_for(options);
  const RawSequences given(*this, sequences, options.raw);
  const HeldWeights<Real> weights = weights_for(options.weights);
  RunResult result;
  Buffer<Real> gradient;
  gradient.resize(packed_size());
  gradient.fill(Real(0));
  run({*loss, *weights}, given.all(), {0, static_cast<Index>(sequences.size())}, options.threads, result,
      gradient.data(), clip_deltas);
  reduce_tied(gradient.data());
  broadcast_tied(gradient.data());
  return {result.errors.criterion(), to_flat(gradient.data()), result.errors.metrics(loss->error_names())};
}

template <class Real>
std::vector<Prediction> Engine<Real>::predict(const std::vector<Sequence>& sequences, const RunOptions& options) const {
  const HeldWeights<Real> weights = weights_for(options.weights);
  const auto loss = loss_for(options);
  check_decoder(layout_.spec.task, options.decoder.get());
  return predict({*loss, *weights, options.decoder.get()}, RawSequences(*this, sequences, options.raw, false).all(),
                 options.threads);
}

template <class Real>
std::vector<TraceVariable> Engine<Real>::trace(const Sequence& sequence, const RunOptions& options) const {
  const std::vector<Sequence> one{sequence};
  const HeldWeights<Real> weights = weights_for(options.weights);
  const auto loss = loss_for({});
  return trace({*loss, *weights}, RawSequences(*this, one, options.raw, sequence.has_target()).front());
}

template <class Real>
std::vector<TraceVariable> Engine<Real>::jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                                  const RunOptions& options) const {
  const std::vector<Sequence> one{sequence};
  const HeldWeights<Real> weights = weights_for(options.weights);
  const auto loss = loss_for({});
  return jacobian({*loss, *weights}, RawSequences(*this, one, options.raw, false).front(), coordinates);
}

template <class Real>
MemoryEstimate Engine<Real>::memory(const Shape& input_shape, const MemoryOptions& options) const {
  return memory(*loss_for({}), input_shape, options);
}

template <class Real>
std::unique_ptr<Predictor> Engine<Real>::make_predictor() const {
  return std::make_unique<PredictorOf<Real>>(*this);
}

#define RNNLIB_INSTANTIATE(Real)                                                                                 \
  template std::unique_ptr<Loss<Real>> Engine<Real>::loss_for(const RunOptions&) const;                          \
  template void Engine<Real>::set_flat_weights(const std::vector<double>&);                                      \
  template void Engine<Real>::set_flat_weights(const std::vector<double>&, const std::vector<Connection>&);      \
  template WeightSnapshot Engine<Real>::snapshot() const;                                                        \
  template void Engine<Real>::check(const std::vector<Sequence>&) const;                                         \
  template Metrics Engine<Real>::evaluate(const std::vector<Sequence>&, const RunOptions&,                       \
                                          std::vector<SkippedTarget>*) const;                                    \
  template GradientResult Engine<Real>::gradient(const std::vector<Sequence>&, const RunOptions&, bool) const;   \
  template std::vector<Prediction> Engine<Real>::predict(const std::vector<Sequence>&, const RunOptions&) const; \
  template std::vector<TraceVariable> Engine<Real>::trace(const Sequence&, const RunOptions&) const;             \
  template std::vector<TraceVariable> Engine<Real>::jacobian(const Sequence&, const OutputCoordinates&,          \
                                                             const RunOptions&) const;                           \
  template MemoryEstimate Engine<Real>::memory(const Shape&, const MemoryOptions&) const;                        \
  template std::unique_ptr<Predictor> Engine<Real>::make_predictor() const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
