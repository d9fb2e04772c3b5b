// SPDX-License-Identifier: Apache-2.0
// Probabilities of the beginnings, or of the ends, of a labelling: the variables of CTC's forward-backward algorithm
// (Graves et al. 2006, section 4.1), a row of points for each number of labels.
#pragma once

#include <vector>

#include "decode/outputs.h"
#include "tensor/scaled.h"

namespace rnnlib {

// Of all paths over some points that read the labels so far. [points + 1], by the number of points.
struct LatticeRow {
  std::vector<Scaled> label;  // of those whose last point is at the last label
  std::vector<Scaled> blank;  // of those whose last point is at a blank, or that have no points at all

  Scaled total(Index t) const { return label[static_cast<std::size_t>(t)] + blank[static_cast<std::size_t>(t)]; }
};

class LatticeRows {
 public:
  // kEnds: points are counted from the last one backwards, and labels are added in front.
  enum class From { kBeginnings, kEnds };
  LatticeRows(const Outputs& outputs, From from) : outputs_(outputs), from_(from) {}

  // No label yet.
  LatticeRow first() const;
  // One more label than `before`; `repeats`: it is the same as the one before.
  LatticeRow next(const LatticeRow& before, Index label, bool repeats) const;

 private:
  Scaled output(Index t, Index unit) const {
    const Index point = from_ == From::kBeginnings ? t : outputs_.points - 1 - t;
    return normalised({outputs_.at(point, unit), 0});
  }

  Outputs outputs_;
  From from_;
};

// The probability of a labelling given the outputs.
Scaled labelling_probability(const std::vector<Index>& labels, const Outputs& outputs);

}  // namespace rnnlib
