// SPDX-License-Identifier: Apache-2.0
// The noises of training: how they are distributed, what they do to the gradient, that they depend on nothing but the
// seed; dropout; limits and freezing of updates.
#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "expect_error.h"
#include "network/engine.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

TrainerOptions gradient_steps() {
  TrainerOptions options;
  options.optimiser.learn_rate = 1;
  options.optimiser.momentum = 0;
  return options;
}

// One output, one hidden unit that is the identity: output = bias + w * (b + v * input).
NetworkSpec linear_spec() {
  return make_spec({{"task", "regression"},
                    {"hiddenSize", "1"},
                    {"hiddenType", "identity"},
                    {"bidirectional", "false"},
                    {"recurrent", "false"}},
                   {1, 1, 0, 1});
}

// `count` sequences of one point, input 1, with a given target.
class OnePoints {
 public:
  OnePoints(Index count, float target) : target_(target) {
    Sequence sequence;
    sequence.set_inputs(&input_, {1}, 1);
    sequence.set_target_patterns(&target_, 1, 1);
    sequences_.assign(static_cast<std::size_t>(count), sequence);
  }
  OnePoints(const OnePoints&) = delete;
  OnePoints& operator=(const OnePoints&) = delete;
  const std::vector<Sequence>& all() const { return sequences_; }

 private:
  float input_ = 1;
  float target_;
  std::vector<Sequence> sequences_;
};

// Weights in alphabetical order of their connections: bias to hidden, bias to output, hidden to output, input to
// hidden.
Network linear_network() { return with_weights(linear_spec(), Precision::kDouble, {0.2, -0.5, 0.8, 1.5}); }
constexpr double kOutput = -0.5 + 0.8 * (0.2 + 1.5);

// Mean and standard deviation of the output, by the mean errors for targets 1 below and 1 above where it is without
// noise: E = ((y - t)^2) / 2.
void expect_output_noise(TrainerOptions options, double dev) {
  constexpr Index kDraws = 40000;
  options.test_distortions = true;
  Network network = linear_network();
  double errors[2];
  for (int side = 0; side < 2; ++side) {
    const OnePoints sequences(kDraws, static_cast<float>(kOutput + 2 * side - 1));
    Trainer trainer(network, options);
    errors[side] = trainer.evaluate(sequences.all()).errors()[0].figure();
  }
  const double mean = (errors[0] - errors[1]) / 2;
  const double square = errors[0] + errors[1] - 1;  // of (y - kOutput)
  EXPECT_NEAR(mean, 0, 5 * dev / std::sqrt(1.0 * kDraws));
  EXPECT_NEAR(square, dev * dev, 8 * dev * dev / std::sqrt(1.0 * kDraws));
}

const std::vector<std::string> kAllButOutputBias = {"hidden_0_0", "hidden_0_0_to_output"};

TEST(Noise, OfWeightsHasItsMeanAndVariance) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.weight_distortion = 0.3;
  expect_output_noise(options, 0.3);
}

TEST(Noise, OfMdlHasItsMeanAndVariance) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.mdl = MdlOptions();
  options.mdl->init_std_dev = 0.4;
  expect_output_noise(options, 0.4);
}

TEST(Noise, OfInputsHasItsMeanAndVariance) {
  TrainerOptions options;
  options.input_noise_dev = 0.5;
  expect_output_noise(options, 0.5 * 0.8 * 1.5);
}

TEST(Noise, NoisesAdd) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.input_noise_dev = 0.5;
  options.weight_distortion = 0.3;
  options.mdl = MdlOptions();
  options.mdl->init_std_dev = 0.4;
  expect_output_noise(options, std::sqrt(0.6 * 0.6 + 0.3 * 0.3 + 0.4 * 0.4));
}

TEST(Noise, ErrorTestsHaveNoneUnlessAskedFor) {
  Network network = linear_network();
  const OnePoints sequences(10, 1);
  TrainerOptions options;
  options.weight_distortion = options.input_noise_dev = 0.5;
  options.mdl = MdlOptions();
  options.dropout = 0.5;
  Trainer trainer(network, options);
  expect_same_bits(trainer.evaluate(sequences.all()), network.evaluate(sequences.all()));
}

