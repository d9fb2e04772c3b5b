// SPDX-License-Identifier: Apache-2.0
// Connectionist temporal classification against a sum over all paths, differences, and the reference's numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "decode/best_path.h"
#include "loss/scaled.h"
#include "loss_runner.h"

namespace rnnlib {
namespace {

using testing_losses::compare_with_differences;
using testing_losses::make_spec;
using testing_losses::run_loss;
using Labels = std::vector<std::int32_t>;

Sequence label_sequence(const Labels& target, Index points) {
  Sequence sequence;
  sequence.set_inputs(nullptr, {points}, 1);
  sequence.set_target(target);
  return sequence;
}

std::vector<double> random_net(Index n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1.5);
  std::vector<double> net(static_cast<std::size_t>(n));
  for (double& x : net) x = normal(random);
  return net;
}

// Probability of every label sequence that any path of `points` units gives.
std::map<Labels, double> sum_over_paths(const std::vector<double>& output, Index points, Index size) {
  std::map<Labels, double> probabilities;
  Index num_paths = 1;
  for (Index t = 0; t < points; ++t) num_paths *= size;
  for (Index path = 0; path < num_paths; ++path) {
    std::vector<double> chosen(static_cast<std::size_t>(points * size), 0.0);
    double probability = 1;
    Index rest = path;
    for (Index t = 0; t < points; ++t, rest /= size) {
      const auto i = static_cast<std::size_t>(t * size + rest % size);
      probability *= output[i];
      chosen[i] = 1;
    }
    Prediction read;
    BestPath<double> decoder(size);
    decode(decoder, chosen.data(), points, read);
    probabilities[Labels(read.labels.begin(), read.labels.end())] += probability;
  }
  return probabilities;
}

TEST(Ctc, IsTheSumOverAllPaths) {
  for (const Index num_labels : {1, 2, 3}) {
    for (const Index points : {1, 2, 3, 5}) {
      const NetworkSpec spec = make_spec(Task::kTranscription, num_labels);
      const Index size = num_labels + 1;
      const auto net = random_net(points * size, static_cast<unsigned>(10 * num_labels + points));
      const auto output = run_loss<double>(spec, net, label_sequence({}, points)).output;
      double total = 0;
      for (const auto& [labels, probability] : sum_over_paths(output, points, size)) {
        const double error = run_loss<double>(spec, net, label_sequence(labels, points)).value("ctcError");
        EXPECT_NEAR(error, -std::log(probability), 1e-12) << labels.size() << " labels, " << points << " points";
        total += std::exp(-error);
      }
      EXPECT_NEAR(total, 1, 1e-12);
    }
  }
}

TEST(Ctc, Gradient) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  for (const Labels& target : {Labels{}, Labels{1}, Labels{0, 0, 2}, Labels{2, 1, 2, 0}, Labels{0, 0, 0}}) {
    compare_with_differences(
        spec, random_net(5 * 4, 3), label_sequence(target, 5),
        [](double exact, double numeric, std::size_t i) { EXPECT_NEAR(exact, numeric, 1e-8) << "net input " << i; });
  }
}

TEST(Ctc, OutputDeltasLeadToNetDeltas) {
  const auto run =
      run_loss<double>(make_spec(Task::kTranscription, 3), random_net(24, 4), label_sequence({1, 1, 0}, 6));
  for (std::size_t i = 0; i < 24; ++i) {
    double expected = 0;  // dy_j / dnet_i = y_j (delta_ij - y_i)
    for (std::size_t j = i / 4 * 4; j < i / 4 * 4 + 4; ++j) {
      expected += run.d_output[j] * run.output[j] * ((i == j ? 1 : 0) - run.output[i]);
    }
    EXPECT_NEAR(run.d_net[i], expected, 1e-13);
  }
}

