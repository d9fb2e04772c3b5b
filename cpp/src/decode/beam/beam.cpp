// SPDX-License-Identifier: Apache-2.0
// The decoder of prefix beam search: checks its options.
#include "rnnlib/beam.h"

#include <string>
#include <utility>

#include "base/numbers.h"
#include "decode/beam/beam_run.h"
#include "decode/temperature.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void check(bool good, const char* what, const char* expected, const std::string& found) {
  if (!good) throw ConfigError(std::string("beam search: ") + what + " must be " + expected + ", found " + found);
}

void check_options(const BeamOptions& options) {
  constexpr Index kMostWidth = Index{1} << 24;
  constexpr Index kMostDelay = Index{1} << 31;
  check(options.width >= 1 && options.width <= kMostWidth, "width", "1 to 2^24", std::to_string(options.width));
  check(options.n_best >= 1 && options.n_best <= options.width, "n_best", "1 to the width",
        std::to_string(options.n_best));
  check(options.min_probability >= 0 && options.min_probability < 1, "min_probability", "0 or more and less than 1",
        number_text(options.min_probability));
  check(options.beam_threshold > 0, "beam_threshold", "above 0", number_text(options.beam_threshold));
  check(options.blank_threshold > 0 && options.blank_threshold <= 1, "blank_threshold", "above 0 and at most 1",
        number_text(options.blank_threshold));
  check(options.max_delay >= 1 && options.max_delay <= kMostDelay, "max_delay", "1 to 2^31",
        std::to_string(options.max_delay));
  check_temperature(options.temperature);
}

}  // namespace

BeamDecoder::BeamDecoder(const BeamOptions& options, std::shared_ptr<const Scorer> scorer)
    : options_(options), scorer_(std::move(scorer)) {
  check_options(options_);
}

BeamDecoder::~BeamDecoder() = default;

std::unique_ptr<DecoderRun> BeamDecoder::make_run(Index units) const {
  if (units < 1) throw ConfigError("beam search: a network needs 1 unit or more, found " + std::to_string(units));
  return std::make_unique<BeamRun>(options_, units, scorer_);
}

const Lexicon* BeamDecoder::lexicon() const { return scorer_ == nullptr ? nullptr : scorer_->lexicon(); }

}  // namespace rnnlib
