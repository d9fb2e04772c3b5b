// SPDX-License-Identifier: Apache-2.0
// One sweep alone: strides, what it keeps, batches, directions.
#include "layers/sweep.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "engine_fixture.h"
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

// A sweep with its weights over a batch, inputs, gates and outputs among columns of others.
struct SweepRun {
  static constexpr Index kInputs = 2;
  static constexpr Index kBeside = 3;

  SweepShape shape;
  BatchShape batch;
  WaveSchedule schedule;
  std::vector<double> matrix;  // [1 + inputs + D * H, net_stride], zeros in the padding
  std::vector<double> peepholes;
  SweepWeights<double> weights;
  std::vector<double> input;   // [points, kInputs + kBeside]
  std::vector<double> output;  // [points, H + kBeside]
  Buffer<double> d_matrix;
  std::vector<double> d_peepholes;
  Sweep<double> sweep;

  SweepRun(HiddenType type, bool is_recurrent, unsigned direction, const std::vector<Shape>& shapes, Index hidden = 3)
      : shape(make_sweep_shape(type, is_recurrent, kInputs, hidden, static_cast<int>(shapes[0].size()), direction)),
        batch(make_batch(shapes)),
        schedule(batch, static_cast<int>(shapes[0].size()), {direction}),
        matrix(random_values(shape.matrix_elements(), 1)),
        peepholes(random_values(shape.peephole_elements(), 2)),
        input(random_values(batch.points * input_stride(), 3)),
        output(static_cast<std::size_t>(batch.points * output_stride()), -9.0),
        d_peepholes(peepholes.size(), 0.0) {
    for (Index row = 0; row < shape.matrix_rows(); ++row) {
      for (Index c = shape.net_size(); c < shape.net_stride(); ++c) {
        matrix[static_cast<std::size_t>(row * shape.net_stride() + c)] = 0;
      }
    }
    clear_absent(shape, matrix.data());
    d_matrix.resize(shape.matrix_elements());
    d_matrix.fill(0);
  }

  Index input_stride() const { return kInputs + kBeside; }
  Index output_stride() const { return shape.hidden + kBeside; }

  void forward(Keep keep) {
    weights.assign(shape, matrix.data(), peepholes.data());
    sweep.forward(shape, weights, schedule, {input.data(), input_stride()}, {output.data(), output_stride()}, keep);
  }
  void backward(const std::vector<double>& d_output, double limit = std::numeric_limits<double>::infinity(),
                bool keep_deltas = true) {
    sweep.backward(shape, weights, schedule,
                   {{input.data(), input_stride()},
                    {output.data(), output_stride()},
                    {d_output.data(), output_stride()},
                    limit,
                    keep_deltas,
                    d_matrix.data(),
                    d_peepholes.data()});
  }
  std::vector<double> deltas() const {  // [points, net_size]
    std::vector<double> rows(static_cast<std::size_t>(batch.points * shape.net_size()));
    sweep.read(shape, schedule, SweepVariable::kDeltas, rows.data());
    return rows;
  }
  std::vector<double> matrix_gradient() const { return {d_matrix.data(), d_matrix.data() + d_matrix.size()}; }
};

const std::vector<HiddenType> kTypes = testing_engine::hidden_types();
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
      }
      for (Index p = 0; p < run.batch.points; ++p) {
        const double* row = run.sweep.deltas(run.shape) + p * run.shape.net_stride();
        for (Index c = run.shape.net_size(); c < run.shape.net_stride(); ++c) EXPECT_EQ(row[c], 0.0);
      }
    }
  }
}

// Backwards along every dimension is forwards over the mirror image, in outputs, deltas and gradients.
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
      back.input = mirrored(there.input, there.input_stride());
      there.forward(Keep::kForBackward);
      back.forward(Keep::kForBackward);
      EXPECT_EQ(back.output, mirrored(there.output, there.output_stride()));
      const std::vector<double> d_output = random_values(points * there.output_stride(), 5);
      there.backward(d_output);
      back.backward(mirrored(d_output, there.output_stride()));
      EXPECT_EQ(back.deltas(), mirrored(there.deltas(), there.shape.net_size()));
      EXPECT_EQ(back.matrix_gradient(), there.matrix_gradient());
      EXPECT_EQ(back.d_peepholes, there.d_peepholes);
    }
  }
}

// A point's numbers do not depend on what else is in the batch, to the bit.
TEST(Sweep, ABatchIsTheSequencesOneByOne) {
  for (HiddenType type : kTypes) {
    for (const auto& shapes : kBatches) {
      for (Index hidden : {1, 3, 9, 20}) {
        SweepRun together(type, true, 0, shapes, hidden);
        together.forward(Keep::kForBackward);
        const std::vector<double> d_output = random_values(together.batch.points * together.output_stride(), 8);
        together.backward(d_output);
        for (std::size_t s = 0; s < shapes.size(); ++s) {
          SweepRun alone(type, true, 0, {shapes[s]}, hidden);
          const auto part = [&](const std::vector<double>& rows, Index stride) {
            const auto first = rows.begin() + together.batch.offsets[s] * stride;
            return std::vector<double>(first, first + alone.batch.points * stride);
          };
          alone.input = part(together.input, together.input_stride());
          alone.forward(Keep::kForBackward);
          EXPECT_EQ(alone.output, part(together.output, together.output_stride()));
          alone.backward(part(d_output, together.output_stride()));
          EXPECT_EQ(alone.deltas(), part(together.deltas(), together.shape.net_size()));
        }
      }
    }
  }
}