TEST(Ctc, ForwardTimesBackwardIsTheSameAtEveryPoint) {
  const Index points = 40;
  const Labels target = {0, 1, 1, 2, 0, 0, 2};
  const auto run =
      run_loss<double>(make_spec(Task::kTranscription, 3), random_net(points * 4, 5), label_sequence(target, points));
  ASSERT_EQ(run.trace.size(), 2U);
  EXPECT_EQ(run.trace[0].name, "forwardVariables");
  EXPECT_EQ(run.trace[1].name, "backwardVariables");
  EXPECT_EQ(run.trace[0].shape, (Shape{points, 15}));
  for (std::size_t t = 0; t < 40; ++t) {
    double sum = 0;
    for (std::size_t s = 0; s < 15; ++s) {
      sum += std::exp(run.trace[0].values[t * 15 + s] + run.trace[1].values[t * 15 + s] + run.criterion());
    }
    EXPECT_NEAR(sum, 1, 1e-12) << "point " << t;
  }
}

TEST(Ctc, LongSequencesNeitherOverflowNorVanish) {
  const Index points = 3000;
  const Index length = 500;
  const Labels target(length, 1);
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  const std::vector<double> net(static_cast<std::size_t>(points * 3), 0.0);
  // All paths are equally likely, 3^-T. Those of S equal labels are cut into 2S+1 stretches, of which only the first
  // and the last may be empty: C(T+1, 2S) ways.
  const double n = static_cast<double>(points + 1);
  const double k = static_cast<double>(2 * length);
  const double log_paths = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  const auto run = run_loss<double>(spec, net, label_sequence(target, points));
  EXPECT_NEAR(run.value("ctcError"), static_cast<double>(points) * std::log(3.0) - log_paths, 1e-7);
  for (const double delta : run.d_net) ASSERT_TRUE(std::isfinite(delta));
}

// The recursions as they are written in the paper, in logarithms and long double.
struct Naive {
  double criterion;
  std::vector<double> d_net;
  std::vector<long double> forward, backward;  // [points, states]
};

long double log_sum(const std::vector<long double>& logs) {
  const long double top = *std::max_element(logs.begin(), logs.end());
  if (std::isinf(top)) return top;
  long double sum = 0;
  for (const long double x : logs) sum += std::exp(x - top);
  return top + std::log(sum);
}

Naive naive_ctc(const std::vector<double>& net, std::size_t points, std::size_t size, const Labels& target) {
  const long double zero = -std::numeric_limits<long double>::infinity();
  const std::size_t num_states = 2 * target.size() + 1;
  std::vector<std::size_t> units(num_states, size - 1);
  for (std::size_t i = 0; i < target.size(); ++i) units[2 * i + 1] = static_cast<std::size_t>(target[i]);
  const auto may_skip_to = [&](std::size_t s) { return s >= 2 && units[s] != size - 1 && units[s] != units[s - 2]; };

  std::vector<std::vector<long double>> log_output(points);
  for (std::size_t t = 0; t < points; ++t) {
    const auto row = net.begin() + static_cast<std::ptrdiff_t>(t * size);
    log_output[t].assign(row, row + static_cast<std::ptrdiff_t>(size));
    const long double normaliser = log_sum(log_output[t]);
    for (long double& x : log_output[t]) x -= normaliser;
  }
  using Table = std::vector<std::vector<long double>>;
  Table forward(points, std::vector<long double>(num_states, zero));
  Table backward = forward;
  for (std::size_t t = 0; t < points; ++t) {
    for (std::size_t s = 0; s < num_states; ++s) {
      std::vector<long double> ways{zero};
      if (t == 0 && s < 2) ways.push_back(0);
      if (t > 0) ways.push_back(forward[t - 1][s]);
      if (t > 0 && s > 0) ways.push_back(forward[t - 1][s - 1]);
      if (t > 0 && may_skip_to(s)) ways.push_back(forward[t - 1][s - 2]);
      forward[t][s] = log_sum(ways) + log_output[t][units[s]];
    }
  }
  for (std::size_t t = points; t-- > 0;) {
    for (std::size_t s = 0; s < num_states; ++s) {
      std::vector<long double> ways{zero};
      if (t + 1 == points) {
        if (s + 2 >= num_states) ways.push_back(0);
      } else {
        for (std::size_t to = s; to < std::min(s + 3, num_states); ++to) {
          if (to < s + 2 || may_skip_to(to)) ways.push_back(backward[t + 1][to] + log_output[t + 1][units[to]]);
        }
      }
      backward[t][s] = log_sum(ways);
    }
  }
  std::vector<long double> ends(forward[points - 1].end() - (num_states > 1 ? 2 : 1), forward[points - 1].end());
  const long double log_probability = log_sum(ends);
  Naive naive{static_cast<double>(-log_probability), {}, {}, {}};
  for (std::size_t t = 0; t < points; ++t) {
    naive.forward.insert(naive.forward.end(), forward[t].begin(), forward[t].end());
    naive.backward.insert(naive.backward.end(), backward[t].begin(), backward[t].end());
    std::vector<long double> deltas;
    for (const long double x : log_output[t]) deltas.push_back(std::exp(x));
    for (std::size_t s = 0; s < num_states; ++s) {
      deltas[units[s]] -= std::exp(forward[t][s] + backward[t][s] - log_probability);
    }
    naive.d_net.insert(naive.d_net.end(), deltas.begin(), deltas.end());
  }
  return naive;
}

