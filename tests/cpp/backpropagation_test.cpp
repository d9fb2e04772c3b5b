// SPDX-License-Identifier: Apache-2.0
// A network as a part of a larger model: rows as Network::predict gives them, gradients by central differences, the
// same bits for any number of threads, and several passes under way at once.
#include "rnnlib/backpropagation.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "layer_cases.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// A batch, its inputs in the network's precision, and errors of its rows.
template <class Real>
class Model {
 public:
  Model(const Network& network, const std::vector<Shape>& shapes, NetworkRows rows)
      : network_(network), shapes_(shapes), connections_(network.connections()) {
    options.rows = rows;
    const Backpropagation<Real> sizes(network, options);
    Index num_inputs = 0;
    Index num_rows = 0;
    for (const Shape& shape : shapes) {
      num_inputs += num_points(shape) * network.spec().data.input_size;
      num_rows += num_points(sizes.row_shape(shape)) * sizes.row_size();
    }
    Random random(3);
    for (Index i = 0; i < num_inputs; ++i) inputs.push_back(static_cast<Real>(random.normal()));
    for (Index i = 0; i < num_rows; ++i) d_rows.push_back(static_cast<Real>(random.normal()));
    rows_.resize(d_rows.size());
    for (const double weight : network.weights()) weights.push_back(static_cast<Real>(weight));
    d_weights.resize(weights.size());
    d_inputs.resize(inputs.size());
  }

  Backpropagation<Real> forward() {
    Backpropagation<Real> run(network_, options);
    forward(run);
    return run;
  }
  void forward(Backpropagation<Real>& run) {
    run.forward(parts<const Real>(weights), shapes_, {inputs.data(), size(inputs)}, {rows_.data(), size(rows_)});
  }
  void backward(Backpropagation<Real>& run) {
    run.backward(parts<Real>(d_weights), {d_inputs.data(), size(d_inputs)}, {d_rows.data(), size(d_rows)});
  }
  // What d_rows are the errors of.
  double error() {
    BackpropagationOptions without = options;
    without.with_gradient = false;
    Backpropagation<Real> run(network_, without);
    forward(run);
    double sum = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) sum += static_cast<double>(rows_[i] * d_rows[i]);
    return sum;
  }
  const std::vector<Real>& rows() const { return rows_; }

  BackpropagationOptions options;
  std::vector<Real> weights;
  std::vector<Real> inputs;
  std::vector<Real> d_rows;
  std::vector<Real> d_weights;
  std::vector<Real> d_inputs;

 private:
  static Index size(const std::vector<Real>& values) { return static_cast<Index>(values.size()); }
  template <class Number>
  std::vector<Numbers<Number>> parts(std::vector<Real>& flat) const {
    std::vector<Numbers<Number>> made;
    for (const Connection& c : connections_) made.push_back({flat.data() + c.offset, c.size()});
    return made;
  }

  const Network& network_;
  std::vector<Shape> shapes_;
  std::vector<Connection> connections_;
  std::vector<Real> rows_;
};

// Every number of `values` against central differences of the model's error.
void expect_numeric_gradient(Model<double>& model, std::vector<double>& values, const std::vector<double>& exact) {
  constexpr double kStep = 1e-5;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    values[i] = value + kStep;
    const double above = model.error();
    values[i] = value - kStep;
    const double below = model.error();
    values[i] = value;
    const double numeric = (above - below) / (2 * kStep);
    EXPECT_NEAR(exact[i], numeric, 1e-7 * std::max(1.0, std::abs(numeric))) << "number " << i;
  }
}

void expect_gradient(const Network& network, const std::vector<Shape>& shapes, NetworkRows rows) {
  Model<double> model(network, shapes, rows);
  Backpropagation<double> run = model.forward();
  model.backward(run);
  const std::vector<double> d_weights = model.d_weights;
  const std::vector<double> d_inputs = model.d_inputs;
  expect_numeric_gradient(model, model.weights, d_weights);
  expect_numeric_gradient(model, model.inputs, d_inputs);
}

TEST(Backpropagation, GradientsOfEveryLayer) {
  for (const LayerCase& layer : layer_cases()) {
    SCOPED_TRACE(layer.name);
    expect_gradient(make_network(layer.spec), layer.shapes, NetworkRows::kHidden);
  }
}

