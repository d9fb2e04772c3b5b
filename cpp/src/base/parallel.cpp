// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

#include "rnnlib/build_info.h"

#ifdef _OPENMP
#include <omp.h>
#endif

// GCC's OpenMP, libgomp. LLVM's may take its place when the program is loaded.
#if defined(_OPENMP) && defined(__GNUC__) && !defined(__clang__) && defined(__ELF__)
#define RNNLIB_LIBGOMP
#include <pthread.h>
#if __GNUC__ >= 9  // weak: the library may be older than the compiler
extern "C" __attribute__((weak)) int omp_pause_resource_all(omp_pause_resource_t kind) noexcept;
#endif
extern "C" __attribute__((weak)) int kmp_get_blocktime();  // LLVM's alone has it
#endif

namespace rnnlib {

namespace {

// Keeps the exception of the lowest task, so that the error reported does not depend on the threads' timing.
class FirstError {
 public:
  // Unless this task or a lower one has failed. Those below the lowest that fails always run, the others by chance.
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
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  std::atomic<Index> failed_{std::numeric_limits<Index>::max()};  // the lowest
};

// fork() copies only the thread that calls it. libgomp keeps a thread's team for its next parallel region: in the child
// it would wait forever for threads that are not there. So the calling thread's team is dissolved before fork() and
// made anew by whoever needs one; where that cannot be done, the child keeps to one thread. LLVM's OpenMP looks after
// itself, and hangs when asked to pause during fork().
#ifdef RNNLIB_LIBGOMP
bool team_dissolved = false;
bool one_thread_only = false;

void before_fork() {
  team_dissolved = false;
#if __GNUC__ >= 9
  // Only the calling thread's team, whatever the name says: other threads may be in their regions.
  if (omp_pause_resource_all != nullptr) team_dissolved = omp_pause_resource_all(omp_pause_hard) == 0;
#endif
}

void after_fork_in_child() { one_thread_only = one_thread_only || !team_dissolved; }

// To be called before the first team is made.
bool may_start_team() {
  static const bool registered =
      kmp_get_blocktime != nullptr || pthread_atfork(&before_fork, nullptr, &after_fork_in_child) == 0;
  return registered && !one_thread_only;
}
#else
bool may_start_team() { return true; }
#endif

int team_size(Index n, int threads) {
  const Index wanted = std::min<Index>(n, threads);
  return wanted > 1 && may_start_team() ? static_cast<int>(wanted) : 1;
}

int thread_number() {
#ifdef _OPENMP
  return omp_get_thread_num();
#else
  return 0;
#endif
}

}  // namespace

bool has_threads() {
#ifdef _OPENMP
  return true;
#else
  return false;
#endif
}

void parallel_for(Index n, int threads, FunctionRef<void(Index, int)> work) {
  const int team = team_size(n, threads);
  if (team == 1) {
    for (Index i = 0; i < n; ++i) work(i, 0);
    return;
  }
  FirstError error;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(team)
#endif
  for (Index i = 0; i < n; ++i) error.run(i, [&] { work(i, thread_number()); });
  error.rethrow();
}

void parallel_for_ordered(Index n, int threads, FunctionRef<void(Index, int)> work,
                          FunctionRef<void(Index, int)> in_order) {
  const int team = team_size(n, threads);
  if (team == 1) {
    for (Index i = 0; i < n; ++i) {
      work(i, 0);
      in_order(i, 0);
    }
    return;
  }
  FirstError error;
#ifdef _OPENMP
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(team)
#endif
  for (Index i = 0; i < n; ++i) {
    error.run(i, [&] { work(i, thread_number()); });
#ifdef _OPENMP
#pragma omp ordered
#endif
    {
      error.run(i, [&] { in_order(i, thread_number()); });
    }
  }
  error.rethrow();
}

}  // namespace rnnlib
