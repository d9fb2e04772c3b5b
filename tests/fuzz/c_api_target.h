// SPDX-License-Identifier: Apache-2.0
// What is tried on every input: it is read as a list of calls of the C interface, which come in any order, with
// networks loaded from memory, sizes that fit or not, NaN, and null. All that may come out is a status, and a text with
// an error.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "rnnlib/c_api.h"
#include "rnnlib/network.h"
#include "rnnlib/save.h"
#include "save_target.h"

namespace rnnlib::fuzz {

// Saves of small networks: each task, several dimensions, blocks, streams.
inline const std::vector<std::string>& small_saves() {
  static const std::vector<std::string>& texts = *new std::vector<std::string>([] {
    std::vector<std::string> made;
    const auto add = [&](const char* keys, Index dims) {
      const Config config = Config::parse(keys, "fuzz");
      Network network(make_network_spec(config, {dims, 2, 2, {"a", "b", "c"}}), Precision::kDouble);
      Random random(1);
      network.randomise(random, 1);
      if (dims < 2) network.set_normalisation({{{0.5, -1}, {2, 0}}, {{1, 2}, {3, 0.5}}});
      Save save;
      save.config = config;
      store_network(network, save);
      made.push_back(save.text(Precision::kDouble));
      if (dims == 1) made.push_back(to_safetensors(network, config));
    };
    add("task transcription\nhiddenSize 3\nbidirectional false\n", 1);
    add("task classification\nhiddenSize 2,3\nhiddenBlock 2\ninputBlock 2\nbidirectional false\n", 1);
    add("task regression\nhiddenSize 9\n", 0);
    add("task transcription\nhiddenSize 2,2\nhiddenBlock 2,2\nsubsampleSize 3\n", 2);
    add("task sequence_classification\nhiddenSize 2\nhiddenType tanh\n", 3);
    return made;
  }());
  return texts;
}

// Takes numbers from an input; zeros when it is used up.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), end_(data + size) {}
  bool at_end() const { return data_ == end_; }
  std::uint8_t next() { return at_end() ? std::uint8_t{0} : *data_++; }
  // Mostly small, now and then one that no memory holds or that overflows.
  std::int64_t size() {
    const std::uint8_t byte = next();
    if (byte < 240) return byte % 12;
    constexpr std::int64_t kRare[] = {-1, -(std::int64_t{1} << 62), std::int64_t{1} << 31, std::int64_t{1} << 40,
                                      std::numeric_limits<std::int64_t>::max()};
    return kRare[byte % 5];
  }
  std::string rest(std::size_t most) {
    std::string text;
    while (!at_end() && text.size() < most) text += static_cast<char>(next());
    return text;
  }

 private:
  const std::uint8_t* data_;
  const std::uint8_t* end_;
};

// Handles that are there or null, and the calls.
class CApiCalls {
 public:
  CApiCalls(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}
  CApiCalls(const CApiCalls&) = delete;
  CApiCalls& operator=(const CApiCalls&) = delete;
  ~CApiCalls() {
    rnnlib_network_free(network_);
    rnnlib_workspace_free(workspace_);
    rnnlib_stream_free(stream_);
    rnnlib_decoder_free(decoder_);
  }

  void run() {
    for (int calls = 0; !bytes_.at_end() && calls < 200; ++calls) call(bytes_.next() % 17);
  }

 private:
  void call(int which) {
    switch (which) {
      case 0:
      case 1:
        return load();
      case 2:
        rnnlib_network_free(network_);  // what was made of it goes on
        network_ = nullptr;
        return;
      case 3:
        return replace(workspace_, &rnnlib_workspace_free, &rnnlib_workspace_new);
      case 4:
        return replace(stream_, &rnnlib_stream_free, &rnnlib_stream_new);
      case 5:
      case 6:
        return run_sequence();
      case 7:
      case 8:
        return push();
      case 9:
        note(rnnlib_stream_finish(stream_, bytes_.next() % 8 == 0 ? nullptr : &output_));
        return;
      case 10:
        note(rnnlib_stream_reset(stream_));
        return;
      case 11:
        note(rnnlib_workspace_set_raw(workspace_, bytes_.next() % 2));
        note(rnnlib_stream_set_raw(stream_, bytes_.next() % 2));
        return;
      case 12:
        return normalise();
      case 13:
        return make_decoder();
      case 14:
        note(rnnlib_workspace_set_decoder(workspace_, bytes_.next() % 4 == 0 ? nullptr : decoder_));
        note(rnnlib_stream_set_decoder(stream_, bytes_.next() % 4 == 0 ? nullptr : decoder_));
        return;
      case 15:
        return read_image();
      default:
        return ask();
    }
  }

  rnnlib_status note(rnnlib_status status) const {
    require(status >= RNNLIB_OK && status <= RNNLIB_ERROR_NUMERIC, "a status that means a fault of the library");
    require(status == RNNLIB_OK || rnnlib_last_error()[0] != '\0', "an error without words");
    return status;
  }

