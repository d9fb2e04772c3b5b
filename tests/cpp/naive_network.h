// SPDX-License-Identifier: Apache-2.0
// The engine's naive twin: a network run forward point by point, in double, straight from RNNLIB's formulas. It shares
// with the engine only the names and shapes of the connections.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "naive_blocks.h"
#include "rnnlib/network.h"

namespace rnnlib::testing_engine {

class NaiveNetwork {
 public:
  explicit NaiveNetwork(const Network& network) : spec_(network.spec()) {
    const std::vector<double> weights = network.weights();
    for (const Connection& c : network.connections()) {
      const auto first = weights.begin() + c.offset;
      matrices_[c.name] = {c.cols, std::vector<double>(first, first + c.size())};
    }
  }

  // The output layer's activations.
  Grid run(const Sequence& sequence) const {
    Grid grid(sequence.shape(), spec_.data.input_size);
    const float* input = sequence.inputs();
    for (auto& point : grid.points) {
      for (double& unit : point) unit = static_cast<double>(*input++);
    }
    std::string name = "input";
    if (!spec_.input_block.empty()) {
      grid = blocked(grid, spec_.input_block);
      name = "input_block";
    }
    std::vector<Grid> hidden;
    for (std::size_t i = 0; i < spec_.levels.size(); ++i) {
      hidden.clear();
      const std::size_t dims = static_cast<std::size_t>(spec_.level_dims(i));
      if (dims < grid.shape.size()) {
        grid = joined(grid, dims, spec_.join_rows);
        name = i == 0 ? "input_join" : "join_" + std::to_string(i - 1);
      }
      if (spec_.levels[i].is_convolution) {
        hidden.push_back(pooled(run_convolution(i, name, grid), spec_.levels[i].pool));
      } else {
        for (std::size_t j = 0; j < directions(dims).size(); ++j) {
          hidden.push_back(pooled(run_hidden(i, j, name, grid), spec_.levels[i].pool));
        }
      }
      if (i + 1 < spec_.levels.size()) grid = run_top(i, hidden, name);
    }
    return run_output(hidden);
  }

 private:
  // Signs per dimension, the first slowest.
  std::vector<std::vector<int>> directions(std::size_t dims) const {
    std::vector<std::vector<int>> result{{}};
    for (std::size_t d = 0; d < dims; ++d) {
      std::vector<std::vector<int>> longer;
      for (const std::vector<int>& signs : result) {
        for (int sign : {-1, 1}) {
          if (sign < 0 && !spec_.bidirectional[d]) continue;
          longer.push_back(signs);
          longer.back().push_back(sign);
        }
      }
      result = longer;
    }
    return result;
  }

  struct WeightMatrix {
    Index cols = 0;
    std::vector<double> values;
  };

  const WeightMatrix& matrix(const std::string& name) const {
    const auto found = matrices_.find(name);
    if (found != matrices_.end()) return found->second;
    ADD_FAILURE() << "no connection " << name;
    static const WeightMatrix none;
    return none;
  }

  void add_product(const std::string& name, const std::vector<double>& from, std::vector<double>& to) const {
    const WeightMatrix& m = matrix(name);
    ASSERT_EQ(m.values.size(), from.size() * to.size()) << name;
    std::size_t k = 0;
    for (double& sum : to) {
      for (double unit : from) sum += m.values[k++] * unit;
    }
  }

  std::string hidden_name(std::size_t level, std::size_t direction) const {
    return "hidden_" + std::to_string(level) + "_" + std::to_string(direction);
  }

  std::string pooled_name(std::size_t level, std::size_t direction) const {
    return hidden_name(level, direction) + (num_points(spec_.levels[level].pool) > 1 ? "_pool" : "");
  }

  // Whoever runs backwards along a symmetric dimension has the weights of the layer that runs forwards everywhere.
  std::size_t owner(const std::vector<std::vector<int>>& all, std::size_t direction) const {
    for (std::size_t d = 0; d < all[direction].size(); ++d) {
      if (spec_.symmetry[d] && all[direction][d] < 0) return all.size() - 1;
    }
    return direction;
  }

  static double activation(HiddenType type, double x) {
    switch (type) {
      case HiddenType::kTanh:
        return std::tanh(x);
      case HiddenType::kSoftsign:
        return x / (1 + std::abs(x));
      case HiddenType::kLogistic:
        return 1 / (1 + std::exp(-x));
      case HiddenType::kRelu:
        return x < 0 ? 0 : x;
      case HiddenType::kLeakyRelu:
        return x < 0 ? 0.01 * x : x;
      default:
        return x;
    }
  }

  static bool is_lstm(HiddenType type) {
    return type == HiddenType::kLstm || type == HiddenType::kLinearLstm || type == HiddenType::kSoftsignLstm;
  }

  static Index gates_of(HiddenType type, Index dims) {
    if (type == HiddenType::kGru) return 3 * dims + 1;
    return is_lstm(type) ? dims + 3 : 1;
  }

