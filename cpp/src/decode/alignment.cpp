// SPDX-License-Identifier: Apache-2.0
// Viterbi's algorithm over the CTC lattice of a labelling (Graves et al. 2006, section 4.1): states are the labels with
// blanks before, between and after them.
//
// What a path costs at a point is how far its unit's log probability stays behind that of the most active unit. The
// best path costs nothing, whatever the rounding, and is found where it reads the labels.
#include "rnnlib/alignment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "base/ctc_points.h"
#include "decode/lattice_rows.h"
#include "rnnlib/error.h"
#include "tensor/reduce.h"

namespace rnnlib {

namespace {

constexpr double kUnreachable = std::numeric_limits<double>::infinity();

class Viterbi {
 public:
  Viterbi(const std::vector<Index>& labels, const Outputs& outputs)
      : labels_(labels), outputs_(outputs), num_states_(2 * static_cast<Index>(labels.size()) + 1) {
    costs_.assign(static_cast<std::size_t>(num_states_), kUnreachable);
    steps_.resize(static_cast<std::size_t>(outputs.points * num_states_));
  }

  // The state at each point [points].
  std::vector<Index> path() {
    for (Index t = 0; t < outputs_.points; ++t) step(t);
    std::vector<Index> states(static_cast<std::size_t>(outputs_.points));
    Index s = num_states_ - 1;
    if (s > 0 && costs_[static_cast<std::size_t>(s - 1)] < costs_[static_cast<std::size_t>(s)]) --s;
    for (Index t = outputs_.points - 1; t >= 0; --t) {
      states[static_cast<std::size_t>(t)] = s;
      s -= steps_[static_cast<std::size_t>(t * num_states_ + s)];
    }
    return states;
  }

  Index unit(Index s) const { return s % 2 == 0 ? outputs_.blank() : labels_[static_cast<std::size_t>(s / 2)]; }

 private:
  // From the last state down, so that those of the point before are still there.
  void step(Index t) {
    const Index most_active = argmax(outputs_.values + t * outputs_.units, outputs_.units);
    const double highest = std::log(outputs_.at(t, most_active));
    const double blank = cost(t, outputs_.blank(), most_active, highest);
    for (Index s = num_states_ - 1; s >= 0; --s) {
      const Index back = t == 0 ? start_step(s) : best_step(s);
      const double before = t == 0 ? (back < 0 ? kUnreachable : 0) : costs_[static_cast<std::size_t>(s - back)];
      costs_[static_cast<std::size_t>(s)] = before + (s % 2 == 0 ? blank : cost(t, unit(s), most_active, highest));
      steps_[static_cast<std::size_t>(t * num_states_ + s)] = static_cast<std::uint8_t>(std::max<Index>(back, 0));
    }
  }

  // A path begins with the first blank or the first label.
  static Index start_step(Index s) { return s <= 1 ? 0 : -1; }

  // How many states back the best way into a state comes from.
  Index best_step(Index s) const {
    Index back = 0;
    const auto consider = [&](Index steps) {
      if (costs_[static_cast<std::size_t>(s - steps)] < costs_[static_cast<std::size_t>(s - back)]) back = steps;
    };
    if (s >= 1) consider(1);
    if (s >= 3 && s % 2 == 1 && unit(s) != unit(s - 2)) consider(2);
    return back;
  }

  // Of two units that are equally active, best path decoding takes the first one only.
  double cost(Index t, Index unit, Index most_active, double highest) const {
    constexpr double kLeast = std::numeric_limits<double>::min();
    return unit == most_active ? 0 : std::max(highest - std::log(outputs_.at(t, unit)), kLeast);
  }

  const std::vector<Index>& labels_;
  Outputs outputs_;
  Index num_states_;
  std::vector<double> costs_;        // [states] of the best path into each, at the point reached
  std::vector<std::uint8_t> steps_;  // [points, states] how many states back it comes from
};

void add_path(const Viterbi& viterbi, const std::vector<Index>& states, const Outputs& outputs, Alignment& alignment) {
  Index previous = 0;
  for (Index t = 0; t < outputs.points; ++t) {
    const Index s = states[static_cast<std::size_t>(t)];
    const double probability = outputs.at(t, viterbi.unit(s));
    alignment.path_log_probability += std::log(probability);
    if (s % 2 == 1) {
      if (s != previous) alignment.positions.push_back({t, t});
      if (s != previous) alignment.scores.push_back(0);
      alignment.positions.back().last = t;
      alignment.scores.back() += probability;
    }
    previous = s;
  }
  for (std::size_t i = 0; i < alignment.scores.size(); ++i) {
    const LabelPosition& position = alignment.positions[i];
    alignment.scores[i] /= static_cast<double>(position.last - position.first + 1);
  }
}

}  // namespace

Index points_needed(const std::vector<Index>& labels) {
  return ctc_points_needed(labels.data(), static_cast<Index>(labels.size()));
}

Alignment align(const std::vector<Index>& labels, const std::vector<double>& outputs, Index points, Index units) {
  check_outputs(outputs, points, units);
  check_labels(labels, units);
  const Index needed = points_needed(labels);
  if (needed > points) {
    throw DataError("the labels need " + std::to_string(needed) + " output points, there are " +
                    std::to_string(points));
  }
  const Outputs given = {outputs.data(), points, units};
  Alignment alignment;
  alignment.labels = labels;
  alignment.points = points;
  Viterbi viterbi(labels, given);
  add_path(viterbi, viterbi.path(), given, alignment);
  alignment.log_probability = log(labelling_probability(labels, given));
  return alignment;
}

}  // namespace rnnlib