  void load() {
    const std::uint8_t which = bytes_.next();
    const std::vector<std::string>& saves = small_saves();
    std::string text = saves[which % saves.size()];
    if (which % 16 == 15) text = bytes_.rest(40);
    if (which % 16 == 14) text[bytes_.next() % text.size()] = static_cast<char>(bytes_.next());
    rnnlib_network* loaded = nullptr;
    const rnnlib_precision precision = which >= 250 ? which : which % 2;
    if (note(rnnlib_network_parse(text.data(), text.size(), nullptr, precision, &loaded)) != RNNLIB_OK) return;
    rnnlib_network_free(network_);
    network_ = loaded;
  }

  template <class Handle>
  void replace(Handle*& handle, void (*release)(Handle*), rnnlib_status (*make)(const rnnlib_network*, Handle**)) {
    Handle* made = nullptr;
    if (note(make(network_, bytes_.next() % 16 == 0 ? nullptr : &made)) != RNNLIB_OK) return;
    release(handle);
    handle = made;
  }

  void read_image() {
    static const std::string& json = *new std::string(R"({"kind": "lines", "version": 1, "height": 4, "space": "a"})");
    rnnlib_recipe* recipe = nullptr;
    const std::string text = bytes_.next() % 8 == 0 ? bytes_.rest(60) : json;
    note(rnnlib_recipe_parse(text.data(), text.size(), nullptr, bytes_.next() % 16 == 0 ? nullptr : &recipe));
    const std::uint8_t pixels[8 * 8 * 4] = {};
    const rnnlib_image image{pixels, sizeof(pixels), bytes_.size(), bytes_.size(), bytes_.next() % 6, bytes_.size()};
    float input[100];
    note(rnnlib_recipe_line_input(recipe, &image, input, bytes_.next() % 101));
    std::int64_t labels[4];
    for (std::int64_t& label : labels) label = bytes_.size() % 4;
    char read[8];
    std::size_t length = 0;
    if (note(rnnlib_recipe_text(recipe, network_, labels, bytes_.next() % 16 == 0 ? -1 : 4, read, bytes_.next() % 9,
                                &length)) == RNNLIB_OK) {
      require(length < 8 && read[length] == '\0', "a text without an end");
    }
    rnnlib_recipe_free(recipe);
  }

  // As many numbers as are promised, up to a limit beyond which the promise must be refused unread.
  const float* inputs(std::int64_t points, std::int64_t size) {
    constexpr std::int64_t kMost = 1 << 16;
    const std::uint8_t kind = bytes_.next();
    if (kind % 16 == 0) return nullptr;
    const bool small = points >= 0 && size >= 0 && points <= kMost && size <= kMost;
    inputs_.assign(static_cast<std::size_t>(small ? points * size : 0), 0.5F);
    if (kind % 16 == 1 && !inputs_.empty()) {
      inputs_[kind % inputs_.size()] = kind % 32 < 16 ? NAN : std::numeric_limits<float>::infinity();
    }
    return inputs_.data() != nullptr ? inputs_.data() : &nothing_;
  }

  void run_sequence() {
    const int dims = bytes_.next() % 8 == 0 ? bytes_.next() % 20 - 5 : workspace_dims_;
    std::vector<std::int64_t> shape;
    std::int64_t points = 1;
    bool fits = true;
    for (int d = 0; d < dims; ++d) {
      shape.push_back(bytes_.size());
      fits = fits && shape.back() >= 0 && shape.back() < 12 && points < (1 << 16);
      if (fits) points *= shape.back();
    }
    if (!fits || bytes_.next() % 8 == 0) points = bytes_.next() % 12;
    const std::int64_t size = bytes_.next() % 8 == 0 ? bytes_.size() : 2;
    const float* values = inputs(points, size);
    rnnlib_prediction found;
    const std::int64_t* sizes = bytes_.next() % 16 == 0 ? nullptr : shape.data();
    const rnnlib_status status = note(rnnlib_workspace_run(workspace_, values, points, size, sizes, dims,
                                                           bytes_.next() % 16 == 0 ? nullptr : &found));
    if (status == RNNLIB_OK) {
      read(found.outputs, found.points * found.size, found.labels, found.num_labels);
      for (std::int64_t i = 0; i < found.num_readings; ++i) {
        const rnnlib_reading& reading = found.readings[i];
        read(reading.confidences, reading.num_labels, reading.labels, reading.num_labels);
      }
    }
    if (status != RNNLIB_OK) workspace_dims_ = (workspace_dims_ + 1) % 4;  // until it is the network's
  }

  void push() {
    const std::int64_t points = bytes_.size();
    const std::int64_t size = bytes_.next() % 8 == 0 ? bytes_.size() : 2;
    const bool small = points <= 12 && size <= 12;
    const float* values = inputs(points, size);
    if (!small && size == 2 && values != nullptr) return;  // the promise would be believed
    rnnlib_stream_output* to = bytes_.next() % 16 == 0 ? nullptr : &output_;
    if (note(rnnlib_stream_push(stream_, values, points, size, to)) != RNNLIB_OK) return;
    read(output_.outputs, output_.points * output_.size, output_.labels, output_.num_labels);
  }

