// SPDX-License-Identifier: Apache-2.0
// OpenMP makes the threads and ends them; without it everything runs on the calling thread.
#include "base/parallel/team.h"

#include <algorithm>
#include <exception>

#include "base/parallel/fork_guard.h"
#include "base/parallel/team_loops.h"
#include "rnnlib/build_info.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace rnnlib {

namespace {

#ifdef _OPENMP
void start_team(int size, FunctionRef<void()> body) {
  TeamLoops loops;
  std::exception_ptr error;
#pragma omp parallel num_threads(size)
  {
    const OwnTeamScope scope({&loops, omp_get_thread_num(), size});
    if (omp_get_thread_num() != 0) {
      loops.help();
    } else {
      try {
        body();
      } catch (...) {
        error = std::current_exception();
      }
      loops.leave();
    }
  }
  if (error) std::rethrow_exception(error);
}
#else
void start_team(int, FunctionRef<void()> body) { body(); }
#endif

}  // namespace

bool has_threads() {
#ifdef _OPENMP
  return true;
#else
  return false;
#endif
}

void with_team(int threads, FunctionRef<void()> body) {
  const OwnTeam own = own_team();
  if (own.loops != nullptr) {
    const OwnTeamScope scope({own.loops, own.rank, std::max(1, std::min(threads, own.threads))});
    return body();
  }
  const int size = startable_team(threads);
  if (size == 1) return body();
  start_team(size, body);
}

int team_threads() { return own_team().threads; }

}  // namespace rnnlib
