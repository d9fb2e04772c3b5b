// SPDX-License-Identifier: Apache-2.0
// Lets the tasks of a loop pass a point one after another, in the order of their numbers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/parallel/waiting.h"
#include "rnnlib/types.h"

namespace rnnlib {

class Turns {
 public:
  // Returns when all tasks below i have passed.
  void wait_for(Index i) {
    const auto is_next = [&] { return next_ == i; };
    if (ready_soon(is_next)) return;
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, is_next);
  }

  // Called by the task whose turn it is.
  void pass() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++next_;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<Index> next_{0};
};

}  // namespace rnnlib
