// SPDX-License-Identifier: Apache-2.0
// Decoders: they read the outputs of a network, all at once or some points at a time, and give labels.
#pragma once

#include <memory>

#include "rnnlib/export.h"
#include "rnnlib/prediction.h"
#include "rnnlib/types.h"

namespace rnnlib {

class Lexicon;

// Reads one sequence after another, in one thread.
class RNNLIB_API DecoderRun {
 public:
  DecoderRun() = default;
  DecoderRun(const DecoderRun&) = delete;
  DecoderRun& operator=(const DecoderRun&) = delete;
  virtual ~DecoderRun();

  // A new sequence begins; the one before is forgotten.
  virtual void begin() = 0;

  // The outputs [points, units] of the sequence's next points. Appends to the prediction's labels, with positions and
  // confidences where the decoder has them, those that no later point can change; only the last point and the
  // confidence of the last label may still grow. A caller may take labels out of the prediction between two calls, so
  // that a long sequence needs no more memory than a short one.
  virtual void step(const double* outputs, Index points, Prediction& prediction) = 0;

  // The sequence ends. Appends the labels that are still missing, and sets the prediction's readings.
  virtual void finish(Prediction& prediction) = 0;
};

// Immutable, and shared by threads.
class RNNLIB_API Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder();

  // For outputs with so many units per point. Throws ConfigError where the decoder was made for another number.
  virtual std::unique_ptr<DecoderRun> make_run(Index units) const = 0;

  // The dictionary that the words of readings are numbers of; null: readings have no words.
  virtual const Lexicon* lexicon() const { return nullptr; }
};

// Best path decoding (Graves et al. 2006, section 3.2): the most active unit of every point, repeats merged, blanks
// dropped. The blank is the last unit. A label's position is the first and the last of the points where its unit is the
// most active one; its confidence is the highest probability that it has there.
class RNNLIB_API BestPathDecoder final : public Decoder {
 public:
  // Confidences are those of a softmax whose net inputs are divided by the temperature. Throws ConfigError unless it is
  // a finite number above 0.
  explicit BestPathDecoder(double temperature = 1);
  std::unique_ptr<DecoderRun> make_run(Index units) const override;

 private:
  double temperature_;
};

// Everything but shape, size and outputs of a prediction, from a whole sequence's outputs [points, units].
RNNLIB_API void decode(DecoderRun& run, const double* outputs, Index points, Prediction& prediction);

// The same with a run of its own. Throws DataError for outputs that are not probabilities: negative, NaN or infinite.
RNNLIB_API Prediction decode(const Decoder& decoder, const std::vector<double>& outputs, Index points, Index units);

}  // namespace rnnlib
