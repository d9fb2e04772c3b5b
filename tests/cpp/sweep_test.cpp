// SPDX-License-Identifier: Apache-2.0
// One sweep alone: strides, what it keeps, batches, directions.
#include "layers/sweep.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "make_batch.h"
#include "naive_network.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using testing_engine::points_of;
using Keep = Sweep<double>::Keep;

std::vector<double> random_values(Index n, unsigned seed) {
  Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) value = random.uniform(-1, 1);
  return values;
}

// A sweep with its weights over a batch, net inputs and outputs among columns of others.
struct SweepRun {
  static constexpr Index kBeside = 3;

  SweepShape shape;
  int dims;
  BatchShape batch;
  WaveSchedule schedule;
  std::vector<double> recurrent;
  std::vector<double> peepholes;
  std::vector<double> net;     // [points, net_size + kBeside]
  std::vector<double> output;  // [points, hidden + kBeside]
  std::vector<double> deltas;
  std::vector<double> d_peepholes;
  Sweep<double> sweep;

  SweepRun(HiddenType type, bool is_recurrent, unsigned direction, const std::vector<Shape>& shapes)
      : shape{type, is_recurrent, 3, is_lstm(type) ? static_cast<Index>(shapes[0].size()) + 3 : 1, direction},
        dims(static_cast<int>(shapes[0].size())),
        batch(make_batch(shapes)),
        schedule(batch, dims),
        recurrent(random_values(shape.net_size() * dims * 3, 1)),
        peepholes(random_values((dims + 2) * 3, 2)),
        net(random_values(batch.points * net_stride(), 3)),
        output(static_cast<std::size_t>(batch.points * output_stride()), -9.0),
        deltas(net.size(), -9.0),
        d_peepholes(peepholes.size(), 0.0) {}

  Index net_stride() const { return shape.net_size() + kBeside; }
  Index output_stride() const { return shape.hidden + kBeside; }

  void forward(Keep keep) {
    sweep.forward(shape, {recurrent.data(), peepholes.data()}, schedule, net.data(), net_stride(), output.data(),
                  output_stride(), keep);
  }
  void backward(const std::vector<double>& d_output, double limit = std::numeric_limits<double>::infinity()) {
    sweep.backward(shape, {recurrent.data(), peepholes.data()}, schedule, d_output.data(), output_stride(),
                   deltas.data(), net_stride(), d_peepholes.data(), limit);
  }
};

const HiddenType kTypes[] = {HiddenType::kTanh, HiddenType::kIdentity, HiddenType::kLstm, HiddenType::kLinearLstm,
                             HiddenType::kSoftsignLstm};
const std::vector<std::vector<Shape>> kBatches = {
    {{}, {}}, {{5}, {1}, {7}}, {{3, 4}, {1, 2}, {4, 1}}, {{2, 3, 2}, {1, 1, 1}}};

TEST(Sweep, KeepingNothingGivesTheSameBits) {
  for (HiddenType type : kTypes) {
    for (const auto& shapes : kBatches) {
      SweepRun run(type, true, shapes[0].empty() ? 0 : 1, shapes);
      run.forward(Keep::kNothing);
      const std::vector<double> expected = run.output;
      for (Keep keep : {Keep::kForBackward, Keep::kForTrace, Keep::kNothing}) {
        run.output.assign(run.output.size(), -9.0);
        run.forward(keep);
        EXPECT_EQ(run.output, expected);
      }
    }
  }
}

TEST(Sweep, ColumnsBesideItsOwnStayAsTheyWere) {
  for (HiddenType type : kTypes) {
    for (const auto& shapes : kBatches) {
      SweepRun run(type, true, 0, shapes);
      run.forward(Keep::kForBackward);
      run.backward(random_values(run.batch.points * run.output_stride(), 4));
      for (Index p = 0; p < run.batch.points; ++p) {
        for (Index c = 0; c < run.output_stride(); ++c) {
          EXPECT_EQ(run.output[static_cast<std::size_t>(p * run.output_stride() + c)] == -9.0, c >= run.shape.hidden);
        }
        for (Index c = 0; c < run.net_stride(); ++c) {
          EXPECT_EQ(run.deltas[static_cast<std::size_t>(p * run.net_stride() + c)] == -9.0, c >= run.shape.net_size());
        }
      }
    }
  }
}

