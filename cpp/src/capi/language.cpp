// SPDX-License-Identifier: Apache-2.0
// Language models and dictionaries.
#include <string>
#include <utility>

#include "capi/guard.h"
#include "capi/handles.h"

namespace {

using rnnlib::Lexicon;
using rnnlib::NgramModel;

std::string text_of(const char* text, const char* otherwise) { return text == nullptr ? otherwise : text; }

rnnlib_language_model* make_handle(NgramModel model) {
  return new rnnlib_language_model{std::make_shared<const NgramModel>(std::move(model))};
}

rnnlib_lexicon* make_handle(Lexicon lexicon) {
  return new rnnlib_lexicon{std::make_shared<const Lexicon>(std::move(lexicon))};
}

}  // namespace

extern "C" {

rnnlib_status rnnlib_language_model_load(const char* path, rnnlib_language_model** model) {
  RNNLIB_NEED(path);
  RNNLIB_NEED(model);
  return rnnlib::capi::guard([&] { *model = make_handle(NgramModel::read(path)); });
}

rnnlib_status rnnlib_language_model_parse(const char* data, size_t size, const char* source,
                                          rnnlib_language_model** model) {
  RNNLIB_NEED(data);
  RNNLIB_NEED(model);
  return rnnlib::capi::guard([&] { *model = make_handle(NgramModel::parse({data, size}, text_of(source, "memory"))); });
}

void rnnlib_language_model_free(rnnlib_language_model* model) { delete model; }

rnnlib_status rnnlib_lexicon_load(const rnnlib_network* network, const char* path, const char* separator,
                                  rnnlib_lexicon** lexicon) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(path);
  RNNLIB_NEED(lexicon);
  return rnnlib::capi::guard([&] {
    *lexicon = make_handle(Lexicon::read(path, network->network->spec().data.labels, text_of(separator, "")));
  });
}

rnnlib_status rnnlib_lexicon_parse(const rnnlib_network* network, const char* data, size_t size, const char* source,
                                   const char* separator, rnnlib_lexicon** lexicon) {
  RNNLIB_NEED(network);
  RNNLIB_NEED(data);
  RNNLIB_NEED(lexicon);
  return rnnlib::capi::guard([&] {
    *lexicon = make_handle(Lexicon::parse({data, size}, text_of(source, "memory"), network->network->spec().data.labels,
                                          text_of(separator, "")));
  });
}

void rnnlib_lexicon_free(rnnlib_lexicon* lexicon) { delete lexicon; }

int64_t rnnlib_lexicon_num_words(const rnnlib_lexicon* lexicon) {
  return lexicon == nullptr ? 0 : lexicon->lexicon->num_words();
}

int64_t rnnlib_lexicon_num_left_out(const rnnlib_lexicon* lexicon) {
  return lexicon == nullptr ? 0 : lexicon->lexicon->num_left_out();
}

const char* rnnlib_lexicon_word(const rnnlib_lexicon* lexicon, int64_t number) {
  if (lexicon == nullptr || number < 0 || number >= lexicon->lexicon->num_words()) return nullptr;
  return lexicon->lexicon->word(number).c_str();
}

}  // extern "C"
