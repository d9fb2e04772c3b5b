// SPDX-License-Identifier: Apache-2.0
// Errors of words: what a decoder with a dictionary reads against the words that sequences have.
#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "expect_error.h"
#include "loss/edit_distance.h"
#include "rnnlib/error.h"
#include "rnnlib/token_passing.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_engine;
using Words = std::vector<std::string>;

const std::vector<Lexicon::Spelling> kSpellings = {{"A", {0}}, {"B", {1}}, {"AB", {0, 1}}, {"C", {2}}};

class WordErrors : public ::testing::Test {
 protected:
  // Sequences of 5 points, each with the labels "a b" as its target.
  WordErrors() {
    std::vector<float> numbers(3 * 5 * 2);
    Random random(5);
    for (float& number : numbers) number = static_cast<float>(random.normal());
    inputs_ = numbers;
    sequences_.resize(3);
    for (std::size_t i = 0; i < sequences_.size(); ++i) {
      sequences_[i].set_inputs(inputs_.data() + i * 10, {5}, 2);
      sequences_[i].set_target(target_);
    }
    options_.decoder = std::make_shared<TokenPassingDecoder>(lexicon_);
  }

  // What the decoder reads.
  Words read(const Sequence& sequence) const {
    const Prediction prediction = network_.predict({sequence}, options_).front();
    Words words;
    for (Index word : prediction.readings.at(0).words) words.push_back(lexicon_->word(word));
    return words;
  }

  void expect_errors(const Metrics& metrics, std::vector<double> values, double norm) const {
    const char* names[] = {"wordError", "wordSubstitutions", "wordDeletions", "wordInsertions"};
    for (std::size_t i = 0; i < 4; ++i) {
      const NamedError* error = metrics.find(names[i]);
      ASSERT_NE(error, nullptr) << names[i];
      EXPECT_EQ(error->value, values[i]) << names[i];
      EXPECT_EQ(error->norm, norm) << names[i];
      EXPECT_TRUE(prints_as_percent(names[i]));
    }
  }

  std::shared_ptr<const Lexicon> lexicon_ = std::make_shared<Lexicon>(kSpellings);
  Network network_ = make_network(make_spec({{"task", "dictionary_transcription"}, {"hiddenSize", "3"}}, {1, 2, 3}));
  std::vector<float> inputs_;
  const std::vector<std::int32_t> target_ = {0, 1};
  std::vector<Sequence> sequences_;
  RunOptions options_;
};

TEST_F(WordErrors, CountEdits) {
  const Words first = read(sequences_[0]);
  const Words second = read(sequences_[1]);
  ASSERT_GE(first.size(), 1U);
  ASSERT_GE(second.size(), 1U);
  sequences_[0].set_target_words(first);  // right
  Words other = second;
  other[0] = "elsewhere";     // is none of the dictionary's words
  other.push_back("beyond");  // is missing in what is read
  sequences_[1].set_target_words(other);
  // Sequence 2 has no words, and does not count.
  const double norm = static_cast<double>(first.size() + other.size());
  expect_errors(network_.evaluate(sequences_, options_), {2, 1, 1, 0}, norm);
  sequences_[1].set_target_words({second.begin(), second.end() - 1});
  if (second.size() > 1) expect_errors(network_.evaluate(sequences_, options_), {1, 0, 0, 1}, norm - 2);
}

TEST_F(WordErrors, NeedADictionaryAndTargetWords) {
  EXPECT_EQ(network_.evaluate(sequences_, options_).find("wordError"), nullptr);
  for (Sequence& sequence : sequences_) sequence.set_target_words({"A"});
  EXPECT_NE(network_.evaluate(sequences_, options_).find("wordError"), nullptr);
  options_.decoder = std::make_shared<BestPathDecoder>();
  EXPECT_EQ(network_.evaluate(sequences_, options_).find("wordError"), nullptr);
  EXPECT_EQ(network_.evaluate(sequences_).find("wordError"), nullptr);
}

TEST_F(WordErrors, LabelErrorsAreThoseOfTheDecoder) {
  const auto long_words = std::make_shared<Lexicon>(std::vector<Lexicon::Spelling>{{"long", {1, 2, 1, 0}}});
  options_.decoder = std::make_shared<TokenPassingDecoder>(long_words);
  const std::vector<Index> labels = network_.predict(sequences_, options_).front().labels;
  ASSERT_NE(labels, network_.predict(sequences_).front().labels);  // best path reads something else
  std::vector<std::int32_t> cells;
  EditAlignment alignment;
  align_edits(target_.data(), 2, labels.data(), static_cast<Index>(labels.size()), cells, alignment);
  const Metrics found = network_.evaluate({sequences_[0]}, options_);
  EXPECT_EQ(found.find("labelError")->value, static_cast<double>(alignment.distance()));
  EXPECT_EQ(found.find("ctcError")->value, network_.evaluate({sequences_[0]}).find("ctcError")->value);
}

TEST_F(WordErrors, OfATrainersTests) {
  for (Sequence& sequence : sequences_) sequence.set_target_words({"A", "B"});
  const Metrics expected = network_.evaluate(sequences_, options_);
  for (bool distorted : {false, true}) {
    TrainerOptions options;
    options.run = options_;
    options.test_distortions = distorted;
    options.weight_distortion = distorted ? 1e-12 : 0;  // too small to change what is read
    Trainer trainer(network_, options);
    trainer.begin_epoch(3);
    const Metrics found = trainer.evaluate(sequences_);
    ASSERT_NE(found.find("wordError"), nullptr);
    EXPECT_EQ(found.find("wordError")->value, expected.find("wordError")->value);
    EXPECT_EQ(found.find("labelError")->value, expected.find("labelError")->value);
    trainer.train(sequences_);
    EXPECT_EQ(trainer.end_epoch().find("wordError"), nullptr);  // while training, best path is read
  }
}

TEST_F(WordErrors, ATrainerTakesADecoderForTranscriptionOnly) {
  Network other = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "3"}}, {1, 2, 3}));
  TrainerOptions options;
  options.run = options_;
  expect_error<ConfigError>([&] { Trainer(other, options); }, {"takes no decoder"});
}

}  // namespace
}  // namespace rnnlib
