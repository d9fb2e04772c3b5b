// SPDX-License-Identifier: Apache-2.0
// The sequences of a call as the engine is to see them: as they were given, or, where the caller said that they are
// raw, normalised copies.
#pragma once

#include <memory>
#include <vector>

#include "network/check_sequence.h"
#include "network/engine_base.h"
#include "network/normalise.h"

namespace rnnlib {

// Borrows the sequences given. Throws DataError for those that do not fit, before they are read.
class RawSequences {
 public:
  RawSequences(const EngineBase& engine, const std::vector<Sequence>& given, bool raw, bool with_targets = true)
      : given_(given) {
    const std::shared_ptr<const Normalisation> normalisation = engine.hold_normalisation();
    changes_ = raw && !normalisation->empty();
    if (!changes_) return;
    if (with_targets) {
      engine.check(given);
    } else {
      for (std::size_t i = 0; i < given.size(); ++i) {
        check_inputs(engine.layout(), given[i], static_cast<Index>(i));
      }
    }
    copies_.resize(given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      normalised_.push_back(copies_[i].make(*normalisation, given[i], with_targets));
    }
  }
  RawSequences(const RawSequences&) = delete;
  RawSequences& operator=(const RawSequences&) = delete;

  const std::vector<Sequence>& all() const { return changes_ ? normalised_ : given_; }
  const Sequence& front() const { return all().front(); }

 private:
  const std::vector<Sequence>& given_;
  bool changes_ = false;
  std::vector<NormalisedSequence> copies_;
  std::vector<Sequence> normalised_;
};

}  // namespace rnnlib