// Where both ends can be reached; elsewhere the library leaves log zeros, and so do the others' sum.
void expect_same_variables(const std::vector<TraceVariable>& trace, const Naive& naive, double relative) {
  for (std::size_t i = 0; i < naive.forward.size(); ++i) {
    if (std::isinf(naive.forward[i]) || std::isinf(naive.backward[i])) {
      ASSERT_LE(std::min(trace[0].values[i], trace[1].values[i]), kLogZero) << i;
    } else {
      const double size = 1 + std::abs(static_cast<double>(naive.forward[i] + naive.backward[i]));
      ASSERT_NEAR(trace[0].values[i], static_cast<double>(naive.forward[i]), relative * size) << i;
      ASSERT_NEAR(trace[1].values[i], static_cast<double>(naive.backward[i]), relative * size) << i;
    }
  }
}

// From ordinary net inputs to outputs whose probabilities are far below the smallest double, at every point; longer
// than the recursions go without normalising; targets that fit loosely, and exactly.
TEST(Ctc, IsExactAtAnyRange) {
  const Index size = 6;
  for (const Index points : {12, 50, 400}) {
    for (const double spread : {1.0, 30.0, 1000.0, 50000.0}) {
      for (const Index length : {points / 2, points / 5}) {
        std::mt19937 random(static_cast<unsigned>(points + length));
        Labels target(static_cast<std::size_t>(length));
        for (std::int32_t& label : target) label = static_cast<std::int32_t>(random() % 5);
        target[0] = target[1];
        auto net = random_net(points * size, static_cast<unsigned>(length));
        for (double& x : net) x *= spread;
        const auto run =
            run_loss<double>(make_spec(Task::kTranscription, size - 1), net, label_sequence(target, points));
        const Naive naive = naive_ctc(net, static_cast<std::size_t>(points), static_cast<std::size_t>(size), target);
        EXPECT_NEAR(run.criterion(), naive.criterion, 1e-14 * (1 + spread) + 4e-16 * naive.criterion);
        expect_same_variables(run.trace, naive, 1e-13);
        for (std::size_t i = 0; i < net.size(); ++i) {
          ASSERT_NEAR(run.d_net[i], naive.d_net[i], 1e-13 * (1 + spread)) << spread << ": net input " << i;
        }
      }
    }
  }
}

TEST(Ctc, NetInputsOfAnySizeStayFinite) {
  for (const double huge : {1e5, 1e8, 1e30}) {
    std::vector<double> net = random_net(600, 2);
    for (double& x : net) x *= huge;
    const auto run =
        run_loss<float>(make_spec(Task::kTranscription, 2), net, label_sequence({0, 1, 1, 0, 0, 1, 0}, 200));
    EXPECT_TRUE(std::isfinite(run.criterion()));
    EXPECT_GT(run.criterion(), 1e5);
    for (const float delta : run.d_net) ASSERT_TRUE(std::isfinite(delta));
    for (const TraceVariable& variable : run.trace) {
      for (const double value : variable.values) ASSERT_TRUE(std::isfinite(value));
    }
  }
}

