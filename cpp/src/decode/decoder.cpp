// SPDX-License-Identifier: Apache-2.0
// What all decoders have in common, and those without a file of their own.
#include "rnnlib/decoder.h"

#include <algorithm>
#include <cmath>

#include "decode/best_path.h"
#include "decode/classes.h"
#include "decode/no_labels.h"
#include "decode/task_decoder.h"
#include "rnnlib/error.h"

namespace rnnlib {

DecoderRun::~DecoderRun() = default;
Decoder::~Decoder() = default;

BestPathDecoder::BestPathDecoder(double temperature) : temperature_(temperature) { check_temperature(temperature); }

std::unique_ptr<DecoderRun> BestPathDecoder::make_run(Index units) const {
  return std::make_unique<BestPathRun>(units, temperature_);
}

void decode(DecoderRun& run, const double* outputs, Index points, Prediction& prediction) {
  prediction.labels.clear();
  prediction.positions.clear();
  prediction.confidences.clear();
  prediction.readings.clear();
  run.begin();
  run.step(outputs, points, prediction);
  run.finish(prediction);
}

Prediction decode(const Decoder& decoder, const std::vector<double>& outputs, Index points, Index units) {
  if (points < 0 || units < 1 || static_cast<Index>(outputs.size()) != points * units) {
    throw DataError("a decoder got " + std::to_string(outputs.size()) + " outputs; expected " + std::to_string(points) +
                    " points of " + std::to_string(units) + " units");
  }
  const auto bad = std::find_if(outputs.begin(), outputs.end(), [](double y) { return !std::isfinite(y) || y < 0; });
  if (bad != outputs.end()) {
    const Index at = bad - outputs.begin();
    throw DataError("a decoder got " + std::to_string(*bad) + " as output " + std::to_string(at % units) +
                    " of point " + std::to_string(at / units) + "; expected probabilities");
  }
  Prediction prediction;
  decode(*decoder.make_run(units), outputs.data(), points, prediction);
  prediction.shape = {points};
  prediction.size = units;
  prediction.outputs = outputs;
  return prediction;
}

std::unique_ptr<DecoderRun> make_decoder_run(DecoderType type, Index units, double temperature) {
  switch (type) {
    case DecoderType::kNone:
      return std::make_unique<NoLabelsRun>();
    case DecoderType::kClasses:
      return std::make_unique<ClassesRun>(units, temperature);
    case DecoderType::kBestPath:
      return std::make_unique<BestPathRun>(units, temperature);
  }
  throw ConfigError("the decoder is none of those there are");
}

}  // namespace rnnlib
