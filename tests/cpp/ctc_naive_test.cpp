// SPDX-License-Identifier: Apache-2.0
// Connectionist temporal classification against its plain recursions, and the numbers that it is computed with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "ctc_fixture.h"
#include "tensor/scaled.h"

namespace rnnlib {
namespace {

using testing_losses::label_sequence;
using testing_losses::Labels;
using testing_losses::make_spec;
using testing_losses::random_net;
using testing_losses::run_loss;

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
