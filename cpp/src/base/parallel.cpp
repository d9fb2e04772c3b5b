// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <algorithm>
#include <exception>
#include <mutex>

#include "rnnlib/build_info.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace rnnlib {

namespace {

// Keeps the exception of the lowest task, so that the error reported does not depend on the threads' timing.
class FirstError {
 public:
  template <class Work>
  void run(Index i, const Work& work) noexcept {
    try {
      work();
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_ || i < task_) {
        error_ = std::current_exception();
        task_ = i;
      }
    }
  }
  bool empty() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !error_;
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
  Index task_ = 0;
};

int team_size(Index n, int threads) { return static_cast<int>(std::max<Index>(1, std::min<Index>(n, threads))); }

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

void parallel_for(Index n, int threads, const std::function<void(Index, int)>& work) {
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

void parallel_for_ordered(Index n, int threads, const std::function<void(Index, int)>& work,
                          const std::function<void(Index, int)>& in_order) {
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
      if (error.empty()) error.run(i, [&] { in_order(i, thread_number()); });
    }
  }
  error.rethrow();
}

}  // namespace rnnlib