// Backwards along every dimension is forwards over the mirror image, in outputs and deltas.
TEST(Sweep, MirrorImage) {
  for (HiddenType type : kTypes) {
    for (const Shape& shape : std::vector<Shape>{{5}, {3, 4}, {2, 3, 2}}) {
      SweepRun there(type, true, 0, {shape});
      SweepRun back(type, true, (1U << shape.size()) - 1, {shape});
      const Index points = there.batch.points;
      const auto mirrored = [&](const std::vector<double>& rows, Index stride) {
        std::vector<double> result;
        for (Index p = points - 1; p >= 0; --p) {
          result.insert(result.end(), rows.begin() + p * stride, rows.begin() + (p + 1) * stride);
        }
        return result;
      };
      back.net = mirrored(there.net, there.net_stride());
      there.forward(Keep::kForBackward);
      back.forward(Keep::kForBackward);
      EXPECT_EQ(back.output, mirrored(there.output, there.output_stride()));
      const std::vector<double> d_output = random_values(points * there.output_stride(), 5);
      there.backward(d_output);
      back.backward(mirrored(d_output, there.output_stride()));
      EXPECT_EQ(back.deltas, mirrored(there.deltas, there.net_stride()));
      EXPECT_EQ(back.d_peepholes, there.d_peepholes);
    }
  }
}

// The deltas are the derivatives of sum(d_output * output) by the net inputs, for every direction.
TEST(Sweep, DeltasAreDerivatives) {
  constexpr double kStep = 1e-5;
  for (HiddenType type : kTypes) {
    for (unsigned direction : {0U, 1U, 2U, 3U}) {
      SweepRun run(type, true, direction, {{3, 2}, {1, 3}});
      const std::vector<double> d_output = random_values(run.batch.points * run.output_stride(), 6);
      const auto objective = [&] {
        run.forward(Keep::kNothing);
        double sum = 0;
        for (Index p = 0; p < run.batch.points; ++p) {
          for (Index h = 0; h < run.shape.hidden; ++h) {
            const std::size_t i = static_cast<std::size_t>(p * run.output_stride() + h);
            sum += d_output[i] * run.output[i];
          }
        }
        return sum;
      };
      run.forward(Keep::kForBackward);
      run.backward(d_output);
      const auto expect_derivatives = [&](std::vector<double>& values, const std::vector<double>& exact) {
        for (std::size_t i = 0; i < values.size(); ++i) {
          const double centre = values[i];
          values[i] = centre + kStep;
          const double above = objective();
          values[i] = centre - kStep;
          const double below = objective();
          values[i] = centre;
          if (exact[i] != -9.0) {
            EXPECT_NEAR(exact[i], (above - below) / (2 * kStep), 1e-8);
          }
        }
      };
      expect_derivatives(run.net, run.deltas);
      if (is_lstm(type)) expect_derivatives(run.peepholes, run.d_peepholes);
    }
  }
}

TEST(Sweep, DeltasOfLstmsAreClippedOthersAreNot) {
  for (HiddenType type : kTypes) {
    SweepRun run(type, true, 3, {{3, 3}});
    run.forward(Keep::kForBackward);
    std::vector<double> d_output = random_values(run.batch.points * run.output_stride(), 7);
    for (double& d : d_output) d *= 1000;
    run.backward(d_output, 1.0);
    double largest = 0;
    for (Index p = 0; p < run.batch.points; ++p) {
      for (Index c = 0; c < run.shape.net_size(); ++c) {
        largest = std::max(largest, std::abs(run.deltas[static_cast<std::size_t>(p * run.net_stride() + c)]));
      }
    }
    if (is_lstm(type)) {
      EXPECT_EQ(largest, 1.0);
    } else {
      EXPECT_GT(largest, 100.0);
    }
  }
}

TEST(Sweep, WithoutRecurrenceNeighboursMeetInLstmCellsOnly) {
  for (HiddenType type : kTypes) {
    SweepRun run(type, false, 1, {{4}});
    run.forward(Keep::kNothing);
    const std::vector<double> before = run.output;
    for (Index c = 0; c < run.net_stride(); ++c) run.net[static_cast<std::size_t>(c)] += 1;  // the first point
    run.forward(Keep::kNothing);
    const auto row = [&](const std::vector<double>& rows, Index p) {
      const auto first = rows.begin() + p * run.output_stride();
      return std::vector<double>(first, first + run.shape.hidden);
    };
    EXPECT_NE(row(run.output, 0), row(before, 0));
    EXPECT_EQ(row(run.output, 1) == row(before, 1), !is_lstm(type));
  }
}

TEST(Sweep, ElementsCountWhatIsKept) {
  const SweepShape lstm{HiddenType::kLstm, true, 10, 5, 3};
  const Index small = Sweep<double>::elements(lstm, 2, 1000, 30, false);
  const Index large = Sweep<double>::elements(lstm, 2, 1000, 30, true);
  EXPECT_LT(small, large);
  EXPECT_GE(large, 1000 * (5 + 3) * 10);
  EXPECT_EQ(small, Sweep<double>::elements(lstm, 2, 5000, 30, false));
}

}  // namespace
}  // namespace rnnlib
