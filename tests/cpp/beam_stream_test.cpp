// SPDX-License-Identifier: Apache-2.0
// Beam search of sequences that come in pieces: equal to the whole, early, and in bounded memory.
#include "beam_fixture.h"
#include "counted_memory.h"
#include "decode/beam/best_alignment.h"
#include "decode/beam/labelling_sum.h"

namespace rnnlib {
namespace {

void append(const Prediction& piece, Prediction& all) {
  all.labels.insert(all.labels.end(), piece.labels.begin(), piece.labels.end());
  all.positions.insert(all.positions.end(), piece.positions.begin(), piece.positions.end());
}

// `take`: labels are taken out after each piece.
Prediction read_in_pieces(DecoderRun& run, const std::vector<double>& outputs, Index units, std::mt19937& random,
                          bool take) {
  std::uniform_int_distribution<Index> length(0, 12);
  const Index points = static_cast<Index>(outputs.size()) / units;
  Prediction all;
  Prediction piece;
  run.begin();
  for (Index first = 0; first < points;) {
    const Index count = std::min(length(random), points - first);
    run.step(outputs.data() + first * units, count, piece);
    first += count;
    if (!take) continue;
    append(piece, all);
    piece = {};
  }
  run.finish(piece);
  all.readings = piece.readings;
  if (take) {
    append(piece, all);
    return all;
  }
  return piece;
}

std::shared_ptr<const Scorer> open_words() {
  LanguageOptions options;
  options.mode = WordMode::kOpen;
  options.free_score = -3;
  const std::vector<Lexicon::Spelling> spellings = {{"A", {0}}, {"AA", {0, 0}}, {"ab", {0, 1}}, {"cab", {2, 0, 1}}};
  return LanguageScorer::of_words(std::make_shared<Lexicon>(spellings), nullptr, options);
}

TEST(BeamStream, ReadsASequenceInPiecesLikeTheWhole) {
  std::mt19937 random(11);
  for (const bool has_scorer : {false, true}) {
    for (const Index delay : {5, 20, 1000}) {
      BeamOptions options;
      options.width = 12;
      options.n_best = 4;
      options.max_delay = delay;
      const BeamDecoder decoder(options, has_scorer ? open_words() : nullptr);
      const auto run = decoder.make_run(5);  // has served the sequences before
      for (int round = 0; round < 15; ++round) {
        const Index points = std::uniform_int_distribution<Index>(0, 150)(random);
        const std::vector<double> outputs = random_outputs(points, 5, random, round % 2 == 0 ? 4 : 20);
        const Prediction whole = read(decoder, outputs, 5);
        const Prediction pieces = read_in_pieces(*run, outputs, 5, random, false);
        ASSERT_EQ(pieces.readings.size(), whole.readings.size());
        for (std::size_t i = 0; i < whole.readings.size(); ++i) {
          expect_same_reading(pieces.readings[i], whole.readings[i]);
        }
        EXPECT_EQ(pieces.labels, whole.readings.front().labels);

        const Prediction taken = read_in_pieces(*run, outputs, 5, random, true);
        ASSERT_EQ(taken.labels, whole.labels);
        for (std::size_t i = 0; i < whole.labels.size(); ++i) {
          EXPECT_EQ(taken.positions[i].first, whole.positions[i].first);
        }
        EXPECT_EQ(taken.readings.front().score, whole.readings.front().score);
      }
    }
  }
}

TEST(BeamStream, PositionsFollowEachOther) {
  std::mt19937 random(12);
  for (int round = 0; round < 40; ++round) {
    BeamOptions options;
    options.width = 8;
    options.n_best = 8;
    options.max_delay = round % 2 == 0 ? 10 : 1000;
    const std::vector<double> outputs = random_outputs(120, 4, random, 1 + round % 8);
    const Prediction found = read(BeamDecoder(options), outputs, 4);
    for (const Reading& reading : found.readings) {
      Index previous = -1;
      for (const LabelPosition& position : reading.positions) {
        EXPECT_GE(position.first, previous);
        EXPECT_GE(position.last, position.first);
        previous = position.last;
      }
      EXPECT_LT(previous, 120);
      for (const double confidence : reading.confidences) EXPECT_GT(confidence, 0);
    }
  }
}

// Clear labels, each one point long with blanks around it.
std::vector<double> clear_outputs(Index labels, Index blanks) {
  std::vector<double> outputs;
  for (Index i = 0; i < labels; ++i) {
    for (Index t = 0; t < blanks; ++t) outputs.insert(outputs.end(), {0.0005, 0.0005, 0.999});
    outputs.insert(outputs.end(), {i % 2 == 0 ? 0.99 : 0.001, i % 2 == 0 ? 0.001 : 0.99, 0.009});
  }
  return outputs;
}

TEST(BeamStream, GivesLabelsOutEarly) {
  BeamOptions options;
  options.width = 8;
  options.beam_threshold = 5;  // else the first labels' alternatives are as good as those of the last ones
  const auto run = BeamDecoder(options).make_run(3);
  const std::vector<double> outputs = clear_outputs(40, 5);
  Prediction found;
  Index latest = 0;
  run->begin();
  for (Index t = 0; t < 240; ++t) {
    run->step(outputs.data() + 3 * t, 1, found);
    const Index complete = (t + 1) / 6;
    latest = std::max(latest, complete - static_cast<Index>(found.labels.size()));
  }
  EXPECT_LE(latest, 8);
  run->finish(found);
  EXPECT_EQ(found.labels.size(), 40U);
  for (Index i = 0; i < 40; ++i) EXPECT_EQ(found.positions[static_cast<std::size_t>(i)].first, 6 * i + 5);
}

// The first label is as good as another, and all that follows is clear: no labelling ever leaves the beam.
TEST(BeamStream, WhatIsOlderThanTheDelayIsSettled) {
  std::vector<double> outputs = {0.5, 0.49, 0.01};
  const std::vector<double> rest = clear_outputs(100, 3);
  outputs.insert(outputs.end(), rest.begin(), rest.end());
  for (const Index delay : {50, 1000}) {
    BeamOptions options;
    options.width = 4;
    options.n_best = 2;
    options.beam_threshold = 3;
    options.max_delay = delay;
    const auto run = BeamDecoder(options).make_run(3);
    Prediction found;
    run->begin();
    run->step(outputs.data(), 200, found);
    EXPECT_EQ(found.labels.empty(), delay == 1000);
    run->step(outputs.data() + 600, 201, found);
    run->finish(found);
    ASSERT_EQ(found.labels.size(), 101U);
    EXPECT_EQ(found.labels[0], 0);
    EXPECT_EQ(found.readings.size() == 2 && found.readings[1].labels[0] == 1, delay == 1000);
  }
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
TEST(BeamStream, AStepNeedsNoNewMemory) {
  std::mt19937 random(13);
  for (const bool has_scorer : {false, true}) {
    for (const double sharpness : {1.0, 30.0}) {
      BeamOptions options;
      options.width = 20;
      options.max_delay = 60;
      const auto run = BeamDecoder(options, has_scorer ? open_words() : nullptr).make_run(4);
      const std::vector<double> outputs = random_outputs(1000, 4, random, sharpness);
      Prediction found;
      const auto take = [&] {
        found.labels.clear();
        found.positions.clear();
        found.confidences.clear();
      };
      run->begin();
      // Tables grow now and then, to what the fullest point so far needed, and then no more.
      bool needed_none = false;
      for (int round = 0; round < 20 && !needed_none; ++round) {
        const long long before = counted_memory::allocations;
        for (Index t = 0; t < 1000; ++t) {
          run->step(outputs.data() + 4 * t, 1, found);
          take();
        }
        needed_none = counted_memory::allocations == before;
      }
      EXPECT_TRUE(needed_none) << has_scorer << ' ' << sharpness;
    }
  }
}
#endif

TEST(BestAlignment, SpreadsWhatNoPathHas) {
  BestAlignment alignment;
  const std::vector<double> outputs = {0.5, 0.5, 0.5, 0.5};
  const auto places = alignment.align({0, 0}, outputs.data(), 2, 2);  // needs a blank between
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].first, 0);
  EXPECT_EQ(places[1].first, 1);
  EXPECT_TRUE(alignment.align({}, outputs.data(), 2, 2).empty());
}

TEST(LabellingSum, GoesOnWherePointsWereForgotten) {
  std::mt19937 random(14);
  const std::vector<double> outputs = random_outputs(300, 3, random, 2);
  LabellingSum whole;
  LabellingSum parts;
  whole.begin();
  parts.begin();
  const Labels labels = {0, 1, 1, 0, 1, 0, 0, 1};
  for (const Index label : labels) parts.add_label(label);
  for (Index t = 0; t < 200; t += 50) parts.advance(outputs.data() + 3 * t, 50, 3);
  EXPECT_NEAR(whole.log_probability(labels, outputs.data(), 300, 3),
              parts.log_probability({}, outputs.data() + 600, 100, 3), 1e-9);
}

}  // namespace
}  // namespace rnnlib
