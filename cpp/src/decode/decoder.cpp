// SPDX-License-Identifier: Apache-2.0
// What all decoders have in common, and those without a file of their own.
#include "rnnlib/decoder.h"

#include "decode/best_path.h"
#include "decode/classes.h"
#include "decode/no_labels.h"
#include "decode/outputs.h"
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
  check_outputs(outputs, points, units);
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