  // With a dictionary and a model that fit the networks, or damaged ones, or without.
  void make_decoder() {
    constexpr const char* kWords = "ab a b\nba b a\nc\n";
    constexpr const char* kModel =
        "\\data\\\nngram 1=5\n\n\\1-grams:\n-1\t<unk>\n-1\t</s>\n-9\t<s>\n-0.5\tab\n-0.7\ta\n\\end\\\n";
    const auto damaged = [&](const char* text) {
      std::string changed = text;
      if (bytes_.next() % 4 == 0) changed[bytes_.next() % changed.size()] = static_cast<char>(bytes_.next());
      return changed;
    };
    rnnlib_lexicon* lexicon = nullptr;
    rnnlib_language_model* model = nullptr;
    const std::string words = damaged(kWords);
    const std::string ngrams = damaged(kModel);
    const char* separator = bytes_.next() % 2 == 0 ? nullptr : "c";
    if (bytes_.next() % 2 == 0) {
      note(rnnlib_lexicon_parse(network_, words.data(), words.size(), nullptr, separator, &lexicon));
    }
    if (bytes_.next() % 2 == 0) note(rnnlib_language_model_parse(ngrams.data(), ngrams.size(), nullptr, &model));
    rnnlib_beam_options beam;
    rnnlib_beam_options_init(&beam);
    beam.width = bytes_.size();
    if (beam.width > 12) beam.width = 12;  // what is larger takes time and no other way
    beam.n_best = bytes_.next() % 4;
    if (bytes_.next() % 8 == 0) beam.temperature = NAN;
    rnnlib_language_options language;
    rnnlib_language_options_init(&language);
    language.open = bytes_.next() % 2;
    if (bytes_.next() % 4 == 0) language.num_words = bytes_.size();
    rnnlib_decoder* made = nullptr;
    const rnnlib_status status = bytes_.next() % 8 == 0
                                     ? rnnlib_decoder_new_best_path(bytes_.next(), &made)
                                     : rnnlib_decoder_new_beam(network_, &beam, lexicon, model, &language, &made);
    rnnlib_lexicon_free(lexicon);
    rnnlib_language_model_free(model);
    if (note(status) != RNNLIB_OK) return;
    rnnlib_decoder_free(decoder_);
    decoder_ = made;
  }

  // In place: true sizes, or ones that must be refused unread.
  void normalise() {
    constexpr std::int64_t kPoints = 3;
    const std::int64_t points = bytes_.next() % 8 == 0 ? -bytes_.size() : kPoints;
    std::vector<float> values(2 * kPoints, 1);
    std::vector<double> results(2 * kPoints, 1);
    const std::int64_t size = bytes_.next() % 4 == 0 ? bytes_.size() : 2;
    if (points > kPoints) return;
    note(rnnlib_network_normalise(network_, bytes_.next() % 8 == 0 ? nullptr : values.data(), points, size));
    if (network_ == nullptr || rnnlib_network_output_size(network_) > 2) return;
    note(rnnlib_network_denormalise(network_, bytes_.next() % 8 == 0 ? nullptr : results.data(), points, size));
    (void)rnnlib_network_has_normalisation(network_);
  }

  // So that the address sanitizer sees it.
  static void read(const double* outputs, std::int64_t n, const std::int64_t* labels, std::int64_t num_labels) {
    for (std::int64_t i = 0; i < n; ++i) require(outputs[i] == outputs[i], "NaN among outputs");
    for (std::int64_t i = 0; i < num_labels; ++i) require(labels[i] >= -1, "a label that is none");
  }

  void ask() {
    (void)rnnlib_network_task(network_);
    (void)rnnlib_network_label(network_, bytes_.size());
    (void)rnnlib_network_num_weights(network_);
    const int dims = bytes_.next() % 10;
    std::vector<std::int64_t> shape;
    for (int d = 0; d < dims; ++d) shape.push_back(bytes_.size());
    std::int64_t result[8];
    note(rnnlib_network_output_shape(network_, shape.data(), dims, bytes_.next() % 16 == 0 ? nullptr : result));
    note(rnnlib_network_output_step(network_, bytes_.next() % 16 == 0 ? nullptr : result));
  }

  Bytes bytes_;
  rnnlib_network* network_ = nullptr;
  rnnlib_workspace* workspace_ = nullptr;
  rnnlib_stream* stream_ = nullptr;
  rnnlib_decoder* decoder_ = nullptr;
  rnnlib_stream_output output_{};
  std::vector<float> inputs_;
  float nothing_ = 0;
  int workspace_dims_ = 1;
};

inline void try_calls(const std::uint8_t* data, std::size_t size) { CApiCalls(data, size).run(); }

}  // namespace rnnlib::fuzz
