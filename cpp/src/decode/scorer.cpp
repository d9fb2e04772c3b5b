// SPDX-License-Identifier: Apache-2.0
// What scorers do unless they say otherwise. The destructors stand here so that a shared library holds the classes'
// tables once.
#include "rnnlib/scorer.h"

#include <limits>

namespace rnnlib {

ScorerRun::~ScorerRun() = default;
double ScorerRun::most(State) { return std::numeric_limits<double>::infinity(); }
void ScorerRun::forget(State) {}
Scorer::~Scorer() = default;

std::vector<Index> Scorer::words(const std::vector<Index>&) const { return {}; }

}  // namespace rnnlib
