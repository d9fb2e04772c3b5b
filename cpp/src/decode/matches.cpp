// SPDX-License-Identifier: Apache-2.0
#include "decode/matches.h"

#include <algorithm>

namespace rnnlib {

namespace {

// Cell (i, j) is the distance of a's elements from i on and b's from j on.
class Distances {
 public:
  Distances(const Index* a, Index a_length, const Index* b, Index b_length)
      : width_(b_length + 1), cells_(static_cast<std::size_t>((a_length + 1) * width_)) {
    for (Index i = a_length; i >= 0; --i) {
      for (Index j = b_length; j >= 0; --j) {
        if (i == a_length || j == b_length) {
          cell(i, j) = static_cast<std::int32_t>(a_length - i + b_length - j);
        } else {
          const std::int32_t both = at(i + 1, j + 1) + (a[i] == b[j] ? 0 : 1);
          cell(i, j) = std::min(both, std::min(at(i + 1, j), at(i, j + 1)) + 1);
        }
      }
    }
  }

  std::int32_t at(Index i, Index j) const { return cells_[static_cast<std::size_t>(i * width_ + j)]; }

 private:
  std::int32_t& cell(Index i, Index j) { return cells_[static_cast<std::size_t>(i * width_ + j)]; }

  Index width_;
  std::vector<std::int32_t> cells_;
};

}  // namespace

std::vector<bool> find_matches(const std::vector<Index>& a, const std::vector<Index>& b) {
  const Index shorter = static_cast<Index>(std::min(a.size(), b.size()));
  const auto same_end = std::mismatch(a.rbegin(), a.rbegin() + shorter, b.rbegin()).first;
  const Index behind = same_end - a.rbegin();  // equal elements at the ends need no table
  const Index a_length = static_cast<Index>(a.size()) - behind;
  const Index b_length = static_cast<Index>(b.size()) - behind;
  const Index in_front =
      std::mismatch(a.begin(), a.begin() + std::min(a_length, b_length), b.begin()).first - a.begin();
  const Distances distances(a.data() + in_front, a_length - in_front, b.data() + in_front, b_length - in_front);
  std::vector<bool> matches(a.size(), true);
  for (Index i = in_front, j = in_front; i < a_length;) {
    const std::int32_t here = distances.at(i - in_front, j - in_front);
    if (j < b_length && a[static_cast<std::size_t>(i)] == b[static_cast<std::size_t>(j)] &&
        here == distances.at(i + 1 - in_front, j + 1 - in_front)) {
      ++i, ++j;
    } else if (j < b_length && here == distances.at(i - in_front, j + 1 - in_front) + 1) {
      ++j;
    } else {
      const bool substituted = j < b_length && here == distances.at(i + 1 - in_front, j + 1 - in_front) + 1;
      matches[static_cast<std::size_t>(i++)] = false;
      j += substituted ? 1 : 0;
    }
  }
  return matches;
}

}  // namespace rnnlib
