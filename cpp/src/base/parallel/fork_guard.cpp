// SPDX-License-Identifier: Apache-2.0
// fork() copies only the thread that calls it. GCC's OpenMP (libgomp) keeps a thread's team for its next parallel
// region: in the child that region would wait forever for threads that are not there. So the calling thread's team is
// dissolved before fork() and made anew by whoever needs one; where it cannot be dissolved, the child keeps to one
// thread. LLVM's OpenMP looks after itself, and hangs when it is asked to pause during fork().
#include "base/parallel/fork_guard.h"

#include "base/parallel/thread_supply.h"

#ifdef _OPENMP
#include <omp.h>
#endif

// LLVM's OpenMP may take libgomp's place when the program is loaded.
#if defined(_OPENMP) && defined(__GNUC__) && !defined(__clang__) && defined(__ELF__)
#define RNNLIB_LIBGOMP
#include <pthread.h>
#if __GNUC__ >= 9  // weak: the library may be older than the compiler
extern "C" __attribute__((weak)) int omp_pause_resource_all(omp_pause_resource_t kind) noexcept;
#endif
extern "C" __attribute__((weak)) int kmp_get_blocktime();  // only LLVM's library has it
#endif

namespace rnnlib {

namespace {

// The size of the team that this thread had last: OpenMP keeps its threads for the next one.
thread_local int kept_size = 1;

#ifdef RNNLIB_LIBGOMP
bool team_dissolved = false;
bool one_thread_only = false;

void before_fork() {
  team_dissolved = false;
  kept_size = 1;
#if __GNUC__ >= 9
  // This dissolves the calling thread's team only, whatever the name says: other threads may be in their regions.
  if (omp_pause_resource_all != nullptr) team_dissolved = omp_pause_resource_all(omp_pause_hard) == 0;
#endif
}

void after_fork_in_child() { one_thread_only = one_thread_only || !team_dissolved; }

bool may_start_team() {
  static const bool registered =
      kmp_get_blocktime != nullptr || pthread_atfork(&before_fork, nullptr, &after_fork_in_child) == 0;
  return registered && !one_thread_only;
}
#elif defined(_OPENMP)
bool may_start_team() { return true; }
#else
bool may_start_team() { return false; }
#endif

}  // namespace

int startable_team(int wanted) {
  if (wanted < 2 || !may_start_team()) return 1;
  if (wanted > kept_size) wanted = kept_size + startable_threads(wanted - kept_size);
  kept_size = wanted;
  return wanted;
}

}  // namespace rnnlib
