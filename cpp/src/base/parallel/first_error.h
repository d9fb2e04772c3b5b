// SPDX-License-Identifier: Apache-2.0
// The exceptions of a loop's tasks: that of the lowest task is kept, so that the error that a caller sees does not
// depend on the timing of threads.
#pragma once

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

#include "rnnlib/types.h"

namespace rnnlib {

class FirstError {
 public:
  // Runs task i, unless that task or a lower one has failed before. All tasks below the lowest one that fails are run;
  // whether a higher one is run depends on the timing.
  template <class Work>
  void run(Index i, const Work& work) noexcept {
    if (i >= failed_.load(std::memory_order_relaxed)) return;
    try {
      work();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (i < failed_.load(std::memory_order_relaxed)) {
        error_ = std::current_exception();
        failed_.store(i, std::memory_order_relaxed);
      }
    }
  }

  // After all tasks: throws the error that was kept, if there is one.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  std::atomic<Index> failed_{std::numeric_limits<Index>::max()};  // the lowest task that failed
};

}  // namespace rnnlib
