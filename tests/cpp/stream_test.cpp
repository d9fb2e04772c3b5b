// SPDX-License-Identifier: Apache-2.0
// A stream gives the outputs of the whole sequence, however it is cut.
#include "rnnlib/stream.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

struct StreamCase {
  std::string name;
  NetworkSpec spec;
};

std::vector<StreamCase> stream_cases() {
  std::vector<StreamCase> cases;
  const auto add = [&](const std::string& name, Keys keys, Index inputs = 2, Index labels = 4) {
    keys.push_back({"bidirectional", "false"});
    cases.push_back({name, make_spec(keys, {1, inputs, labels})});
  };
  add("LSTM", {{"task", "classification"}, {"hiddenSize", "9"}});
  add("two classes", {{"task", "classification"}, {"hiddenSize", "3"}}, 1, 2);
  add("regression", {{"task", "regression"}, {"hiddenSize", "33"}, {"hiddenType", "softsign_lstm"}});
  add("transcription", {{"task", "transcription"}, {"hiddenSize", "20"}}, 5, 12);
  add("not recurrent",
      {{"task", "regression"}, {"hiddenSize", "3,4"}, {"hiddenType", "lstm,tanh"}, {"recurrent", "false"}});
  add("stacked", {{"task", "transcription"}, {"hiddenSize", "5,1,7"}, {"hiddenType", "tanh,linear_lstm,logistic"}});
  add("GRU", {{"task", "transcription"}, {"hiddenSize", "18,5"}, {"hiddenType", "gru"}});
  add("input block", {{"task", "classification"}, {"hiddenSize", "4"}, {"inputBlock", "3"}});
  add("blocks gathered", {{"task", "transcription"}, {"hiddenSize", "3,4"}, {"hiddenBlock", "2"}});
  add("subsample", {{"task", "regression"}, {"hiddenSize", "3,4"}, {"subsampleSize", "6"}, {"subsampleBias", "true"}});
  add("convolutions", {{"task", "transcription"},
                       {"hiddenSize", "3,4,5,9"},
                       {"hiddenType", "conv,conv,lstm,conv"},
                       {"kernelSize", "5;4;2"},
                       {"hiddenBlock", "2"}});
  add("Arabic online in small", {{"task", "transcription"},
                                 {"hiddenSize", "4,6,9"},
                                 {"subsampleSize", "5,7"},
                                 {"hiddenBlock", "2;3"},
                                 {"inputBlock", "2"}});
  return cases;
}

struct Streamed {
  std::vector<double> outputs;
  std::vector<Index> labels;
  std::vector<Index> label_points;
  Index points = 0;

  void add(const StreamOutput& part) {
    EXPECT_EQ(part.first_point, points);
    EXPECT_EQ(static_cast<Index>(part.outputs.size()), part.points * part.size);
    points += part.points;
    outputs.insert(outputs.end(), part.outputs.begin(), part.outputs.end());
    labels.insert(labels.end(), part.labels.begin(), part.labels.end());
    label_points.insert(label_points.end(), part.label_points.begin(), part.label_points.end());
  }
};

// In chunks of at most so many points; 0 of them, too.
Streamed run(Stream& stream, const Sequence& sequence, Index input_size, Random& random, Index largest) {
  Streamed result;
  const Index points = num_points(sequence.shape());
  for (Index t = 0; t < points;) {
    const Index n =
        std::min<Index>(static_cast<Index>(random.below(static_cast<std::uint64_t>(largest) + 1)), points - t);
    result.add(stream.push(sequence.inputs() + t * input_size, n, input_size));
    t += n;
  }
  result.add(stream.finish());
  return result;
}

TEST(Stream, GivesTheOutputsOfTheWholeSequence) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (const StreamCase& stream_case : stream_cases()) {
      SCOPED_TRACE(stream_case.name);
      const Network network = make_network(stream_case.spec, precision);
      const TestSequences sequences(network, {{1}, {2}, {7}, {24}, {61}});
      const std::vector<Prediction> whole = network.predict(sequences.all());
      Stream stream(network);
      Random random(3);
      for (Index largest : {1, 3, 100}) {
        for (std::size_t i = 0; i < sequences.all().size(); ++i) {
          SCOPED_TRACE(i);
          const Streamed found = run(stream, sequences[i], stream_case.spec.data.input_size, random, largest);
          EXPECT_EQ(found.points, num_points(whole[i].shape));
          // Products of the output and subsample layers add in another order for one row than for many.
          const double tolerance = precision == Precision::kFloat ? 2e-6 : 1e-14;
          EXPECT_LT(largest_difference(found.outputs, whole[i].outputs), tolerance);
          EXPECT_EQ(found.labels, whole[i].labels);
          std::vector<Index> first;
          for (const LabelPosition& position : whole[i].positions) first.push_back(position.first);
          EXPECT_EQ(found.label_points, first);
        }
      }
    }
  }
}