  // The gates that have weights from the level's input.
  static std::vector<Index> input_gates(HiddenType type, Index dims) {
    std::vector<Index> gates;
    for (Index g = 0; g < gates_of(type, dims); ++g) {
      if (type != HiddenType::kGru || g < 2 * dims || g == 3 * dims) gates.push_back(g);
    }
    return gates;
  }

  // From the point one step back along dimension d.
  static std::vector<Index> recurrent_gates(HiddenType type, Index dims, Index d) {
    if (type != HiddenType::kGru) return input_gates(type, dims);
    std::vector<Index> gates;
    for (Index g = 0; g < 2 * dims; ++g) gates.push_back(g);
    gates.push_back(2 * dims + d);
    return gates;
  }

  // A product with a connection to some gates of each unit. net: all gates of a unit, unit after unit
  void add_to_gates(const std::string& name, const std::vector<double>& from, const std::vector<Index>& gates,
                    Index num_units, std::vector<double>& net) const {
    const std::size_t units = static_cast<std::size_t>(num_units);
    const std::size_t all = net.size() / units;
    std::vector<double> sums(units * gates.size(), 0.0);
    add_product(name, from, sums);
    for (std::size_t u = 0; u < units; ++u) {
      for (std::size_t g = 0; g < gates.size(); ++g)
        net[u * all + static_cast<std::size_t>(gates[g])] += sums[u * gates.size() + g];
    }
  }

  // Gates of a unit: reset gates, update gates, what each dimension adds to the candidate, candidate.
  static void run_gru(const std::vector<double>& net, const std::vector<const std::vector<double>*>& before,
                      std::vector<double>& output) {
    const std::size_t dims = before.size();
    for (std::size_t h = 0; h < output.size(); ++h) {
      const double* a = net.data() + h * (3 * dims + 1);
      double candidate = a[3 * dims];
      double sum = 1;
      double kept = 0;
      for (std::size_t d = 0; d < dims; ++d) {
        candidate += activation(HiddenType::kLogistic, a[d]) * a[2 * dims + d];
        sum += std::exp(a[dims + d]);
        if (before[d] != nullptr) kept += std::exp(a[dims + d]) * (*before[d])[h];
      }
      output[h] = (std::tanh(candidate) + kept) / sum;
    }
  }

  Grid run_hidden(std::size_t level, std::size_t j, const std::string& source_name, Grid& source) const {
    const LevelSpec& spec = spec_.levels[level];
    const std::size_t dims = source.shape.size();
    const std::vector<std::vector<int>> all = directions(dims);
    const std::vector<int>& signs = all[j];
    const std::vector<int>& owner_signs = all[owner(all, j)];
    const std::string own = hidden_name(level, owner(all, j));
    const Index gates = gates_of(spec.type, static_cast<Index>(dims));
    Grid output(source.shape, spec.size);
    Grid states(source.shape, spec.size);
    for (const Shape& steps : points_of(source.shape)) {  // from the direction's starting corner
      Shape point = steps;
      for (std::size_t d = 0; d < dims; ++d) {
        if (signs[d] < 0) point[d] = source.shape[d] - 1 - steps[d];
      }
      std::vector<double> net(static_cast<std::size_t>(gates * spec.size), 0.0);
      add_product("bias_to_" + own, {1.0}, net);
      add_to_gates(source_name + "_to_" + own, *source.at(point), input_gates(spec.type, static_cast<Index>(dims)),
                   spec.size, net);
      std::vector<const std::vector<double>*> before(dims);
      for (std::size_t d = 0; d < dims; ++d) {
        Shape previous = point;
        previous[d] -= signs[d];
        before[d] = states.at(previous);
        if (!spec.recurrent || before[d] == nullptr) continue;
        std::string delay = "_delay";
        for (std::size_t e = 0; e < dims; ++e) delay += "_" + std::to_string(e == d ? -owner_signs[d] : 0);
        add_to_gates(own + "_to_" + own + delay, *output.at(previous),
                     recurrent_gates(spec.type, static_cast<Index>(dims), static_cast<Index>(d)), spec.size, net);
      }
      if (spec.type == HiddenType::kGru) {
        run_gru(net, before, *states.at(point));
        *output.at(point) = *states.at(point);
      } else if (is_lstm(spec.type)) {
        run_cells(spec.type, matrix(hidden_name(level, j) + "_peepholes").values, net, before, *states.at(point),
                  *output.at(point));
      } else {
        for (std::size_t u = 0; u < net.size(); ++u) (*output.at(point))[u] = activation(spec.type, net[u]);
      }
    }
    return output;
  }

