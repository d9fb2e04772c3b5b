// SPDX-License-Identifier: Apache-2.0
// Decoders and their options.
#include <utility>

#include "capi/guard.h"
#include "capi/handles.h"
#include "rnnlib/beam.h"
#include "rnnlib/error.h"
#include "rnnlib/language_scorer.h"

namespace {

using rnnlib::LanguageOptions;
using rnnlib::LanguageScorer;

rnnlib::BeamOptions from_c(const rnnlib_beam_options& given) {
  rnnlib::BeamOptions options;
  options.width = given.width;
  options.n_best = given.n_best;
  options.min_probability = given.min_probability;
  options.beam_threshold = given.beam_threshold;
  options.blank_threshold = given.blank_threshold;
  options.temperature = given.temperature;
  options.max_delay = given.max_delay;
  return options;
}

LanguageOptions from_c(const rnnlib_language_options& given) {
  LanguageOptions options;
  options.weight = given.weight;
  options.word_bonus = given.word_bonus;
  options.sentence_ends = given.sentence_ends != 0;
  options.unknown_score = given.unknown_score;
  options.mode = given.open != 0 ? rnnlib::WordMode::kOpen : rnnlib::WordMode::kClosed;
  options.free_score = given.free_score;
  options.num_words = given.num_words;
  return options;
}

// Null without dictionary and model.
std::shared_ptr<const rnnlib::Scorer> make_scorer(const rnnlib_network& network, const rnnlib_lexicon* lexicon,
                                                  const rnnlib_language_model* model, const LanguageOptions& options) {
  if (lexicon != nullptr) {
    return LanguageScorer::of_words(lexicon->lexicon, model == nullptr ? nullptr : model->model, options);
  }
  if (model == nullptr) return nullptr;
  return LanguageScorer::of_labels(*model->model, network.network->spec().data.labels, options);
}

}  // namespace

extern "C" {

void rnnlib_language_options_init(rnnlib_language_options* options) {
  if (options == nullptr) return;
  const LanguageOptions usual;
  *options = {usual.weight,
              usual.word_bonus,
              usual.sentence_ends ? 1 : 0,
              usual.unknown_score,
              usual.mode == rnnlib::WordMode::kOpen ? 1 : 0,
              usual.free_score,
              usual.num_words};
}

void rnnlib_beam_options_init(rnnlib_beam_options* options) {
  if (options == nullptr) return;
  const rnnlib::BeamOptions usual;
  *options = {usual.width,           usual.n_best,      usual.min_probability, usual.beam_threshold,
              usual.blank_threshold, usual.temperature, usual.max_delay};
}

rnnlib_status rnnlib_decoder_new_best_path(double temperature, rnnlib_decoder** decoder) {
  RNNLIB_NEED(decoder);
  return rnnlib::capi::guard(
      [&] { *decoder = new rnnlib_decoder{std::make_shared<const rnnlib::BestPathDecoder>(temperature)}; });
}

rnnlib_status rnnlib_decoder_new_beam(const rnnlib_network* network, const rnnlib_beam_options* options,
                                      const rnnlib_lexicon* lexicon, const rnnlib_language_model* model,
                                      const rnnlib_language_options* language, rnnlib_decoder** decoder) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(decoder);
  return rnnlib::capi::guard([&] {
    const rnnlib::BeamOptions beam = options == nullptr ? rnnlib::BeamOptions() : from_c(*options);
    auto scorer = make_scorer(*network, lexicon, model, language == nullptr ? LanguageOptions() : from_c(*language));
    *decoder = new rnnlib_decoder{std::make_shared<const rnnlib::BeamDecoder>(beam, std::move(scorer))};
  });
}

void rnnlib_decoder_free(rnnlib_decoder* decoder) { delete decoder; }

}  // extern "C"
