// SPDX-License-Identifier: Apache-2.0
// What every decoder offers: it reads the outputs of a sequence, all at once or some points at a time, and gives
// labels.
#pragma once

#include <memory>

#include "rnnlib/prediction.h"
#include "rnnlib/task.h"
#include "rnnlib/types.h"

namespace rnnlib {

// One sequence after another. A decoder has state: each thread has its own.
template <class Real>
class Decoder {
 public:
  virtual ~Decoder() = default;

  // A new sequence begins; the one before is forgotten.
  virtual void begin() = 0;

  // The outputs [points, units] of the sequence's next points. Appends to the prediction's labels, and positions, those
  // that no later point can change; only the last point of the last label may still grow. A caller may take labels out
  // of the prediction between two calls, so that a long sequence needs no more memory than a short one.
  virtual void step(const Real* outputs, Index points, Prediction& prediction) = 0;

  // The sequence ends. Appends the labels that are still missing.
  virtual void finish(Prediction& prediction) = 0;
};

// The labels, and positions, of a whole sequence's outputs [points, units]; shape, size and outputs of the prediction
// are left to the caller.
template <class Real>
void decode(Decoder<Real>& decoder, const Real* outputs, Index points, Prediction& prediction) {
  prediction.labels.clear();
  prediction.positions.clear();
  decoder.begin();
  decoder.step(outputs, points, prediction);
  decoder.finish(prediction);
}

// For outputs of so many units per point. Instantiated for float and double.
template <class Real>
std::unique_ptr<Decoder<Real>> make_decoder(DecoderType type, Index units);

}  // namespace rnnlib
