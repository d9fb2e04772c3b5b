// SPDX-License-Identifier: Apache-2.0
// The decoder that a task's row names.
#include "decode/decoder.h"

#include "decode/best_path.h"
#include "decode/classes.h"
#include "decode/no_labels.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
std::unique_ptr<Decoder<Real>> make_decoder(DecoderType type, Index units) {
  switch (type) {
    case DecoderType::kNone:
      return std::make_unique<NoLabels<Real>>();
    case DecoderType::kClasses:
      return std::make_unique<Classes<Real>>(units);
    case DecoderType::kBestPath:
      return std::make_unique<BestPath<Real>>(units);
  }
  throw ConfigError("the decoder is none of those there are");
}

template std::unique_ptr<Decoder<float>> make_decoder<float>(DecoderType, Index);
template std::unique_ptr<Decoder<double>> make_decoder<double>(DecoderType, Index);

}  // namespace rnnlib
