// SPDX-License-Identifier: Apache-2.0
// Posteriors of labels by forward-backward. Between the beginning of a labelling (the labels before a place) and its
// end (those after it), each unit is tried: for a unit k,
//
//   sum over u < v of  beginning(u) * output_k(u) * ... * output_k(v - 1) * end(v),
//
// where beginning(u) is the probability of all paths over the first u points that read the labels before, and end(v)
// that of all paths over the points from v on that read those after. It is computed for all units at once, point by
// point. Where k equals a neighbour, a blank must stand between the two.
#include <algorithm>
#include <cmath>

#include "decode/lattice_rows.h"
#include "decode/temperature.h"
#include "decode/words.h"
#include "rnnlib/posterior.h"
#include "tensor/reduce.h"

namespace rnnlib {

namespace {

// A place in a labelling, between its beginning and its end. `before` counts points from the first one, `after` from
// the last one.
class Place {
 public:
  // `probability` is that of the labelling.
  Place(const Outputs& outputs, const LatticeRow& before, const LatticeRow& after, Scaled probability)
      : outputs_(outputs), before_(before), after_(after) {
    find_window(normalised(probability).exponent);
  }

  // The share of `label` among all units at this place; `previous` and `following` are the neighbours, -1 for none.
  double share(Index label, Index previous, Index following) const {
    std::vector<Scaled> totals = all_totals();
    for (const Index neighbour : {previous, following}) {
      if (neighbour < 0) continue;
      totals[static_cast<std::size_t>(neighbour)] = total(neighbour, neighbour == previous, neighbour == following);
    }
    Scaled sum = nothing(previous >= 0 && previous == following);
    for (const Scaled& each : totals) sum = normalised(sum + each);
    const Scaled own = totals[static_cast<std::size_t>(label)];
    return sum.mantissa > 0 ? own.mantissa / sum.mantissa * vmath::power_of_2(own.exponent - sum.exponent) : 0;
  }

 private:
  Scaled end(Index t) const { return after_.total(outputs_.points - t); }

  static double exponent(const LatticeRow& row, Index t) {
    const auto at = static_cast<std::size_t>(t);
    return std::max(row.label[at].exponent, row.blank[at].exponent);
  }

  // All that begins before the first point, or ends behind the last one, is less than 2^-kNegligible of the labelling's
  // probability, since outputs are at most 1.
  void find_window(double probability) {
    constexpr double kNegligible = 128;
    const Index points = outputs_.points;
    double highest = kScaledZero.exponent;
    for (Index t = points; t >= 0; --t) {
      highest = std::max(highest, exponent(after_, points - t));
      if (exponent(before_, t) + highest >= probability - kNegligible) first_ = t;
    }
    highest = kScaledZero.exponent;
    for (Index t = 0; t <= points; ++t) {
      highest = std::max(highest, exponent(before_, t));
      if (exponent(after_, points - t) + highest >= probability - kNegligible) last_ = t;
    }
  }

  // Of all units, as if none were equal to a neighbour. The numbers of a point, and the totals, share an exponent,
  // which follows the largest: what is lost beside it does not count.
  std::vector<Scaled> all_totals() const {
    const Index labels = outputs_.blank();
    std::vector<double> under_way(static_cast<std::size_t>(labels), 0.0);  // have begun; times 2^exponent
    std::vector<double> totals(under_way);                                 // have ended; times 2^top
    double exponent = kScaledZero.exponent;
    double top = kScaledZero.exponent;
    for (Index t = first_; t < last_; ++t) {
      const Scaled begin = before_.total(t);
      const Scaled most = {largest(under_way.data(), labels), exponent};
      if (most.mantissa + begin.mantissa == 0) continue;
      const double next = normalised(most + begin).exponent;
      const double scale = most.mantissa > 0 ? vmath::power_of_2(exponent - next) : 0;
      const double added = begin.mantissa * vmath::power_of_2(begin.exponent - next);
      exponent = next;
      const Scaled after = end(t + 1);
      const double higher = after.mantissa > 0 ? std::max(top, exponent + after.exponent) : top;
      const double kept = vmath::power_of_2(top - higher);
      const double factor = after.mantissa * vmath::power_of_2(exponent + after.exponent - higher);
      top = higher;
      const double* outputs = outputs_.values + t * outputs_.units;
      double* __restrict under = under_way.data();
      double* __restrict total = totals.data();
      for (Index k = 0; k < labels; ++k) {
        under[k] = (under[k] * scale + added) * std::max(outputs[k], kLeastProbability);
        total[k] = total[k] * kept + under[k] * factor;
      }
    }
    std::vector<Scaled> scaled;
    for (const double total : totals) scaled.push_back(total > 0 ? normalised({total, top}) : kScaledZero);
    return scaled;
  }

