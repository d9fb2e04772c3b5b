// SPDX-License-Identifier: Apache-2.0
// Raw numbers brought to the normalisation of a network's own data, and back.
#pragma once

#include <vector>

#include "rnnlib/normalisation.h"
#include "rnnlib/sequence.h"
#include "rnnlib/spec.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Throws DataError unless the numbers can be used and are as many as the spec's sizes. Only tasks of regression have
// normalised targets: of others they are left out.
Normalisation checked_normalisation(Normalisation normalisation, const NetworkSpec& spec);

// [rows, columns] to [rows, columns], which may be the same array; (value - mean) / std in double, rounded to float.
void normalise_rows(const Scale& scale, const float* from, Index rows, float* to);
// In place: value * std + mean.
void denormalise_rows(const Scale& scale, double* values, Index rows);

// A normalised copy of a sequence whose sizes have been checked. Made again, it keeps its memory.
class NormalisedSequence {
 public:
  // Real-valued targets too, where they are wanted. The copy lies here until the next call.
  const Sequence& make(const Normalisation& normalisation, const Sequence& given, bool with_targets);

 private:
  Sequence sequence_;
  std::vector<float> inputs_;
  std::vector<float> patterns_;
};

}  // namespace rnnlib
