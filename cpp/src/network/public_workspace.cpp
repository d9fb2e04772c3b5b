// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "network/check_sequence.h"
#include "network/impl.h"
#include "network/normalise.h"
#include "rnnlib/workspace.h"

namespace rnnlib {

namespace {

template <class Real>
struct WorkspaceOf {
  explicit WorkspaceOf(const Engine<Real>& its_engine)
      : engine(its_engine),
        loss(make_loss<Real>(its_engine.layout().spec, {})),
        workspace(std::make_unique<EngineWorkspace<Real>>(its_engine.layout())) {}

  const Engine<Real>& engine;
  std::unique_ptr<Loss<Real>> loss;
  std::unique_ptr<EngineWorkspace<Real>> workspace;
};

}  // namespace

class WorkspaceImpl {
 public:
  explicit WorkspaceImpl(const Network& network) {
    network.impl().visit([&](const auto& engine) {
      using Real = RealOf<decltype(engine)>;
      of_ = std::make_unique<WorkspaceOf<Real>>(engine);
    });
  }

  const Prediction& predict(const Sequence& sequence) {
    std::visit(
        [&](auto& of) {
          const auto weights = of->engine.hold_weights();
          of->engine.predict({*of->loss, *weights}, *prepared(of->engine, sequence), *of->workspace, prediction_);
        },
        of_);
    return prediction_;
  }

  void set_raw(bool raw) { raw_ = raw; }

 private:
  template <class Real>
  const Sequence* prepared(const Engine<Real>& engine, const Sequence& sequence) {
    if (!raw_) return &sequence;
    const std::shared_ptr<const Normalisation> normalisation = engine.hold_normalisation();
    if (normalisation->inputs.empty()) return &sequence;
    check_inputs(engine.layout(), sequence, 0);
    return &normalised_.make(*normalisation, sequence, false);
  }

  std::variant<std::unique_ptr<WorkspaceOf<float>>, std::unique_ptr<WorkspaceOf<double>>> of_;
  bool raw_ = false;
  NormalisedSequence normalised_;
  Prediction prediction_;
};

Workspace::Workspace(const Network& network) : impl_(std::make_unique<WorkspaceImpl>(network)) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

const Prediction& Workspace::predict(const Sequence& sequence) { return impl_->predict(sequence); }

void Workspace::set_raw(bool raw) { impl_->set_raw(raw); }

}  // namespace rnnlib