// Two samples that mirror each other: where the gradient is linear in the weights, its noise vanishes.
TEST(Noise, SymmetricSamplingLowersTheVarianceOfTheGradient) {
  double variances[2];
  for (int symmetric = 0; symmetric < 2; ++symmetric) {
    std::vector<double> steps;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      Network network = linear_network();
      const OnePoints sequences(1, 1);
      TrainerOptions options = gradient_steps();
      options.seed = seed;
      options.freeze = {"hidden_0_0"};
      options.mdl = MdlOptions();
      options.mdl->weight = 0;
      options.mdl->init_std_dev = 0.3;
      options.mdl->samples = 2;
      options.mdl->symmetric_sampling = symmetric == 1;
      Trainer trainer(network, options);
      const double before = network.weights()[1];
      trainer.begin_epoch(1);
      trainer.train(sequences.all());
      steps.push_back(before - network.weights()[1]);
    }
    double mean = 0;
    for (double step : steps) mean += step / 400;
    double variance = 0;
    for (double step : steps) variance += (step - mean) * (step - mean) / 400;
    EXPECT_NEAR(mean, kOutput - 1, 5 * std::sqrt(variance / 400) + 1e-12);
    variances[symmetric] = variance;
  }
  EXPECT_GT(variances[0], 0.01);
  EXPECT_LT(variances[1], 1e-4 * variances[0]);
}

// The bits of the whole training set, whatever an update is and whatever the weights' costs are multiplied with.
TEST(Noise, ErrorBitsAreThoseOfAllSequences) {
  const double target = kOutput + 2;  // the error of each of the 5 sequences is 2
  const OnePoints sequences(5, static_cast<float>(target));
  for (const double mdl_weight : {1.0, 0.25}) {
    for (const Index per_update : {0, 1, 2}) {  // 0: one update per epoch
      Network network = linear_network();
      TrainerOptions options = gradient_steps();
      options.optimiser.learn_rate = 0;
      options.batch_learn = per_update == 0;
      options.seqs_per_update = std::max<Index>(per_update, 1);
      options.constant_noise = 0;
      options.mdl = MdlOptions();
      options.mdl->weight = mdl_weight;
      options.mdl->samples = 3;
      options.mdl->optimiser.learn_rate = 0;
      Trainer trainer(network, options);
      trainer.begin_epoch(5);
      trainer.train(sequences.all());
      const Metrics errors = trainer.end_epoch();
      const double bits = errors.find("errorBits")->figure();
      EXPECT_NEAR(errors.find("sumSquaresError")->figure(), 2, 1e-6);
      EXPECT_NEAR(bits, 5 * 2 / std::log(2.0), 1e-5);
      EXPECT_DOUBLE_EQ(errors.find("totalBits")->figure(), bits + errors.find("weightBits")->figure());
    }
  }
}

// Constant draws: the steps of means and deviations are those of the gradient at the weights that the noise makes.
TEST(Noise, MdlUpdateByHand) {
  for (const char* symmetry : {"false", "true"}) {
    const NetworkSpec spec = make_spec({{"task", "regression"}, {"hiddenSize", "2"}, {"symmetry", symmetry}}, {1});
    Network network = make_network(spec);
    const TestSequences sequences(network, {{4}, {3}});
    TrainerOptions options = gradient_steps();
    options.seqs_per_update = 2;
    options.constant_noise = 0.5;
    options.weight_distortion = 0.02;
    options.mdl = MdlOptions();
    options.mdl->init_std_dev = 0.1;
    options.mdl->samples = 2;
    options.mdl->symmetric_sampling = true;
    options.mdl->weight = 0.3;
    options.mdl->optimiser = options.optimiser;
    options.mdl->optimiser.learn_rate = 1e-3;
    const std::vector<double> means = network.weights();
    const std::size_t n = means.size();
    std::vector<double> d_means(n);
    std::vector<double> d_devs(n);
    AdaptiveNoise<double> costs(*options.mdl, std::vector<bool>(n, true));
    for (std::size_t s = 0; s < 2; ++s) {
      for (double draw : {0.5, -0.5}) {
        std::vector<double> weights = means;
        for (double& weight : weights) weight += 0.1 * draw + 0.02 * 0.5;
        const std::vector<double> g =
            with_weights(spec, Precision::kDouble, weights).gradient(sequences.one(s)).gradient;
        for (std::size_t i = 0; i < n; ++i) d_means[i] += g[i] / 2;
        costs.add_sample(g.data(), 0.5);
      }
    }
    constexpr double kScale = 2.0 / 5;  // an update with two of five sequences
    costs.add_costs(means, kScale, d_means.data());
    Trainer trainer(network, options);
    trainer.begin_epoch(5);
    trainer.train(sequences.all());
    std::vector<double> expected_means = means;
    std::vector<double> expected_devs(n, 0.1);
    for (std::size_t i = 0; i < n; ++i) {
      expected_means[i] -= d_means[i];
      expected_devs[i] = std::abs(0.1 - 1e-3 * costs.d_devs()[i]);
    }
    EXPECT_LT(largest_difference(network.weights(), expected_means), 1e-13);
    EXPECT_LT(largest_difference(trainer.state().mdl->devs, expected_devs), 1e-13);
  }
}

