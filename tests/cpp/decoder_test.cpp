// SPDX-License-Identifier: Apache-2.0
// Decoders: what they read, and that a sequence in pieces reads like the whole.
#include "decode/task_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "counted_memory.h"
#include "loss/error_counts.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using Labels = std::vector<Index>;
using Positions = std::vector<std::pair<Index, Index>>;

// Outputs with the given most active unit at each point.
std::vector<double> outputs_of(const Labels& units, Index size) {
  std::vector<double> outputs(units.size() * static_cast<std::size_t>(size), 0.1);
  for (std::size_t t = 0; t < units.size(); ++t) {
    outputs[t * static_cast<std::size_t>(size) + static_cast<std::size_t>(units[t])] = 0.5;
  }
  return outputs;
}

Positions pairs_of(const std::vector<LabelPosition>& positions) {
  Positions pairs;
  for (const LabelPosition& position : positions) pairs.emplace_back(position.first, position.last);
  return pairs;
}

Prediction read(DecoderType type, const std::vector<double>& outputs, Index size) {
  Prediction prediction;
  prediction.labels = {9, 9};  // of another sequence
  prediction.positions = {{9, 9}};
  decode(*make_decoder_run(type, size), outputs.data(), static_cast<Index>(outputs.size()) / size, prediction);
  return prediction;
}

Labels best_path(const Labels& units, Index size) {
  return read(DecoderType::kBestPath, outputs_of(units, size), size).labels;
}

TEST(BestPath, MergesRepeatsAndDropsBlanks) {
  EXPECT_EQ(best_path({0, 0, 1, 1, 1}, 3), (Labels{0, 1}));
  EXPECT_EQ(best_path({2, 0, 2, 0, 0, 2}, 3), (Labels{0, 0}));
  EXPECT_EQ(best_path({2, 2, 2}, 3), Labels{});
  EXPECT_EQ(best_path({0, 1, 0}, 3), (Labels{0, 1, 0}));
}

TEST(BestPath, TiesGoToTheFirstUnit) {
  EXPECT_EQ(read(DecoderType::kBestPath, {0.2, 0.4, 0.4, 0.4, 0.2, 0.4}, 3).labels, (Labels{1, 0}));
}

TEST(BestPath, PositionsAreThePointsOfEachLabel) {
  const Prediction found = read(DecoderType::kBestPath, outputs_of({2, 0, 0, 2, 0, 1, 1, 1, 0}, 3), 3);
  EXPECT_EQ(found.labels, (Labels{0, 0, 1, 0}));
  EXPECT_EQ(pairs_of(found.positions), (Positions{{1, 2}, {4, 4}, {5, 7}, {8, 8}}));
  const Prediction none = read(DecoderType::kBestPath, {}, 3);
  EXPECT_TRUE(none.labels.empty() && none.positions.empty());
}

TEST(BestPath, ConfidenceIsTheHighestProbabilityWhereTheLabelIsRead) {
  const std::vector<double> outputs = {0.6, 0.1, 0.3, 0.8, 0.1, 0.1, 0.1, 0.2, 0.7, 0.2, 0.5, 0.3};
  EXPECT_EQ(read(DecoderType::kBestPath, outputs, 3).confidences, (std::vector<double>{0.8, 0.5}));
}

TEST(BestPath, TemperatureFlattensConfidencesAndChangesNoLabel) {
  const std::vector<double> outputs = {0.8, 0.15, 0.05, 0.1, 0.2, 0.7, 0.25, 0.5, 0.25};
  const Prediction found = decode(BestPathDecoder(2), outputs, 3, 3);
  EXPECT_EQ(found.labels, (Labels{0, 1}));
  const double sums[] = {std::sqrt(0.8) + std::sqrt(0.15) + std::sqrt(0.05), std::sqrt(0.5) + 1};
  EXPECT_NEAR(found.confidences[0], std::sqrt(0.8) / sums[0], 1e-12);
  EXPECT_NEAR(found.confidences[1], std::sqrt(0.5) / sums[1], 1e-12);
}

TEST(Decode, RefusesWhatAreNoProbabilities) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(decode(BestPathDecoder(), {0.5, nan}, 1, 2), DataError);
  EXPECT_THROW(decode(BestPathDecoder(), {0.5, -0.1}, 1, 2), DataError);
  EXPECT_THROW(decode(BestPathDecoder(), {0.5, 0.5}, 2, 2), DataError);
  for (const double temperature : {0.0, -1.0, nan}) EXPECT_THROW(BestPathDecoder{temperature}, ConfigError);
}

TEST(Classes, AreTheMostActiveUnitsOrOneUnitOverAHalf) {
  EXPECT_EQ(read(DecoderType::kClasses, outputs_of({2, 0, 0, 1}, 3), 3).labels, (Labels{2, 0, 0, 1}));
  EXPECT_EQ(read(DecoderType::kClasses, {0.2, 0.5, 0.51, 1}, 1).labels, (Labels{0, 0, 1, 1}));
  EXPECT_TRUE(read(DecoderType::kClasses, {0.2, 0.7}, 1).positions.empty());
}

