// SPDX-License-Identifier: Apache-2.0
#include "network/check_sequence.h"
#include "network/engine_base.h"
#include "network/normalise.h"
#include "rnnlib/workspace.h"

namespace rnnlib {

class WorkspaceImpl {
 public:
  explicit WorkspaceImpl(const EngineBase& engine) : engine_(engine), predictor_(engine.make_predictor()) {}

  const Prediction& predict(const Sequence& sequence) {
    predictor_->predict(*prepared(sequence), prediction_);
    return prediction_;
  }

  void set_raw(bool raw) { raw_ = raw; }
  void set_decoder(std::shared_ptr<const Decoder> decoder) {
    check_decoder(engine_.layout().spec.task, decoder.get());
    predictor_->set_decoder(std::move(decoder));
  }

 private:
  const Sequence* prepared(const Sequence& sequence) {
    if (!raw_) return &sequence;
    const std::shared_ptr<const Normalisation> normalisation = engine_.hold_normalisation();
    if (normalisation->inputs.empty()) return &sequence;
    check_inputs(engine_.layout(), sequence, 0);
    return &normalised_.make(*normalisation, sequence, false);
  }

  const EngineBase& engine_;
  std::unique_ptr<Predictor> predictor_;
  bool raw_ = false;
  NormalisedSequence normalised_;
  Prediction prediction_;
};

Workspace::Workspace(const Network& network) : impl_(std::make_unique<WorkspaceImpl>(network.engine())) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

const Prediction& Workspace::predict(const Sequence& sequence) { return impl_->predict(sequence); }

void Workspace::set_raw(bool raw) { impl_->set_raw(raw); }

void Workspace::set_decoder(std::shared_ptr<const Decoder> decoder) { impl_->set_decoder(std::move(decoder)); }

}  // namespace rnnlib