  // The rows under the kernel one after another, zeros outside, times the weights.
  Grid run_convolution(std::size_t level, const std::string& source_name, Grid& source) const {
    const LevelSpec& spec = spec_.levels[level];
    Grid output(source.shape, spec.size);
    for (const Shape& centre : points_of(source.shape)) {
      std::vector<double> covered;
      for (const Shape& inside : points_of(spec.kernel)) {
        Shape point = centre;
        for (std::size_t d = 0; d < point.size(); ++d) point[d] += inside[d] - (spec.kernel[d] - 1) / 2;
        const std::vector<double>* from = source.at(point);
        const std::vector<double> zeros(static_cast<std::size_t>(source.units), 0.0);
        covered.insert(covered.end(), from ? from->begin() : zeros.begin(), from ? from->end() : zeros.end());
      }
      std::vector<double>& to = *output.at(centre);
      add_product("bias_to_" + hidden_name(level, 0), {1.0}, to);
      add_product(source_name + "_to_" + hidden_name(level, 0), covered, to);
      for (double& unit : to) unit = activation(spec.type, unit);
    }
    return output;
  }

  // Units per block: input gate, forget gates, cell, output gate; peepholes: input gate, forget gates, output gate.
  static void run_cells(HiddenType type, const std::vector<double>& peepholes, const std::vector<double>& net,
                        const std::vector<const std::vector<double>*>& before, std::vector<double>& state,
                        std::vector<double>& output) {
    const std::size_t dims = before.size();
    const HiddenType in = type == HiddenType::kSoftsignLstm ? HiddenType::kSoftsign : HiddenType::kTanh;
    const HiddenType out = type == HiddenType::kLinearLstm ? HiddenType::kIdentity : in;
    for (std::size_t h = 0; h < state.size(); ++h) {
      const double* a = net.data() + h * (dims + 3);
      const double* p = peepholes.data() + h * (dims + 2);
      double in_net = a[0];
      double kept = 0;
      for (std::size_t d = 0; d < dims; ++d) {
        if (before[d] == nullptr) continue;
        const double s = (*before[d])[h];
        in_net += p[0] * s;
        kept += activation(HiddenType::kLogistic, a[1 + d] + p[1 + d] * s) * s;
      }
      state[h] = activation(HiddenType::kLogistic, in_net) * activation(in, a[1 + dims]) + kept;
      output[h] = activation(HiddenType::kLogistic, a[2 + dims] + p[1 + dims] * state[h]) * activation(out, state[h]);
    }
  }

  // Blocks, then a subsample layer or the concatenation; leaves the next level's input in `name`.
  Grid run_top(std::size_t level, std::vector<Grid> tops, std::string& name) const {
    const LevelSpec& spec = spec_.levels[level];
    if (!spec.block.empty()) {
      for (Grid& top : tops) top = blocked(top, spec.block);
    }
    const std::string number = std::to_string(level);
    const bool subsampled = spec.subsample_size > 0;
    name = (subsampled ? "subsample_" : "gather_") + number;
    Grid result(tops[0].shape, subsampled ? spec.subsample_size : tops[0].units * static_cast<Index>(tops.size()));
    for (std::size_t p = 0; p < result.points.size(); ++p) {
      std::vector<double>& to = result.points[p];
      if (!subsampled) to.clear();
      if (subsampled && spec_.subsample_bias) add_product("bias_to_" + name, {1.0}, to);
      for (std::size_t j = 0; j < tops.size(); ++j) {
        const std::vector<double>& from = tops[j].points[p];
        const std::string top_name = pooled_name(level, j) + (spec.block.empty() ? "" : "_block");
        if (subsampled) {
          add_product(top_name + "_to_" + name, from, to);
        } else {
          to.insert(to.end(), from.begin(), from.end());
        }
      }
      if (subsampled) {
        for (double& unit : to) unit = activation(spec_.subsample_type, unit);
      }
    }
    return result;
  }

  Grid run_output(std::vector<Grid>& hidden) const {
    const Shape& shape = hidden[0].shape;
    std::size_t kept_dims = shape.size();
    if (task_info(spec_.task).collapse == Collapse::kAll) kept_dims = 0;
    if (spec_.task == Task::kTranscription && shape.size() > 1) kept_dims = 1;
    const bool collapses = kept_dims < shape.size();
    Grid output(Shape(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(kept_dims)), spec_.output_size());
    for (auto& point : output.points) add_product("bias_to_output", {1.0}, point);
    for (const Shape& point : points_of(shape)) {
      std::vector<double>& to =
          *output.at(Shape(point.begin(), point.begin() + static_cast<std::ptrdiff_t>(kept_dims)));
      for (std::size_t j = 0; j < hidden.size(); ++j) {
        add_product(pooled_name(spec_.levels.size() - 1, j) + (collapses ? "_to_output_collapse" : "_to_output"),
                    *hidden[j].at(point), to);
      }
    }
    for (auto& point : output.points) activate_output(point);
    return output;
  }

  void activate_output(std::vector<double>& units) const {
    if (spec_.task == Task::kRegression || spec_.task == Task::kSequenceRegression) return;
    if (units.size() == 1) {
      units[0] = activation(HiddenType::kLogistic, units[0]);
      return;
    }
    double sum = 0;
    for (double& unit : units) sum += unit = std::exp(unit);
    for (double& unit : units) unit /= sum;
  }

  NetworkSpec spec_;
  std::map<std::string, WeightMatrix> matrices_;
};

}  // namespace rnnlib::testing_engine