// From every point on a copy and the stream itself go on as if the other were not there.
TEST(Stream, CopiesGoOnByThemselves) {
  for (const StreamCase& stream_case : stream_cases()) {
    SCOPED_TRACE(stream_case.name);
    NetworkSpec spec = stream_case.spec;
    if (spec.task == Task::kTranscription) spec.task = Task::kClassification;
    const Network network = make_network(spec, Precision::kFloat);
    const TestSequences sequences(network, {{17}, {17}});
    const Index size = spec.data.input_size;
    const auto push_from = [&](Stream& stream, const Sequence& sequence, Index begin, Index end) {
      Streamed result;
      const StreamOutput& first = stream.push(sequence.inputs() + begin * size, end - begin, size);
      result.points = first.first_point;
      result.add(first);
      result.add(stream.finish());
      return result;
    };
    for (Index cut : {0, 1, 5, 10, 17}) {
      Stream stream(network);
      stream.push(sequences[0].inputs(), cut, size);
      Stream copy(stream);
      Stream mixed(network);  // the first sequence up to the cut, then the second
      mixed.push(sequences[0].inputs(), cut, size);
      const Streamed expected = push_from(mixed, sequences[1], cut, 17);
      const Streamed other = push_from(copy, sequences[1], cut, 17);
      const Streamed own = push_from(stream, sequences[0], cut, 17);
      EXPECT_EQ(other.outputs, expected.outputs);
      EXPECT_EQ(other.labels, expected.labels);
      Stream alone(network);
      alone.push(sequences[0].inputs(), cut, size);
      EXPECT_EQ(own.outputs, push_from(alone, sequences[0], cut, 17).outputs);
    }
  }
}

TEST(Stream, CopiesKeepTheWeightsOfTheirSequence) {
  Network network =
      make_network(make_spec({{"task", "classification"}, {"hiddenSize", "4"}, {"bidirectional", "false"}}, {1, 2, 3}));
  const TestSequences sequences(network, {{4}});
  const std::vector<double> expected = network.predict(sequences.all()).front().outputs;
  Stream stream(network);
  stream.push(sequences[0].inputs(), 2, 2);
  network.set_weights(std::vector<double>(static_cast<std::size_t>(network.num_weights()), 0.0));
  Stream copy(stream);
  const StreamOutput& rest = copy.push(sequences[0].inputs() + 4, 2, 2);
  EXPECT_LT(largest_difference(rest.outputs, {expected.begin() + 6, expected.end()}), 1e-14);
}

TEST(Stream, TranscriptionIsNotCopied) {
  const Network network =
      make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "2"}, {"bidirectional", "false"}}, {1, 2, 3}));
  const Stream stream(network);
  expect_error<ConfigError>([&] { Stream copy(stream); }, {"transcription", "cannot be copied"});
}

// The numbers do not depend on the cuts, to the bit.
TEST(Stream, SameBitsForAllCuts) {
  for (const StreamCase& stream_case : stream_cases()) {
    SCOPED_TRACE(stream_case.name);
    const Network network = make_network(stream_case.spec, Precision::kFloat);
    const TestSequences sequences(network, {{40}});
    Stream one(network);
    Stream other(network);
    Random random(5);
    const Index size = stream_case.spec.data.input_size;
    EXPECT_EQ(run(one, sequences[0], size, random, 1).outputs, run(other, sequences[0], size, random, 17).outputs);
  }
}

TEST(Stream, ManyStreamsOfOneNetwork) {
  const Network network = make_network(stream_cases()[3].spec);
  const TestSequences sequences(network, {{9}, {9}});
  Stream a(network);
  Stream b(network);
  Streamed both[2];
  for (Index t = 0; t < 9; ++t) {
    both[0].add(a.push(sequences[0].inputs() + t * 5, 1, 5));
    both[1].add(b.push(sequences[1].inputs() + t * 5, 1, 5));
  }
  const std::vector<Prediction> whole = network.predict(sequences.all());
  for (std::size_t i : {0u, 1u}) EXPECT_LT(largest_difference(both[i].outputs, whole[i].outputs), 1e-14);
}

TEST(Stream, ResetForgets) {
  const Network network = make_network(stream_cases().back().spec);
  const TestSequences sequences(network, {{25}});
  Random random(2);
  Stream fresh(network);
  Stream used(network);
  used.push(sequences[0].inputs(), 7, 2);
  used.reset();
  EXPECT_EQ(run(used, sequences[0], 2, random, 4).outputs, run(fresh, sequences[0], 2, random, 4).outputs);
}

TEST(Stream, NothingPushedNothingOut) {
  const Network network = make_network(stream_cases().back().spec);
  EXPECT_EQ(Stream(network).finish().points, 0);
}

TEST(Stream, MovedNetworkAndStream) {
  Network network = make_network(stream_cases()[0].spec);
  const TestSequences sequences(network, {{6}});
  Stream stream(network);
  const Network moved = std::move(network);
  Stream moved_stream = std::move(stream);
  Random random(1);
  const Streamed found = run(moved_stream, sequences[0], 2, random, 2);
  EXPECT_LT(largest_difference(found.outputs, moved.predict(sequences.all())[0].outputs), 1e-14);
}