  // Of a unit that equals the label before, or the one after, or both.
  Scaled total(Index unit, bool is_previous, bool is_following) const {
    Scaled under_way = kScaledZero;
    Scaled sum = kScaledZero;
    for (Index t = first_; t < last_; ++t) {
      const auto rest = static_cast<std::size_t>(outputs_.points - t - 1);
      const Scaled begin = is_previous ? before_.blank[static_cast<std::size_t>(t)] : before_.total(t);
      under_way = normalised((under_way + begin) * normalised({outputs_.at(t, unit), 0}));
      sum = normalised(sum + under_way * (is_following ? after_.blank[rest] : end(t + 1)));
    }
    return sum;
  }

  // Of the labelling without this place: the label after it, if any, begins at some point t.
  Scaled nothing(bool repeats) const {
    const Index points = outputs_.points;
    Scaled sum = before_.total(points) * after_.blank[0];
    for (Index t = first_; t <= std::min(last_, points - 1); ++t) {
      const Scaled begin = repeats ? before_.blank[static_cast<std::size_t>(t)] : before_.total(t);
      sum = normalised(sum + begin * after_.label[static_cast<std::size_t>(points - t)]);
    }
    return sum;
  }

  Outputs outputs_;
  const LatticeRow& before_;
  const LatticeRow& after_;
  Index first_ = 0;  // point at which a unit may begin here
  Index last_ = 0;   // point at which the end may begin
};

// Rows of the labelling's ends: the first is of all labels, the last of none.
std::vector<LatticeRow> all_ends(const std::vector<Index>& labels, const Outputs& outputs) {
  const LatticeRows rows(outputs, LatticeRows::From::kEnds);
  std::vector<LatticeRow> ends{rows.first()};
  for (std::size_t i = labels.size(); i > 0; --i) {
    ends.push_back(rows.next(ends.back(), labels[i - 1], i < labels.size() && labels[i - 1] == labels[i]));
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

std::vector<double> label_posteriors(const std::vector<Index>& labels, const Outputs& outputs,
                                     const std::vector<LatticeRow>& ends) {
  const LatticeRows rows(outputs, LatticeRows::From::kBeginnings);
  LatticeRow before = rows.first();
  const Scaled probability = ends.front().total(outputs.points);
  std::vector<double> posteriors;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Index previous = i > 0 ? labels[i - 1] : -1;
    const Index following = i + 1 < labels.size() ? labels[i + 1] : -1;
    posteriors.push_back(Place(outputs, before, ends[i + 1], probability).share(labels[i], previous, following));
    before = rows.next(before, labels[i], labels[i] == previous);
  }
  return posteriors;
}

std::vector<double> checked(const std::vector<Index>& labels, const std::vector<double>& outputs, Index points,
                            Index units, double temperature) {
  check_outputs(outputs, points, units);
  check_labels(labels, units);
  check_temperature(temperature);
  return tempered(outputs, units, temperature);
}

}  // namespace

double labelling_log_probability(const std::vector<Index>& labels, const std::vector<double>& outputs, Index points,
                                 Index units, double temperature) {
  static_assert(kImpossible == kLogZero);
  const std::vector<double> values = checked(labels, outputs, points, units, temperature);
  return log(labelling_probability(labels, {values.data(), points, units}));
}

Posteriors lattice_posteriors(const std::vector<Index>& labels, const std::vector<double>& outputs, Index points,
                              Index units, const PosteriorOptions& options) {
  const std::vector<double> values = checked(labels, outputs, points, units, options.temperature);
  const Outputs given = {values.data(), points, units};
  const std::vector<LatticeRow> ends = all_ends(labels, given);
  Posteriors found;
  found.line = std::min(1.0, std::exp(log(ends.front().total(points))));
  found.labels = label_posteriors(labels, given, ends);
  for (const WordPlace& word : find_words(labels, options.separator)) {
    double product = 1;  // with the separators on both sides, where there are any
    const Index end = std::min(word.end + 1, static_cast<Index>(labels.size()));
    for (Index i = std::max<Index>(word.first - 1, 0); i < end; ++i) {
      product *= found.labels[static_cast<std::size_t>(i)];
    }
    found.words.push_back(product);
  }
  return found;
}

}  // namespace rnnlib
