// SPDX-License-Identifier: Apache-2.0
// A network's normalisation in its save: `trainer_inputMeans`, `trainer_inputStds`, `trainer_targetPatternsMeans`,
// `trainer_targetPatternsStds`, numbers separated by blanks.
#pragma once

#include "rnnlib/normalisation.h"
#include "rnnlib/save.h"

namespace rnnlib {

// Takes away what the save had; writes nothing where the normalisation is empty.
void store_normalisation(const Normalisation& normalisation, Save& save);

}  // namespace rnnlib