TEST(Stream, RefusesBadInputsAndGoesOn) {
  const Network network = make_network(stream_cases()[0].spec);
  TestSequences sequences(network, {{6}});
  Stream stream(network);
  Streamed found;
  found.add(stream.push(sequences[0].inputs(), 3, 2));
  const float bad[4] = {0, 0, 0, std::numeric_limits<float>::infinity()};
  expect_error<NumericError>([&] { stream.push(bad, 2, 2); }, {"input 1 of point 1", "inf"});
  expect_error<DataError>([&] { stream.push(bad, -1, 2); }, {"-1 points"});
  expect_error<DataError>([&] { stream.push(bad, std::numeric_limits<Index>::max(), 2); }, {"points", "2^31"});
  expect_error<DataError>([&] { stream.push(nullptr, 1, 2); }, {"no inputs"});
  found.add(stream.push(sequences[0].inputs() + 6, 3, 2));
  EXPECT_LT(largest_difference(found.outputs, network.predict(sequences.all())[0].outputs), 1e-14);
}

// What is divided by a tiny standard deviation may leave the numbers of a float: a tanh would make 1 of it.
TEST(Stream, NormalisedInputsAreCheckedToo) {
  Network network = make_network(stream_cases()[0].spec);
  network.set_normalisation({{{0, 0}, {1, 1e-40}}, {}});
  TestSequences sequences(network, {{6}});
  const Prediction whole = network.predict(sequences.all())[0];
  Stream stream(network);
  Streamed found;
  found.add(stream.push(sequences[0].inputs(), 3, 2));
  stream.set_raw(true);
  const float inputs[4] = {0, 0, 0, 1};
  expect_error<NumericError>([&] { stream.push(inputs, 2, 2); }, {"normalised input 1 of point 1", "inf"});
  stream.set_raw(false);
  found.add(stream.push(sequences[0].inputs() + 6, 3, 2));
  EXPECT_LT(largest_difference(found.outputs, whole.outputs), 1e-14);
}

TEST(Stream, OutputsThatAreNoNumbersAreAnError) {
  const NetworkSpec spec = make_spec(
      {{"task", "regression"}, {"hiddenSize", "1"}, {"hiddenType", "identity"}, {"bidirectional", "false"}}, {1, 1});
  Network network(spec, Precision::kFloat);
  network.set_weights(std::vector<double>(static_cast<std::size_t>(network.num_weights()), 1e30));
  const std::vector<float> inputs(5, 1e30F);
  Stream stream(network);
  expect_error<NumericError>([&] { stream.push(inputs.data(), 5, 1); }, {"output", "infinite"});
  Sequence sequence;
  sequence.set_inputs(inputs, {5}, 1);
  expect_error<NumericError>([&] { network.predict({sequence}); }, {"output", "infinite"});
}

// A convolution has no direction: bidirectional does not apply.
TEST(Stream, ConvolutionsAloneStreamInAnyCase) {
  const Network network = make_network(
      make_spec({{"task", "classification"}, {"hiddenSize", "4"}, {"hiddenType", "conv"}, {"kernelSize", "7"}}, {1}));
  const TestSequences sequences(network, {{9}, {2}});
  Stream stream(network);
  Random random(1);
  for (std::size_t i : {0u, 1u}) {
    const Streamed found = run(stream, sequences[i], 2, random, 4);
    EXPECT_LT(largest_difference(found.outputs, network.predict(sequences.one(i))[0].outputs), 1e-14);
  }
}

// The outputs come as early as the kernels allow: the second reads one point after its centre, the first two.
TEST(Stream, ConvolutionsLookAheadByHalfTheirKernels) {
  const Network network = make_network(
      make_spec({{"task", "regression"}, {"hiddenSize", "2,2"}, {"hiddenType", "conv"}, {"kernelSize", "4;3"}}, {1}));
  const TestSequences sequences(network, {{9}});
  Stream stream(network);
  for (Index t = 0; t < 9; ++t) EXPECT_EQ(stream.push(sequences[0].inputs() + 2 * t, 1, 2).points, t < 3 ? 0 : 1) << t;
  EXPECT_EQ(stream.finish().points, 3);
}

TEST(Stream, NetworksThatCannotSayWhy) {
  const auto refuse = [](const Keys& keys, const DataSizes& sizes, const std::string& why) {
    const Network network = make_network(make_spec(keys, sizes));
    expect_error<ConfigError>([&] { Stream stream(network); }, {"cannot stream", why.c_str()});
  };
  refuse({{"task", "transcription"}, {"hiddenSize", "2"}}, {1}, "bidirectional");
  refuse({{"task", "transcription"}, {"hiddenSize", "2"}, {"bidirectional", "false"}}, {2}, "2 dimensions");
  refuse({{"task", "regression"}, {"hiddenSize", "2"}}, {0}, "0 dimensions");
  refuse({{"task", "sequence_classification"}, {"hiddenSize", "2"}, {"bidirectional", "false"}}, {1}, "whole sequence");
}

}  // namespace
}  // namespace rnnlib