// --- independence of threads and interruptions ---

TrainerOptions noisy_options() {
  TrainerOptions options;
  options.optimiser.learn_rate = 0.01;
  options.input_noise_dev = 0.2;
  options.weight_distortion = 0.05;
  options.dropout = 0.3;
  options.l2 = 0.1;
  options.warmup_updates = 5;
  options.max_gradient_norm = 2;
  options.mdl = MdlOptions();
  options.mdl->samples = 3;
  options.mdl->symmetric_sampling = true;
  options.mdl->optimiser.learn_rate = 1e-3;
  return options;
}

NetworkSpec two_levels() {
  return make_spec({{"task", "transcription"}, {"hiddenSize", "3,4"}, {"subsampleSize", "5"}, {"symmetry", "true"}},
                   {1});
}

std::vector<Shape> many_shapes() { return {{4}, {2}, {6}, {1}, {5}, {3}, {40}, {7}, {8}, {9}, {4}, {30}}; }

void each_kind(const std::function<void(const TrainerOptions&)>& test) {
  for (OptimiserType type :
       {OptimiserType::kSteepest, OptimiserType::kRprop, OptimiserType::kRmsprop, OptimiserType::kAdam}) {
    for (bool mdl : {false, true}) {
      for (Index group : {0, 1, 5}) {  // 0: batch
        TrainerOptions options = noisy_options();
        options.optimiser.type = type;
        if (!mdl) options.mdl.reset();
        if (mdl) options.mdl->optimiser.type = type;
        options.batch_learn = group == 0;
        options.seqs_per_update = std::max<Index>(group, 1);
        test(options);
      }
    }
  }
}

void expect_same_state(const Trainer& a, const Trainer& b) {
  const TrainerState x = a.state();
  const TrainerState y = b.state();
  ASSERT_EQ(x.vectors.size(), y.vectors.size());
  for (std::size_t i = 0; i < x.vectors.size(); ++i) EXPECT_EQ(x.vectors[i].values, y.vectors[i].values);
  EXPECT_EQ(x.updates, y.updates);
  EXPECT_EQ(x.noise_random, y.noise_random);
  if (!x.mdl) return;
  EXPECT_EQ(x.mdl->devs, y.mdl->devs);
  EXPECT_EQ(x.mdl->costs, y.mdl->costs);
}

TEST(Noise, IsTheSameForAnyNumberOfThreads) {
  each_kind([](TrainerOptions options) {
    Network one = make_network(two_levels(), Precision::kFloat);
    Network many = make_network(two_levels(), Precision::kFloat);
    const TestSequences sequences(one, many_shapes());
    Trainer first(one, options);
    options.run.threads = 3;
    Trainer second(many, options);
    for (int epoch = 0; epoch < 2; ++epoch) {
      first.begin_epoch(12);
      second.begin_epoch(12);
      first.train(sequences.all());
      second.train(sequences.all());
      expect_same_bits(first.end_epoch(), second.end_epoch());
    }
    EXPECT_EQ(one.weights(), many.weights());
    expect_same_state(first, second);
  });
}

// Stored within the second epoch, then in the middle of what was one call.
TEST(Noise, GoesOnInsideAnEpochAsIfNeverStopped) {
  each_kind([](const TrainerOptions& options) {
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      Network straight = make_network(two_levels(), precision);
      const TestSequences sequences(straight, many_shapes());
      Trainer never_stopped(straight, options);
      const auto epoch = [&] {
        never_stopped.begin_epoch(12);
        never_stopped.train(sequences.all());
        return never_stopped.end_epoch();
      };
      epoch();
      Network resumed = with_weights(straight.spec(), precision, straight.weights());
      Trainer before(resumed, options);
      before.set_state(never_stopped.state());
      const Metrics whole = epoch();

      before.begin_epoch(12);
      before.train(sequences.range(0, 5));
      ASSERT_TRUE(before.may_store());
      const TrainerState state = before.state();
      Network again = with_weights(straight.spec(), precision, resumed.weights());
      Trainer after(again, options);
      after.set_state(state);
      EXPECT_EQ(after.train(sequences.range(5, 12)), 7);
      // A batch's sums are made in pieces that end where the calls do: these are those of the stopped trainer.
      before.train(sequences.range(5, 12));
      const Metrics errors = after.end_epoch();
      expect_same_bits(errors, before.end_epoch());
      EXPECT_EQ(again.weights(), resumed.weights());
      expect_same_state(after, before);
      if (options.batch_learn) continue;
      EXPECT_EQ(again.weights(), straight.weights());
      expect_same_bits(errors, whole);
      expect_same_state(after, never_stopped);
    }
  });
}

