// SPDX-License-Identifier: Apache-2.0
// Convolutions: the rows under a kernel, names and shapes of weights, gradients that are summed in parts, traces.
// Forward passes are compared with the naive twin in engine_forward_test.cpp, gradients with central differences in
// engine_gradient_test.cpp.
#include "layers/convolution_layer.h"

#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "make_batch.h"
#include "naive_network.h"
#include "network/layout.h"
#include "rnnlib/gradient_check.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

struct KernelCase {
  Shape kernel;
  std::vector<Shape> shapes;
};

const KernelCase kKernels[] = {{{}, {{}, {}, {}}},
                               {{1}, {{5}, {1}}},
                               {{3}, {{1}, {2}, {70}, {9}}},
                               {{4}, {{6}, {1}, {3}}},
                               {{9}, {{4}, {20}}},
                               {{3, 3}, {{4, 5}, {1, 1}, {2, 40}, {3, 1}}},
                               {{2, 5}, {{3, 4}, {1, 2}, {12, 11}}},
                               {{2, 3, 4}, {{3, 2, 5}, {1, 1, 1}, {4, 3, 2}}}};

// The row of the batch that lies under a point of the kernel, or -1.
Index row_under(const Shape& shape, Index offset, const Shape& centre, const Shape& inside, const Kernel& kernel) {
  Index row = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const Index x = centre[d] + inside[d] - kernel.before[d];
    if (x < 0 || x >= shape[d]) return -1;
    row = row * shape[d] + x;
  }
  return offset + row;
}

// Found in pieces that begin and end anywhere.
TEST(Convolution, FindsTheRowsUnderTheKernel) {
  for (const KernelCase& c : kKernels) {
    const BatchShape batch = make_batch(c.shapes);
    for (const Kernel& kernel : {Kernel(c.kernel), Kernel(c.kernel).reversed()}) {
      std::vector<Index> expected;  // [points, kernel points]
      for (std::size_t s = 0; s < c.shapes.size(); ++s) {
        for (const Shape& centre : points_of(c.shapes[s])) {
          for (const Shape& inside : points_of(c.kernel)) {
            expected.push_back(row_under(c.shapes[s], batch.offsets[s], centre, inside, kernel));
          }
        }
      }
      for (Index units : {1, 3}) {
        const std::vector<double> source(static_cast<std::size_t>(batch.points * units));
        const std::vector<double> zeros(static_cast<std::size_t>(units), 0.0);
        for (Index piece : {1, 7, 64}) {
          for (Index first = 0; first < batch.points; first += piece) {
            const Index n = std::min(piece, batch.points - first);
            std::vector<const double*> found(static_cast<std::size_t>(kernel.points() * n));
            find_kernel_rows(batch, kernel, source.data(), units, zeros.data(), first, n, found.data());
            for (Index j = 0; j < n; ++j) {
              for (Index k = 0; k < kernel.points(); ++k) {
                const Index row = expected[static_cast<std::size_t>((first + j) * kernel.points() + k)];
                ASSERT_EQ(found[static_cast<std::size_t>(k * n + j)],
                          row < 0 ? zeros.data() : source.data() + row * units);
              }
            }
          }
        }
      }
    }
  }
}

TEST(Convolution, HasOneLayerAConnectionAndABias) {
  const NetworkLayout layout(make_spec({{"task", "transcription"},
                                        {"hiddenSize", "6,4,2"},
                                        {"hiddenType", "conv,conv,lstm"},
                                        {"kernelSize", "3,2;5"},
                                        {"convType", "relu"},
                                        {"hiddenBlock", "2,2"}},
                                       {2, 3, 4}));
  const Graph& graph = layout.graph;
  const auto layer = [&](const std::string& name) {
    return *std::find_if(graph.layers.begin(), graph.layers.end(), [&](const auto& l) { return l.name == name; });
  };
  EXPECT_EQ(layer("hidden_0_0").kind, "convolution");
  EXPECT_EQ(layer("hidden_0_0").type, "convolution relu");
  EXPECT_EQ(layer("hidden_0_0").kernel, (Shape{3, 2}));
  EXPECT_EQ(layer("hidden_0_0").size, 6);
  EXPECT_EQ(layer("hidden_0_0").num_weights, 6 * (1 + 6 * 3));
  EXPECT_TRUE(layer("hidden_0_0").directions.empty());
  EXPECT_EQ(layer("hidden_1_0").kernel, (Shape{5, 5}));
  EXPECT_TRUE(layer("hidden_2_0").kernel.empty());
  EXPECT_EQ(layer("hidden_2_3").kind, "hidden");
  const auto connection = [&](const std::string& name) {
    return *std::find_if(graph.connections.begin(), graph.connections.end(),
                         [&](const Connection& c) { return c.name == name; });
  };
  const Connection first = connection("input_to_hidden_0_0");
  EXPECT_EQ(first.kind, ConnectionKind::kConvolution);
  EXPECT_EQ(first.rows, 6);
  EXPECT_EQ(first.cols, 6 * 3);
  const Connection second = connection("gather_0_to_hidden_1_0");
  EXPECT_EQ(second.cols, 25 * 4 * 6);
  EXPECT_EQ(connection("bias_to_hidden_1_0").rows, 4);
  EXPECT_EQ(std::count_if(graph.layers.begin(), graph.layers.end(), [](const auto& l) { return l.level == 1; }), 2);
  EXPECT_EQ(layout.output_shape({11, 8}), (Shape{6}));
}

