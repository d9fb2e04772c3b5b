// SPDX-License-Identifier: Apache-2.0
// The blocks of a stream: collects points until a block is full.
#pragma once

#include <algorithm>

#include "tensor/buffer.h"

namespace rnnlib {

template <class Real>
class PointQueue {
 public:
  // `block`: along the one dimension; empty: every point is a block.
  PointQueue(const Shape& block, Index units) : block_(block.empty() ? 1 : block.front()), units_(units) {
    rows_.resize(block_ * units_);
  }

  // The next point, [units]. Returns the block [block, units] that it fills, or null.
  template <class Number>
  const Real* push(const Number* point) {
    std::copy_n(point, units_, rows_.data() + filled_ * units_);
    filled_ = (filled_ + 1) % block_;
    return filled_ == 0 ? rows_.data() : nullptr;
  }

  // Fills a block that was begun with zeros; null where there was none.
  const Real* finish() {
    if (filled_ == 0) return nullptr;
    std::fill(rows_.data() + filled_ * units_, rows_.data() + block_ * units_, Real(0));
    filled_ = 0;
    return rows_.data();
  }

  void reset() { filled_ = 0; }

 private:
  Index block_;
  Index units_;
  Index filled_ = 0;
  Buffer<Real> rows_;  // [block, units]
};

}  // namespace rnnlib