TEST(Ctc, CertainAndImpossibleOutputsStayFinite) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  const std::vector<double> certain = {9000, 0, 0, 0, 0, 9000};  // label 0, blank
  EXPECT_NEAR(run_loss<double>(spec, certain, label_sequence({0}, 2)).criterion(), 0, 1e-12);
  const auto wrong = run_loss<float>(spec, certain, label_sequence({1}, 2));
  EXPECT_NEAR(wrong.criterion(), 9000, 1);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(std::isfinite(wrong.d_net[i]));
    EXPECT_TRUE(std::isfinite(wrong.d_output[i]));
  }
}

TEST(Ctc, NanIsSeen) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  std::vector<double> net(15, 0.0);
  for (const std::size_t i : {0U, 7U, 14U}) {
    net.assign(15, 0.0);
    net[i] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(std::isnan(run_loss<double>(spec, net, label_sequence({1}, 5)).criterion())) << i;
    net[i] = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(std::isnan(run_loss<float>(spec, net, label_sequence({1}, 5)).criterion())) << i;
  }
}

TEST(Ctc, TargetsThatCannotFitAddToAllErrorsButCtcError) {
  // Best path: 0 1 1 blank = labels 0 1
  const std::vector<double> net = {9, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9};
  LossOptions options;
  options.confusion_matrix = true;
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto run = run_loss<double>(spec, net, label_sequence({0, 0, 1, 1}, 4), options);
  EXPECT_TRUE(run.errors.skipped);
  EXPECT_EQ(run.errors.needed, 6);
  EXPECT_EQ(run.errors.available, 4);
  EXPECT_EQ(run.by_name.count("ctcError"), 0U);
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 4);
  EXPECT_EQ(run.value("seqError"), 1);
  EXPECT_EQ(run.norm("seqError"), 1);
  EXPECT_EQ(run.value("substitutions"), 0);
  EXPECT_EQ(run.value("deletions"), 2);
  EXPECT_EQ(run.value("insertions"), 0);
  EXPECT_EQ(run.value("_l0_deletions"), 2);  // the way back goes along the diagonal: the first two
  EXPECT_EQ(run.norm("_l0_deletions"), 4);
  EXPECT_TRUE(run.trace.empty());
  EXPECT_EQ(run.d_net, std::vector<double>(16, 0));
  EXPECT_EQ(run.d_output, std::vector<double>(16, 0));
  EXPECT_FALSE(run_loss<double>(spec, random_net(24, 6), label_sequence({0, 0, 1, 1}, 6)).errors.skipped);
}

TEST(Ctc, LegacyErrorsLeaveTargetsThatCannotFitOut) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  LossOptions options;
  options.legacy_errors = true;
  const auto run = run_loss<double>(spec, random_net(16, 6), label_sequence({0, 0, 1, 1}, 4), options);
  EXPECT_TRUE(run.errors.skipped);
  EXPECT_TRUE(run.errors.items.empty());
  EXPECT_EQ(run.d_net, std::vector<double>(16, 0));
}

TEST(Ctc, LabelsReadWhereTheTargetHasNoneAreInsertions) {
  const std::vector<double> net = {9, 0, 0, 0, 0, 9, 0, 0};
  const auto run = run_loss<double>(make_spec(Task::kTranscription, 3), net, label_sequence({}, 2));
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 0);
  EXPECT_EQ(run.value("insertions"), 2);
  EXPECT_EQ(run.value("seqError"), 1);
}

