// SPDX-License-Identifier: Apache-2.0
// The tasks of a loop that no thread has taken yet.
#pragma once

#include <atomic>
#include <cstdint>

#include "rnnlib/types.h"

namespace rnnlib {

class UntakenTasks {
 public:
  // Tasks 0 to n - 1.
  explicit UntakenTasks(Index n) : n_(n), few_(n < kFew ? (std::uint64_t{1} << n) - 1 : 0) {}

  // Takes a task; -1 when there is none. Of few tasks, it is the first one from `wanted` on: a thread that wants the
  // same tasks of one loop after another finds what it wrote in its caches. Of many tasks, it is the lowest.
  Index take(Index wanted) {
    if (n_ >= kFew) {
      const Index i = next_++;
      return i < n_ ? i : -1;
    }
    std::uint64_t free = few_;
    while (free != 0) {
      Index i = wanted;
      while ((free >> i & 1) == 0) i = i + 1 < n_ ? i + 1 : 0;
      if (few_.compare_exchange_weak(free, free & ~(std::uint64_t{1} << i))) return i;
    }
    return -1;
  }

 private:
  static constexpr Index kFew = 64;

  const Index n_;
  std::atomic<std::uint64_t> few_;  // a bit for each task, when there are few
  std::atomic<Index> next_{0};      // the lowest task, when there are many
};

}  // namespace rnnlib
