// SPDX-License-Identifier: Apache-2.0
// The decoder: checks what it is given, and makes runs.
#include "decode/token_passing/token_passing.h"

#include <limits>
#include <new>
#include <utility>

#include "base/numbers.h"
#include "decode/token_passing/token_passing_run.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void check_options(const TokenPassingOptions& options) {
  if (options.n_best < 1) {
    throw ConfigError("token passing keeps at least 1 reading, found n_best " + std::to_string(options.n_best));
  }
  if (options.language.mode != WordMode::kClosed) {
    throw ConfigError("token passing reads words of the dictionary only (closed); a beam search reads free text, too");
  }
}

// Of the tokens of a run, in double: the numbers may be beyond all memories.
double bytes_of(const TokenPassing& search) {
  const double layers = search.num_words() < 0 ? 1 : static_cast<double>(search.num_words());
  return layers * static_cast<double>(search.graph().num_nodes()) * 2 * static_cast<double>(search.n_best()) *
         sizeof(Token);
}

OutOfMemoryError too_large(const TokenPassing& search, double bytes) {
  return OutOfMemoryError("token passing needs " + number_text(bytes / 1e9) + " GB for " +
                          std::to_string(search.graph().spellings.size()) +
                          " spellings; a smaller n_best or number of words needs less, and so does a beam search");
}

}  // namespace

TokenPassingDecoder::TokenPassingDecoder(std::shared_ptr<const Lexicon> lexicon,
                                         const std::shared_ptr<const NgramModel>& bigrams,
                                         const TokenPassingOptions& options) {
  if (lexicon == nullptr) throw ConfigError("token passing needs a dictionary");
  check_options(options);
  search_ = std::make_shared<TokenPassing>(std::move(lexicon), bigrams, options);
}

TokenPassingDecoder::~TokenPassingDecoder() = default;

std::unique_ptr<DecoderRun> TokenPassingDecoder::make_run(Index units) const {
  for (std::int32_t label : search_->graph().labels) {
    if (label < units - 1) continue;
    throw ConfigError("the dictionary has the label " + std::to_string(label) + ", but the outputs have units for " +
                      std::to_string(units - 1) + " labels and the blank");
  }
  const double bytes = bytes_of(*search_);
  constexpr double kMost = 1e15;
  if (bytes >= kMost) throw too_large(*search_, bytes);
  try {
    return std::make_unique<TokenPassingRun>(search_, units);
  } catch (const std::bad_alloc&) {
    throw too_large(*search_, bytes);
  }
}

const Lexicon* TokenPassingDecoder::lexicon() const { return &search_->lexicon(); }

const std::vector<std::string>& TokenPassingDecoder::unknown() const { return search_->classes().unknown(); }

}  // namespace rnnlib