TEST(Noise, MayNotBeStoredInTheMiddleOfAnUpdate) {
  TrainerOptions options = noisy_options();
  options.seqs_per_update = 4;
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  Trainer trainer(network, options);
  trainer.begin_epoch(12);
  trainer.train(sequences.range(0, 4));
  EXPECT_TRUE(trainer.may_store());
  trainer.train(sequences.range(4, 6));
  EXPECT_FALSE(trainer.may_store());
}

TEST(Noise, BadSequencesAreNamed) {
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  std::vector<Sequence> bad = sequences.range(0, 3);
  for (Sequence& sequence : bad) sequence.set_tag("");
  bad[2].set_inputs(bad[2].inputs(), {-1}, bad[2].input_size());
  Trainer trainer(network, noisy_options());
  trainer.begin_epoch(3);
  expect_error<DataError>([&] { trainer.train(bad); }, {"number 2"});
  bad[2] = sequences[2];
  bad[2].set_inputs(nullptr, bad[2].shape(), bad[2].input_size());
  expect_error<DataError>([&] { trainer.train(bad); }, {"sequence_2", "no inputs"});
}

// --- dropout ---

double dropped_error(const NetworkSpec& spec, const std::vector<double>& weights, const TestSequences& sequences,
                     const Dropout& dropout, std::vector<double>* gradient) {
  Network network = with_weights(spec, Precision::kDouble, weights);
  const auto& engine = static_cast<const Engine<double>&>(network.engine());
  const auto loss = make_loss<double>(spec.task, spec.data, {});
  RunResult result;
  Buffer<double> packed;
  packed.resize(engine.packed_size());
  packed.fill(0);
  engine.run({*loss, *engine.hold_weights()}, sequences.all(), 0, static_cast<Index>(sequences.all().size()), 1, result,
             gradient == nullptr ? nullptr : packed.data(), false, dropout);
  if (gradient != nullptr) {
    engine.fold_shared(packed.data());
    engine.spread_shared(packed.data());
    *gradient = engine.to_flat(packed.data());
  }
  return result.errors.criterion();
}

TEST(Dropout, GradientIsThatOfCentralDifferences) {
  const std::vector<std::uint64_t> seeds = {11, 12, 13};
  const Dropout dropout{0.4, seeds.data()};
  for (const NetworkCase& example : varied_cases()) {
    if (example.spec.levels.size() < 2 || example.shapes.size() > 3) continue;
    const Network network = make_network(example.spec);
    const TestSequences sequences(network, example.shapes);
    std::vector<double> weights = network.weights();
    std::vector<double> gradient;
    const double error = dropped_error(example.spec, weights, sequences, dropout, &gradient);
    EXPECT_NE(error, dropped_error(example.spec, weights, sequences, {}, nullptr)) << example.name;
    for (std::size_t i = 0; i < weights.size(); i += 3) {
      double difference = 0;
      for (double sign : {-1.0, 1.0}) {
        std::vector<double> moved = weights;
        moved[i] += sign * 1e-5;
        difference += sign * dropped_error(example.spec, moved, sequences, dropout, nullptr) / 2e-5;
      }
      EXPECT_NEAR(gradient[i], difference, 1e-6 * std::max(1.0, std::abs(difference))) << example.name << " " << i;
    }
  }
}

TEST(Dropout, DependsOnTheSequencesSeedAndNotOnItsBatch) {
  const NetworkSpec spec = two_levels();
  const Network network = make_network(spec);
  const TestSequences sequences(network, many_shapes());
  const auto& engine = static_cast<const Engine<double>&>(network.engine());
  const auto loss = make_loss<double>(spec.task, spec.data, {});
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < 12; ++i) seeds.push_back(100 + i);
  const auto error_of = [&](Index first, Index count, const std::vector<std::uint64_t>& of) {
    RunResult result;
    engine.run({*loss, *engine.hold_weights()}, sequences.all(), first, count, 1, result, nullptr, true,
               {0.5, of.data()});
    return result.errors.criterion();
  };
  double sum = 0;
  for (Index i = 0; i < 12; ++i) sum += error_of(i, 1, seeds);
  EXPECT_NEAR(error_of(0, 12, seeds), sum, 1e-9);
  std::vector<std::uint64_t> others = seeds;
  ++others[3];
  EXPECT_NE(error_of(0, 12, others), error_of(0, 12, seeds));
}

