// SPDX-License-Identifier: Apache-2.0
// Prefix beam search: the most probable labellings, alone or with a dictionary and a language model.
#pragma once

#include <memory>

#include "rnnlib/decoder.h"
#include "rnnlib/export.h"
#include "rnnlib/scorer.h"
#include "rnnlib/types.h"

namespace rnnlib {

struct BeamOptions {
  Index width = 50;               // labellings that are kept at each point
  Index n_best = 1;               // readings that a prediction has at most; not more than width
  double min_probability = 1e-4;  // less probable labels begin nowhere; 0: any may
  double beam_threshold = 20;     // labellings this many nats behind the best are given up; infinity: none are
  double blank_threshold = 1;     // points whose blank is more probable than this are read as blank only; 1: none are
  double temperature = 1;         // divides the softmax's net inputs: above 1, probabilities are less extreme
  Index max_delay = 1000;         // points: labellings that differ from the best in a label older than this are
                                  // given up, so that a stream's labels come in time and its memory stays bounded
};

// CTC prefix beam search (Graves and Jaitly 2014, algorithm 1; Hannun et al. 2014, algorithm 1). The blank is the last
// unit. Different paths of the same labelling are added up. Labels are given out as soon as all labellings in the beam
// share them, at every eighth point. A prediction's labels are those of its first reading.
//
// Readings have different labellings, the best score first. Their log probability is the sum over all paths of the
// labelling, those included that the beam did not follow; the score is the log probability and what the scorer added
// for all labels and the end. Where a caller took labels away between two steps, the readings have what comes after
// them, but their log probability and score are those of the whole sequence. When the scorer lets none of the
// labellings end, the best unfinished ones are given, with the score -infinity; when it allows no label at all, that
// is the empty one. A point at which nothing that the beam holds can go on is left out of the search. A scorer that
// adds NaN or infinity is a DataError.
//
// A label's position is where the most probable path of the labelling, among what was known when the label was given
// out, has it; its confidence is the highest probability that the label has there, at the options' temperature.
class RNNLIB_API BeamDecoder final : public Decoder {
 public:
  // `scorer` may be null. Throws ConfigError for options that make no sense.
  explicit BeamDecoder(const BeamOptions& options = {}, std::shared_ptr<const Scorer> scorer = nullptr);
  ~BeamDecoder() override;

  std::unique_ptr<DecoderRun> make_run(Index units) const override;
  const Lexicon* lexicon() const override;

  const BeamOptions& options() const { return options_; }

 private:
  BeamOptions options_;
  std::shared_ptr<const Scorer> scorer_;
};

}  // namespace rnnlib