TEST(Classes, ConfidenceIsTheProbabilityAtTheTemperature) {
  const std::vector<double> outputs = {0.8, 0.15, 0.05};
  EXPECT_EQ(read(DecoderType::kClasses, outputs, 3).confidences, std::vector<double>{0.8});
  Prediction found;
  decode(*make_decoder_run(DecoderType::kClasses, 3, 2), outputs.data(), 1, found);
  EXPECT_NEAR(found.confidences[0], std::sqrt(0.8) / (std::sqrt(0.8) + std::sqrt(0.15) + std::sqrt(0.05)), 1e-12);
  const std::vector<double> one_unit = {0.2, 0.9};  // two classes: of the second
  decode(*make_decoder_run(DecoderType::kClasses, 1, 0.5), one_unit.data(), 2, found);
  EXPECT_NEAR(found.confidences[0], 0.64 / (0.64 + 0.04), 1e-12);
  EXPECT_NEAR(found.confidences[1], 0.81 / (0.81 + 0.01), 1e-12);
}

TEST(NoLabels, AreReadFromNumbers) { EXPECT_TRUE(read(DecoderType::kNone, {3, 4, 5, 6}, 2).labels.empty()); }

// Feeds outputs in pieces, now and then an empty one; `take`: labels are taken out after each.
Prediction read_in_pieces(DecoderRun& decoder, const std::vector<double>& outputs, Index size, std::mt19937& random,
                          bool take) {
  std::uniform_int_distribution<Index> length(0, 4);
  const Index points = static_cast<Index>(outputs.size()) / size;
  Prediction all;
  Prediction piece;
  const auto gather = [&] {
    all.labels.insert(all.labels.end(), piece.labels.begin(), piece.labels.end());
    all.positions.insert(all.positions.end(), piece.positions.begin(), piece.positions.end());
    piece = {};
  };
  decoder.begin();
  for (Index first = 0; first < points;) {
    const Index count = std::min(length(random), points - first);
    decoder.step(outputs.data() + first * size, count, piece);
    first += count;
    if (take) gather();
  }
  decoder.finish(piece);
  gather();
  return all;
}

TEST(Decoders, ReadASequenceInPiecesLikeTheWhole) {
  std::mt19937 random(3);
  for (const TaskInfo& task : task_table()) {
    for (Index size = task.units == OutputUnits::kLabelsAndBlank ? 2 : 1; size < 6; ++size) {
      const auto decoder = make_decoder_run(task.decoder, size);  // has served the sequences before
      for (int sequence = 0; sequence < 20; ++sequence) {
        std::uniform_int_distribution<Index> points(0, 30);
        std::vector<double> outputs(static_cast<std::size_t>(points(random) * size));
        for (double& output : outputs) output = std::uniform_real_distribution<double>(0, 1)(random);
        const Prediction whole = read(task.decoder, outputs, size);
        const Prediction pieces = read_in_pieces(*decoder, outputs, size, random, false);
        EXPECT_EQ(pieces.labels, whole.labels) << task.name;
        EXPECT_EQ(pairs_of(pieces.positions), pairs_of(whole.positions)) << task.name;

        // Where labels end is not told to those who take them away.
        const Prediction taken = read_in_pieces(*decoder, outputs, size, random, true);
        EXPECT_EQ(taken.labels, whole.labels) << task.name;
        ASSERT_EQ(taken.positions.size(), whole.positions.size()) << task.name;
        for (std::size_t i = 0; i < taken.positions.size(); ++i) {
          EXPECT_EQ(taken.positions[i].first, whole.positions[i].first) << task.name;
        }
        EXPECT_EQ(whole.positions.size(), task.has_positions() ? whole.labels.size() : 0U) << task.name;
      }
    }
  }
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
TEST(Decoders, ASecondSequenceIsReadAndComparedWithoutNewMemory) {
  const Index points = 200;
  const Index size = 4;
  std::mt19937 random(5);
  std::vector<double> outputs(static_cast<std::size_t>(points * size));
  for (double& output : outputs) output = std::uniform_real_distribution<double>(0, 1)(random);
  const std::vector<std::int32_t> target(static_cast<std::size_t>(points), 1);
  Sequence sequence;
  sequence.set_target(target);
  for (const TaskInfo& task : task_table()) {
    const auto decoder = make_decoder_run(task.decoder, size);
    const auto counts = make_error_counts(task, {"a", "b", "c", "d"}, {});
    CountWorkspace workspace;
    Prediction prediction;
    SequenceErrors errors;
    errors.items.reserve(32);
    long long before = 0;
    for (int run = 0; run < 2; ++run) {
      before = counted_memory::allocations;
      decode(*decoder, outputs.data(), points, prediction);
      if (counts != nullptr) counts->add(prediction.labels, sequence, workspace, errors);
    }
    EXPECT_EQ(counted_memory::allocations, before) << task.name;
    EXPECT_EQ(prediction.labels.empty(), task.target == TargetKind::kPatterns) << task.name;
  }
}
#endif

}  // namespace
}  // namespace rnnlib