// --- limits ---

TEST(Updates, LongGradientsAreScaledToTheLimit) {
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  const std::vector<double> gradient = network.gradient(sequences.one(2)).gradient;
  double norm = 0;
  for (double g : gradient) norm += g * g;
  norm = std::sqrt(norm);
  for (double limit : {0.5 * norm, 2 * norm}) {
    Network stepped = make_network(two_levels());
    TrainerOptions options = gradient_steps();
    options.max_gradient_norm = limit;
    Trainer trainer(stepped, options);
    trainer.begin_epoch(1);
    trainer.train(sequences.one(2));
    std::vector<double> expected = network.weights();
    for (std::size_t i = 0; i < gradient.size(); ++i) expected[i] -= gradient[i] * std::min(1.0, limit / norm);
    EXPECT_LT(largest_difference(stepped.weights(), expected), 1e-13);
  }
}

TEST(Updates, RatesWarmUpAndFollowTheFactor) {
  const NetworkSpec spec = linear_spec();
  Network network = linear_network();
  const OnePoints sequences(1, 1);
  TrainerOptions options = gradient_steps();
  options.optimiser.learn_rate = 0.1;
  options.warmup_updates = 4;
  Trainer trainer(network, options);
  trainer.begin_epoch(6);
  for (int update = 1; update <= 6; ++update) {
    if (update == 6) trainer.set_learn_rate_factor(0.25);
    const std::vector<double> before = network.weights();
    const double gradient = network.gradient(sequences.all()).gradient[1];
    trainer.train(sequences.all());
    const double rate = 0.1 * std::min(update / 4.0, 1.0) * (update == 6 ? 0.25 : 1);
    EXPECT_NEAR(before[1] - network.weights()[1], rate * gradient, 1e-14);
  }
  expect_error<ConfigError>([&] { trainer.set_learn_rate_factor(-1); }, {"factor", "-1"});
}

TEST(Updates, FrozenWeightsStay) {
  each_kind([](TrainerOptions options) {
    options.freeze = {"subsample_0", "hidden_0_0", "bias_to_output"};
    Network network = make_network(two_levels());
    const TestSequences sequences(network, many_shapes());
    const std::vector<double> before = network.weights();
    Trainer trainer(network, options);
    for (int epoch = 0; epoch < 2; ++epoch) {
      trainer.begin_epoch(12);
      trainer.train(sequences.all());
      trainer.end_epoch();
    }
    const std::vector<double> after = network.weights();
    for (const Connection& connection : network.connections()) {
      // The layer that runs backwards shares the weights of hidden_0_1, but has its own peepholes.
      const bool frozen = connection.name == "bias_to_output" || connection.name == "hidden_0_0_peepholes" ||
                          connection.name.find("_to_subsample_0") != std::string::npos ||
                          connection.name == "bias_to_hidden_0_1" || connection.name == "input_to_hidden_0_1" ||
                          connection.name.rfind("hidden_0_1_to_hidden_0_1", 0) == 0;
      const auto begin = static_cast<std::ptrdiff_t>(connection.offset);
      const auto end = begin + static_cast<std::ptrdiff_t>(connection.size());
      const bool same = std::equal(before.begin() + begin, before.begin() + end, after.begin() + begin);
      EXPECT_EQ(same, frozen) << connection.name;
    }
  });
}

TEST(Updates, UnknownNamesToFreezeAreRefused) {
  Network network = make_network(two_levels());
  TrainerOptions options;
  options.freeze = {"hiden_0_0"};
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"freeze \"hiden_0_0\"", "\"hidden_0_0\""});
}

TEST(Updates, OptionsOfNoisesMustMakeSense) {
  Network network = make_network(two_levels());
  TrainerOptions options;
  options.dropout = 1;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"dropout is 1"});
  options = {};
  options.mdl = MdlOptions();
  options.mdl->samples = 0;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"mdlSamples is 0"});
  options.mdl->samples = 1;
  options.mdl->init_std_dev = 0;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"mdlInitStdDev is 0"});
}

}  // namespace
}  // namespace rnnlib