TEST(Ctc, LabelErrorsOfTheBestPath) {
  // Best path: 0 0 blank 0 1 blank = labels 0 0 1
  const std::vector<double> net = {9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9};
  LossOptions options;
  options.confusion_matrix = true;
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto run = run_loss<double>(spec, net, label_sequence({0, 2}, 6), options);
  EXPECT_EQ(run.prediction.labels, (std::vector<Index>{0, 0, 1}));
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 2);
  EXPECT_EQ(run.value("seqError"), 1);
  EXPECT_EQ(run.norm("seqError"), 1);
  EXPECT_EQ(run.value("substitutions"), 1);
  EXPECT_EQ(run.value("deletions"), 0);
  EXPECT_EQ(run.value("insertions"), 1);
  EXPECT_EQ(run.value("_l2_substitutions"), 1);
  EXPECT_EQ(run.value("_l2->l1"), 1);
  EXPECT_EQ(run.value("_l0_insertions"), 1);
  EXPECT_EQ(run.errors.items.size(), 9U);

  const auto deletion = run_loss<double>(spec, net, label_sequence({2, 0, 0, 1}, 6), options);
  EXPECT_EQ(deletion.value("_l2_deletions"), 1);
  const auto right = run_loss<double>(spec, net, label_sequence({0, 0, 1}, 6), options);
  EXPECT_EQ(right.value("seqError"), 0);
  EXPECT_EQ(right.value("labelError"), 0);
}

TEST(Ctc, WorkspaceLeavesNoTrace) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  LossWorkspace used;
  run_loss<double>(spec, random_net(80, 7), label_sequence({0, 1, 2, 2, 1}, 20), used);
  const auto net = random_net(16, 8);
  const auto after = run_loss<double>(spec, net, label_sequence({1, 0}, 4), used);
  const auto fresh = run_loss<double>(spec, net, label_sequence({1, 0}, 4));
  EXPECT_EQ(after.criterion(), fresh.criterion());
  EXPECT_EQ(after.d_net, fresh.d_net);
  EXPECT_EQ(after.trace[0].values, fresh.trace[0].values);
}

TEST(Ctc, FloatAgreesWithDouble) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto net = random_net(200, 9);
  const Labels target = {0, 1, 1, 2, 0};
  const auto coarse = run_loss<float>(spec, net, label_sequence(target, 50));
  const auto fine = run_loss<double>(spec, net, label_sequence(target, 50));
  EXPECT_NEAR(coarse.criterion(), fine.criterion(), 1e-5 * fine.criterion());
  for (std::size_t i = 0; i < net.size(); ++i) EXPECT_NEAR(static_cast<double>(coarse.d_net[i]), fine.d_net[i], 1e-5);
}

