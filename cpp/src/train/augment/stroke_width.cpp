// SPDX-License-Identifier: Apache-2.0
#include "train/augment/stroke_width.h"

#include <algorithm>
#include <cmath>

namespace rnnlib {

namespace {

// to = from + share * (extreme of the neighbours - from); `pick` gives one of two numbers.
template <class Pick>
void step(const float* from, const PictureSize& size, float share, const Pick& pick, float* to) {
  const Index column = size.column();
  const Index c = size.channels;
  for (Index x = 0; x < size.width; ++x, from += column, to += column) {
    const float* left = x > 0 ? from - column : from;
    const float* right = x + 1 < size.width ? from + column : from;
    for (Index i = 0; i < column; ++i) to[i] = pick(from[i], pick(left[i], right[i]));
    for (Index i = c; i < column; ++i) to[i] = pick(to[i], from[i - c]);
    for (Index i = 0; i + c < column; ++i) to[i] = pick(to[i], from[i + c]);
    for (Index i = 0; i < column; ++i) to[i] = from[i] + share * (to[i] - from[i]);
  }
}

}  // namespace

void change_stroke_width(double amount, const PictureSize& size, bool ink_is_larger, float* values,
                         std::vector<float>& scratch) {
  const bool take_larger = (amount > 0) == ink_is_larger;
  double left = std::abs(amount);
  while (left > 0) {
    const float share = static_cast<float>(std::min(left, 1.0));
    scratch.assign(values, values + size.count());
    if (take_larger) {
      step(scratch.data(), size, share, [](float a, float b) { return std::max(a, b); }, values);
    } else {
      step(scratch.data(), size, share, [](float a, float b) { return std::min(a, b); }, values);
    }
    left -= 1;
  }
}

}  // namespace rnnlib
