// SPDX-License-Identifier: Apache-2.0
#include "network/engine_base.h"

#include <mutex>

#include "network/engine.h"
#include "network/normalise.h"
#include "rnnlib/error.h"

namespace rnnlib {

std::shared_ptr<const Normalisation> EngineBase::hold_normalisation() const {
  const std::lock_guard<ForkMutex> lock(data_mutex_);
  return normalisation_;
}

void EngineBase::set_normalisation(const Normalisation& normalisation) {
  auto made = std::make_shared<const Normalisation>(checked_normalisation(normalisation, layout_.spec));
  const std::lock_guard<ForkMutex> lock(data_mutex_);
  normalisation_.swap(made);
}

std::string EngineBase::recipe() const {
  const std::lock_guard<ForkMutex> lock(data_mutex_);
  return recipe_;
}

void EngineBase::set_recipe(std::string recipe) {
  const std::lock_guard<ForkMutex> lock(data_mutex_);
  recipe_.swap(recipe);
}

const void* EngineBase::weights_of(const WeightSnapshot& snapshot) const {
  if (snapshot.weights_ != nullptr && snapshot.engine_ != this) {
    throw DataError("the snapshot's weights are those of another network");
  }
  return snapshot.weights_.get();
}

std::unique_ptr<EngineBase> make_engine(const NetworkSpec& spec, Precision precision) {
  if (precision == Precision::kFloat) return std::make_unique<Engine<float>>(spec);
#ifdef RNNLIB_FLOAT_ONLY
  throw ConfigError("this build of the engine has numbers of 32 bits only, 64 were asked for");
#else
  return std::make_unique<Engine<double>>(spec);
#endif
}

}  // namespace rnnlib
