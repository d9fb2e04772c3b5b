// SPDX-License-Identifier: Apache-2.0
// A mutex for what must be whole in a forked child, where the thread that was changing it does not exist.
#pragma once

#include <mutex>

namespace rnnlib {

// fork() waits until every mutex of this kind is free, so that parent and child begin with all of them free. A thread
// holds at most one at a time, for a short time, and does not fork while it does.
class ForkMutex {
 public:
  ForkMutex();
  ~ForkMutex();
  ForkMutex(const ForkMutex&) = delete;
  ForkMutex& operator=(const ForkMutex&) = delete;

  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  friend struct ForkMutexes;

  std::mutex mutex_;
  // All there are, as a list.
  ForkMutex* before_ = nullptr;
  ForkMutex* after_ = nullptr;
};

}  // namespace rnnlib
