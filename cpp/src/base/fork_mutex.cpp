// SPDX-License-Identifier: Apache-2.0
#include "base/fork_mutex.h"

#if defined(__unix__) || defined(__APPLE__)
#define RNNLIB_FORKS
#include <pthread.h>
#endif

namespace rnnlib {

// The list of all, in the order in which fork() locks them.
struct ForkMutexes {
  std::mutex guard;
  ForkMutex* first = nullptr;

  void add(ForkMutex* mutex) {
    const std::lock_guard<std::mutex> lock(guard);
    mutex->after_ = first;
    if (first != nullptr) first->before_ = mutex;
    first = mutex;
  }
  void remove(ForkMutex* mutex) {
    const std::lock_guard<std::mutex> lock(guard);
    (mutex->before_ != nullptr ? mutex->before_->after_ : first) = mutex->after_;
    if (mutex->after_ != nullptr) mutex->after_->before_ = mutex->before_;
  }
  void lock_all() {
    guard.lock();
    for (ForkMutex* mutex = first; mutex != nullptr; mutex = mutex->after_) mutex->lock();
  }
  void unlock_all() {
    for (ForkMutex* mutex = first; mutex != nullptr; mutex = mutex->after_) mutex->unlock();
    guard.unlock();
  }
};

namespace {

// Never destroyed: threads may use networks while the process ends.
ForkMutexes& all_mutexes() {
  static ForkMutexes& all = *new ForkMutexes;
  return all;
}

void register_with_fork() {
#ifdef RNNLIB_FORKS
  static const int registered =
      pthread_atfork([] { all_mutexes().lock_all(); }, [] { all_mutexes().unlock_all(); },
                     [] { all_mutexes().unlock_all(); });  // not 0 without memory: then forks do not wait
  (void)registered;
#endif
}

}  // namespace

ForkMutex::ForkMutex() {
  register_with_fork();
  all_mutexes().add(this);
}

ForkMutex::~ForkMutex() { all_mutexes().remove(this); }

}  // namespace rnnlib
