// SPDX-License-Identifier: Apache-2.0
#include "decode/lattice_rows.h"

namespace rnnlib {

LatticeRow LatticeRows::first() const {
  LatticeRow row;
  row.label.assign(static_cast<std::size_t>(outputs_.points + 1), kScaledZero);
  row.blank.push_back({1, 0});
  for (Index t = 0; t < outputs_.points; ++t) {
    row.blank.push_back(normalised(row.blank.back() * output(t, outputs_.blank())));
  }
  return row;
}

LatticeRow LatticeRows::next(const LatticeRow& before, Index label, bool repeats) const {
  LatticeRow row;
  row.label.reserve(before.label.size());
  row.blank.reserve(before.label.size());
  row.label.push_back(kScaledZero);
  row.blank.push_back(kScaledZero);
  for (Index t = 0; t < outputs_.points; ++t) {
    const auto at = static_cast<std::size_t>(t);
    const Scaled skipped = repeats ? kScaledZero : before.label[at];  // no blank in between
    row.blank.push_back(normalised((row.blank.back() + row.label.back()) * output(t, outputs_.blank())));
    row.label.push_back(normalised(sum(row.label.back(), before.blank[at], skipped) * output(t, label)));
  }
  return row;
}

Scaled labelling_probability(const std::vector<Index>& labels, const Outputs& outputs) {
  const LatticeRows rows(outputs, LatticeRows::From::kBeginnings);
  LatticeRow row = rows.first();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    row = rows.next(row, labels[i], i > 0 && labels[i] == labels[i - 1]);
  }
  return row.total(outputs.points);
}

}  // namespace rnnlib