TEST(Sweep, GradientsAreTheSameWhetherDeltasAreKeptOrNot) {
  for (HiddenType type : kTypes) {
    for (const auto& shapes : {std::vector<Shape>{{30, 70}}, std::vector<Shape>{{3, 4}, {1, 2}, {4, 1}}}) {
      SweepRun kept(type, true, 1, shapes);
      SweepRun dropped(type, true, 1, shapes);
      const std::vector<double> d_output = random_values(kept.batch.points * kept.output_stride(), 9);
      kept.forward(Keep::kForBackward);
      dropped.forward(Keep::kForBackward);
      kept.backward(d_output, 1.0, true);
      dropped.backward(d_output, 1.0, false);
      EXPECT_EQ(kept.matrix_gradient(), dropped.matrix_gradient());
      EXPECT_EQ(kept.d_peepholes, dropped.d_peepholes);
    }
  }
}

// Gradients of inputs' weights and all others are the derivatives of sum(d_output * output), for every direction and
// for widths below, at and beyond the vector unit's.
TEST(Sweep, GradientsAreDerivatives) {
  constexpr double kStep = 1e-6;  // small, for softsign bends at 0
  for (HiddenType type : kTypes) {
    for (unsigned direction : {0U, 1U, 2U, 3U}) {
      for (Index hidden : {1, 3, 8, 11}) {
        if (hidden > 3 && direction > 0) continue;
        SweepRun run(type, true, direction, {{3, 2}, {1, 3}}, hidden);
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
        const std::vector<double> d_matrix = run.matrix_gradient();
        const auto expect_derivative = [&](double& value, double exact) {
          const double centre = value;
          value = centre + kStep;
          const double above = objective();
          value = centre - kStep;
          const double below = objective();
          value = centre;
          EXPECT_NEAR(exact, (above - below) / (2 * kStep), 5e-8);
        };
        const Index stride = run.shape.net_stride();
        std::vector<double> present(run.matrix.size(), 1.0);
        clear_absent(run.shape, present.data());
        const std::size_t step = hidden > 3 ? 5 : 1;
        for (std::size_t i = 0; i < run.matrix.size(); i += step) {
          if (static_cast<Index>(i) % stride < run.shape.net_size() && present[i] == 1.0) {
            expect_derivative(run.matrix[i], d_matrix[i]);
          } else {
            EXPECT_EQ(d_matrix[i], 0.0) << "padding, or no weight";
          }
        }
        for (std::size_t i = 0; i < run.peepholes.size(); ++i) expect_derivative(run.peepholes[i], run.d_peepholes[i]);
      }
    }
  }
}

TEST(Sweep, DeltasOfCellsWithAStateAreClippedOthersAreNot) {
  for (HiddenType type : kTypes) {
    SweepRun run(type, true, 3, {{3, 3}});
    run.forward(Keep::kForBackward);
    std::vector<double> d_output = random_values(run.batch.points * run.output_stride(), 7);
    for (double& d : d_output) d *= 1000;
    run.backward(d_output, 1.0);
    double largest = 0;
    for (double delta : run.deltas()) largest = std::max(largest, std::abs(delta));
    if (run.shape.has_state) {
      EXPECT_EQ(largest, 1.0);
    } else {
      EXPECT_GT(largest, 100.0);
    }
  }
}

TEST(Sweep, WithoutRecurrenceNeighboursMeetInStatesOnly) {
  for (HiddenType type : kTypes) {
    SweepRun run(type, false, 1, {{4}});
    run.forward(Keep::kNothing);
    const std::vector<double> before = run.output;
    for (Index c = 0; c < SweepRun::kInputs; ++c) run.input[static_cast<std::size_t>(c)] += 1;  // the first point
    run.forward(Keep::kNothing);
    const auto row = [&](const std::vector<double>& rows, Index p) {
      const auto first = rows.begin() + p * run.output_stride();
      return std::vector<double>(first, first + run.shape.hidden);
    };
    EXPECT_NE(row(run.output, 0), row(before, 0));
    EXPECT_EQ(row(run.output, 1) == row(before, 1), !run.shape.has_state);
  }
}

Index measured_bytes(const SweepShape& shape, Index points, Keep keep) {
  Sweep<double> sweep;
  BufferSizer size = BufferSizer::measuring();
  sweep.size_buffers(shape, {points, points / 20, 30, 60}, keep, size);
  return size.bytes();
}

TEST(Sweep, BytesCountWhatIsKept) {
  const SweepShape lstm = make_sweep_shape(HiddenType::kLstm, true, 4, 10, 2, 3);
  const Index small = measured_bytes(lstm, 1000, Keep::kNothing);
  const Index large = measured_bytes(lstm, 1000, Keep::kForBackward);
  EXPECT_LT(small, large);
  EXPECT_GE(large, 1000 * 2 * 10 * 8);
  EXPECT_EQ(small, measured_bytes(lstm, 5000, Keep::kNothing));
}

}  // namespace
}  // namespace rnnlib