constexpr Index kManyPoints = 50 * 61;  // gradients are summed in several parts

TEST(Convolution, GradientsOfManyPoints) {
  const Network network =
      make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2,3"}, {"hiddenType", "conv"}}, {2, 1, 3, 1}));
  const TestSequences sequences(network, {{50, kManyPoints / 50}});
  GradientCheckOptions options;
  options.significant_figures = 5;  // the error of so many points is large
  EXPECT_TRUE(check_gradient(network, sequences[0], options).passed());
}

TEST(Convolution, SameBitsForAnyNumberOfThreads) {
  for (const char* sizes : {"3,5", "16,16"}) {
    const NetworkSpec spec =
        make_spec({{"task", "regression"}, {"hiddenSize", sizes}, {"hiddenType", "conv"}}, {2, 2, 3, 1});
    const TestSequences sequences(Network(spec, Precision::kDouble), {{50, kManyPoints / 50}});
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      const Network threaded = make_network(spec, precision);
      const GradientResult one = threaded.gradient(sequences.all());
      for (int threads : {2, 3, 8}) {
        RunOptions run;
        run.threads = threads;
        const GradientResult other = threaded.gradient(sequences.all(), run);
        EXPECT_EQ(one.gradient, other.gradient);
        EXPECT_EQ(one.error, other.error);
        EXPECT_EQ(threaded.predict(sequences.all(), run)[0].outputs, threaded.predict(sequences.all())[0].outputs);
      }
    }
  }
}

// Net inputs, outputs, and their errors, which the gradients are made of.
TEST(Convolution, Traces) {
  const Network network = make_network(make_spec(
      {{"task", "regression"}, {"hiddenSize", "5,3"}, {"hiddenType", "conv"}, {"convType", "tanh"}}, {2, 2, 3, 1}));
  const TestSequences sequences(network, {{4, 3}});
  const auto trace = network.trace(sequences[0]);
  const std::vector<double> gradient = network.gradient(sequences.all()).gradient;
  for (const std::string& name : {std::string("hidden_0_0_"), std::string("hidden_1_0_")}) {
    const TraceVariable net = find_variable(trace, name + "inputActivations");
    const TraceVariable output = find_variable(trace, name + "outputActivations");
    const TraceVariable d_net = find_variable(trace, name + "inputErrors");
    const TraceVariable d_output = find_variable(trace, name + "outputErrors");
    const Index units = name == "hidden_0_0_" ? 5 : 3;
    EXPECT_EQ(net.shape, (Shape{4, 3, units}));
    std::vector<double> bias(static_cast<std::size_t>(units), 0.0);
    for (std::size_t i = 0; i < net.values.size(); ++i) {
      EXPECT_NEAR(output.values[i], std::tanh(net.values[i]), 1e-14);
      EXPECT_NEAR(d_net.values[i], (1 - output.values[i] * output.values[i]) * d_output.values[i], 1e-14);
      bias[i % bias.size()] += d_net.values[i];
    }
    for (const Connection& c : network.connections()) {
      if (c.name != "bias_to_" + name.substr(0, 10)) continue;
      const auto own = gradient.begin() + c.offset;
      EXPECT_LT(largest_difference(bias, std::vector<double>(own, own + c.size())), 1e-13);
    }
  }
}

}  // namespace
}  // namespace rnnlib