TEST(Backpropagation, GradientsOfEveryTask) {
  CaseList list;
  add_task_cases(list);
  add_direction_cases(list);
  list.add("input block", {{"task", "transcription"}, {"hiddenSize", "2"}, {"inputBlock", "2,3"}}, {2, 1},
           {{5, 4}, {1, 1}});
  for (const NetworkCase& one : list.cases) {
    SCOPED_TRACE(one.name);
    const Network network = make_network(one.spec);
    expect_gradient(network, one.shapes, NetworkRows::kOutputs);
    expect_gradient(network, one.shapes, NetworkRows::kNetInputs);
  }
}

template <class Real>
void expect_outputs_of_predict(Precision precision) {
  const Network network = make_network(
      make_spec({{"task", "transcription"}, {"hiddenSize", "3,4"}, {"hiddenBlock", "2,1"}}, {2}), precision);
  const std::vector<Shape> shapes{{4, 3}, {1, 1}, {6, 2}, {5, 5}};
  const TestSequences sequences(network, shapes);
  Model<Real> model(network, shapes, NetworkRows::kOutputs);
  model.inputs.clear();
  std::vector<double> expected;
  for (const Sequence& sequence : sequences.all()) {
    const float* inputs = sequence.inputs();
    model.inputs.insert(model.inputs.end(), inputs, inputs + num_points(sequence.shape()) * 2);
  }
  for (const Prediction& prediction : network.predict(sequences.all())) {
    expected.insert(expected.end(), prediction.outputs.begin(), prediction.outputs.end());
  }
  for (const bool with_gradient : {true, false}) {
    model.options.with_gradient = with_gradient;
    model.forward();
    EXPECT_EQ(std::vector<double>(model.rows().begin(), model.rows().end()), expected);
  }
}

TEST(Backpropagation, OutputsArePredictsBitForBit) {
  expect_outputs_of_predict<float>(Precision::kFloat);
  expect_outputs_of_predict<double>(Precision::kDouble);
}

// Of squared errors, whose deltas are the differences between outputs and targets.
TEST(Backpropagation, GradientIsTheNetworksOwnBitForBit) {
  const Network network =
      make_network(make_spec({{"task", "regression"}, {"hiddenSize", "5,9"}}, {2, 2, 1, 2}), Precision::kFloat, 0.3);
  const std::vector<Shape> shapes(13, Shape{4, 5});
  const TestSequences sequences(network, shapes);
  Model<float> model(network, shapes, NetworkRows::kOutputs);
  model.inputs.clear();
  for (const Sequence& sequence : sequences.all()) {
    model.inputs.insert(model.inputs.end(), sequence.inputs(), sequence.inputs() + 20 * 2);
  }
  Backpropagation<float> run = model.forward();
  std::size_t i = 0;
  for (const Sequence& sequence : sequences.all()) {
    for (Index k = 0; k < 20 * 2; ++k, ++i) model.d_rows[i] = model.rows()[i] - sequence.target_patterns()[k];
  }
  model.backward(run);
  const std::vector<double> found(model.d_weights.begin(), model.d_weights.end());
  EXPECT_EQ(found, network.gradient(sequences.all(), {}, false).gradient);
}

TEST(Backpropagation, SameBitsForAnyNumberOfThreads) {
  const Network network = make_network(
      make_spec({{"task", "transcription"}, {"hiddenSize", "8,20"}, {"hiddenBlock", "2,1"}, {"subsampleSize", "12"}},
                {2, 3, 6}),
      Precision::kFloat, 0.3);
  for (const NetworkRows rows : {NetworkRows::kOutputs, NetworkRows::kHidden}) {
    Model<float> one(network, std::vector<Shape>(20, Shape{8, 5}), rows);
    ASSERT_GT(20 * 40 * network.num_weights(), 1000000);
    Backpropagation<float> first = one.forward();
    one.backward(first);
    for (const int threads : {2, 3, 8}) {
      Model<float> other(network, std::vector<Shape>(20, Shape{8, 5}), rows);
      other.options.threads = threads;
      Backpropagation<float> run = other.forward();
      other.backward(run);
      EXPECT_EQ(one.rows(), other.rows());
      EXPECT_EQ(one.d_weights, other.d_weights);
      EXPECT_EQ(one.d_inputs, other.d_inputs);
    }
  }
}

