// SPDX-License-Identifier: Apache-2.0
// The two precisions behind the public Network.
#pragma once

#include <variant>

#include "network/engine.h"

namespace rnnlib {

class NetworkImpl {
 public:
  NetworkImpl(const NetworkSpec& spec, Precision precision) {
    if (precision == Precision::kFloat) {
      engine_.emplace<std::unique_ptr<Engine<float>>>(std::make_unique<Engine<float>>(spec));
    } else {
      engine_.emplace<std::unique_ptr<Engine<double>>>(std::make_unique<Engine<double>>(spec));
    }
  }

  Precision precision() const { return engine_.index() == 0 ? Precision::kFloat : Precision::kDouble; }

  // Calls use(engine) with the Engine<float> or Engine<double>.
  template <class Use>
  decltype(auto) visit(const Use& use) {
    return std::visit([&](auto& engine) -> decltype(auto) { return use(*engine); }, engine_);
  }
  template <class Use>
  decltype(auto) visit(const Use& use) const {
    return std::visit([&](const auto& engine) -> decltype(auto) { return use(std::as_const(*engine)); }, engine_);
  }

  std::shared_ptr<const Normalisation> hold_normalisation() const {
    return visit([](const auto& engine) { return engine.hold_normalisation(); });
  }

  template <class Real>
  Engine<Real>& engine() {
    return *std::get<std::unique_ptr<Engine<Real>>>(engine_);
  }

 private:
  std::variant<std::unique_ptr<Engine<float>>, std::unique_ptr<Engine<double>>> engine_;
};

// The Real of an Engine<Real>.
template <class E>
struct EngineReal;
template <class Real>
struct EngineReal<Engine<Real>> {
  using type = Real;
};
template <class E>
using RealOf = typename EngineReal<std::decay_t<E>>::type;

}  // namespace rnnlib