// Golden case mdlstm_2d_transcription: its first sequence.
TEST(Ctc, MatchesTheReference) {
  const std::vector<double> net = {
      0.37495924898853195,  0.0592091574192152,  -0.870145103135211,    0.4782296238418176,  -0.22497463522519454,
      1.0745636954191993,   0.1345144107565619,  0.10359277286149043,   0.182053328804719,   0.06398249614836218,
      -0.6343143708867177,  0.4214149191545197,  -0.23490858369886525,  0.9113070797427781,  0.09055739062762691,
      0.3582005481486321,   0.4946040332744356,  -0.012148951410700298, -0.6285334213174459, 0.37501575404488335,
      -0.4046523356761746,  0.6072464153356579,  0.0985488935230705,    0.658353416970588,   0.6810602241295266,
      0.11116898739933076,  -0.7001249477856788, 0.23469665617321256,   -0.4304567432132237, 0.4359998252708615,
      -0.08665663584289551, 0.8751943866367793};
  const std::vector<double> d_net = {
      0.1381909666356525,   0.10077461143187898, 0.039786680387310265,  0.1532249218932441,   0.07584582493330982,
      0.2781723793682985,   -0.6237532546362458, -0.16224213001344823,  0.11849938159048695,  0.10530247353864587,
      0.05238079634678262,  0.15054609739381108, -0.19067298780163489,  0.24571233772415485,  -0.3323816999225926,
      -0.14938639886965396, 0.16149911680826368, 0.09729491135194097,   0.05252883302804738,  0.14329585294433725,
      -0.3882924300145146,  0.18075491556139436, -0.020913867167507136, -0.2261673325119619,  0.19058996959472838,
      0.10779519968762162,  0.04789155540359636, 0.12196825384152343,   -0.39331058615664877, 0.14916662437922307,
      0.08844735395487123,  -0.3125483707049152};
  const std::vector<double> d_output = {0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        -6.74059669276141,
                                        -2.5400575416856777,
                                        0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        -3.441503469461959,
                                        0.0,
                                        -4.073669741728947,
                                        -2.0570492172335584,
                                        0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        -6.909229415281016,
                                        0.0,
                                        -1.1924282168213818,
                                        -2.188897107531903,
                                        0.0,
                                        0.0,
                                        0.0,
                                        0.0,
                                        -7.271353485424068,
                                        0.0,
                                        0.0,
                                        -2.350534873442176};
  const std::vector<double> forward_variables = {-2.2504852103428368,
                                                 -2.2195635724477656,
                                                 -1e+100,
                                                 -1e+100,
                                                 -1e+100,
                                                 -4.207185528065171,
                                                 -3.7661011723786824,
                                                 -4.1762638901701,
                                                 -4.769373022017598,
                                                 -1e+100,
                                                 -1e+100,
                                                 -5.488682113282361,
                                                 -4.916658166530753,
                                                 -5.780468968472528,
                                                 -6.428879243335308,
                                                 -1e+100,
                                                 -1e+100,
                                                 -1e+100,
                                                 -6.999716430491182,
                                                 -6.823364840941558};
  const std::vector<double> backward_variables = {-5.282324261877944,
                                                  -4.306362545769794,
                                                  -1e+100,
                                                  -1e+100,
                                                  -1e+100,
                                                  -4.988458626675932,
                                                  -3.2682090500724343,
                                                  -3.4654673621690844,
                                                  -2.7590389934302735,
                                                  -1e+100,
                                                  -1e+100,
                                                  -2.7691478819107043,
                                                  -2.7691478819107043,
                                                  -1.2236958881151012,
                                                  -1.4634967520607014,
                                                  -1e+100,
                                                  -1e+100,
                                                  -1e+100,
                                                  0.0,
                                                  0.0};
  const auto run = run_loss<double>(make_spec(Task::kTranscription, 7), net, label_sequence({6, 4}, 4));
  EXPECT_NEAR(run.value("ctcError"), 6.214510996858747, 1e-13);
  EXPECT_EQ(run.value("substitutions"), 1);
  EXPECT_EQ(run.value("deletions"), 1);
  for (std::size_t i = 0; i < net.size(); ++i) {
    EXPECT_NEAR(run.d_net[i], d_net[i], 1e-14);
    EXPECT_NEAR(run.d_output[i], d_output[i], 1e-13);
  }
  for (std::size_t i = 0; i < forward_variables.size(); ++i) {
    EXPECT_NEAR(run.trace[0].values[i], forward_variables[i], 1e-14 * std::abs(forward_variables[i]));
    EXPECT_NEAR(run.trace[1].values[i], backward_variables[i], 1e-14 * std::abs(backward_variables[i]));
  }
}

TEST(Scaled, SumsAndProducts) {
  const Scaled tiny = {1.5, -100000};
  const Scaled third = {1, -100001};
  EXPECT_EQ(log(tiny + third), log({2, -100000}));
  EXPECT_EQ(log(sum(tiny, third, tiny)), log({3.5, -100000}));
  EXPECT_EQ(log(tiny * third), log({1.5, -200001}));
  EXPECT_EQ(log(tiny + kScaledZero), log(tiny));
  EXPECT_EQ(log(sum(kScaledZero, kScaledZero, tiny)), log(tiny));
  EXPECT_EQ(log(tiny + Scaled{1, -300000}), log(tiny));
  EXPECT_EQ(log(kScaledZero + kScaledZero), kLogZero);
  EXPECT_EQ(log(kScaledZero * tiny), kLogZero);
  EXPECT_EQ(log(tiny * Scaled{1, kScaledZero.exponent}), kLogZero);
  EXPECT_NEAR(log(Scaled{1.25, 3}), std::log(10), 1e-15);
  const Scaled x = normalised({40, -7});
  EXPECT_EQ(x.mantissa, 1.25);
  EXPECT_EQ(x.exponent, -2);
  EXPECT_EQ(normalised(kScaledZero).mantissa, 0);
  EXPECT_TRUE(std::isnan(normalised({std::numeric_limits<double>::quiet_NaN(), 0}).mantissa));
}

}  // namespace
}  // namespace rnnlib