TEST(Backpropagation, PassesUnderWayDoNotDisturbEachOther) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {2}));
  Model<double> a(network, {{3, 4}, {2, 2}}, NetworkRows::kHidden);
  Model<double> b(network, {{2, 5}}, NetworkRows::kHidden);
  Backpropagation<double> run = a.forward();
  a.backward(run);
  const std::vector<double> alone = a.d_weights;

  a.forward(run);
  for (double& weight : b.weights) weight = -weight;
  Backpropagation<double> other = b.forward();
  b.backward(other);
  a.backward(run);
  EXPECT_EQ(a.d_weights, alone);
}

TEST(Backpropagation, DropoutDependsOnTheSeedsOnly) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3,2"}}, {1}));
  Model<double> model(network, {{5}, {7}}, NetworkRows::kOutputs);
  model.forward();
  const std::vector<double> without = model.rows();
  model.options.dropout = 0.5;
  model.options.seeds = {1, 2};
  Backpropagation<double> run = model.forward();
  const std::vector<double> first = model.rows();
  EXPECT_NE(first, without);
  model.backward(run);
  const std::vector<double> d_weights = model.d_weights;
  expect_numeric_gradient(model, model.weights, d_weights);
  model.forward();
  EXPECT_EQ(model.rows(), first);
  model.options.seeds = {1, 3};
  model.forward();
  EXPECT_NE(model.rows(), first);
}

TEST(Backpropagation, WeightsLeftOutAreZero) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1}));
  Backpropagation<double> run(network);
  const std::vector<double> inputs(10, 1.0);
  std::vector<double> rows(10, 1.0);
  run.forward(std::vector<Numbers<const double>>(network.connections().size()), {{5}}, {inputs.data(), 10},
              {rows.data(), 10});
  EXPECT_EQ(rows, std::vector<double>(10, 0.0));
}

TEST(Backpropagation, NothingAtAll) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1}));
  Model<double> model(network, {}, NetworkRows::kOutputs);
  Backpropagation<double> run = model.forward();
  model.d_weights.assign(model.d_weights.size(), 7.0);
  model.backward(run);
  EXPECT_EQ(model.d_weights, std::vector<double>(model.d_weights.size(), 0.0));
}

TEST(Backpropagation, RefusesWhatDoesNotFit) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1}));
  expect_error<ConfigError>([&] { Backpropagation<float> run(network); }, {"the network has the other precision"});
  BackpropagationOptions options;
  options.dropout = 1;
  expect_error<ConfigError>([&] { Backpropagation<double> run(network, options); }, {"expected a number in [0, 1)"});

  Model<double> model(network, {{5}}, NetworkRows::kOutputs);
  Backpropagation<double> run(network);
  expect_error<ConfigError>([&] { model.backward(run); }, {"only once"});
  const std::vector<Numbers<const double>> none(network.connections().size());
  std::vector<double> rows(10);
  const Numbers<double> all{rows.data(), 10};
  expect_error<DataError>([&] { run.forward({}, {{5}}, {rows.data(), 10}, all); }, {"connections, found 0"});
  expect_error<DataError>([&] { run.forward(none, {{5}}, {rows.data(), 9}, all); }, {"expected 10 numbers, found 9"});
  expect_error<DataError>([&] { run.forward(none, {{5}}, {rows.data(), 10}, {}); }, {"expected 10 numbers, found 0"});
  expect_error<DataError>([&] { run.forward(none, {{2}, {5, 1}}, {rows.data(), 10}, all); }, {"sequence number 1"});
  rows[7] = std::nan("");
  expect_error<NumericError>([&] { run.forward(none, {{3}, {2}}, {rows.data(), 10}, all); },
                             {"sequence number 1: input 1 of point 0 is nan"});
  std::vector<Numbers<double>> no_gradients(network.connections().size());
  expect_error<ConfigError>([&] { run.backward(no_gradients, {}, {rows.data(), 10}); }, {"only once"});
  model.forward(run);
  model.backward(run);
  expect_error<ConfigError>([&] { model.backward(run); }, {"only once"});
}

}  // namespace
}  // namespace rnnlib
