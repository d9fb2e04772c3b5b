// SPDX-License-Identifier: Apache-2.0
// Loops where the system refuses threads: they run on fewer.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "base/parallel/helpers.h"
#include "loops_on.h"
#include "rnnlib/build_info.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RNNLIB_SANITIZED
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define RNNLIB_SANITIZED
#endif
#endif

// Sanitizers take address space and threads of their own.
#if defined(__linux__) && !defined(RNNLIB_SANITIZED)
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rnnlib {
namespace {

// The exit status of a child that sets a limit and then runs loops of growing size, or -1 when it hung or crashed.
int status_under(const std::function<bool()>& set_limit) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    if (!set_limit()) _exit(2);
    bool good = true;
    for (int threads : {2, 9, 3, 40}) {
      std::atomic<int> runs{0};
      loop_on(threads, 200, [&](Index, int) { ++runs; });
      good = good && runs == 200;
    }
    _exit(good ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

bool limit(int what, rlim_t value) {
  const rlimit wanted{value, value};
  return setrlimit(static_cast<decltype(RLIMIT_AS)>(what), &wanted) == 0;
}

// Root is not bound by the limit; who is somebody else without any process has just so many.
TEST(ParallelLimits, ProcessesOfTheUser) {
  constexpr uid_t kNobodyElse = 61234;
  for (rlim_t most : {0, 1, 2, 3, 5, 10, 30}) {
    EXPECT_EQ(status_under([&] {
                if (geteuid() == 0 && setuid(kNobodyElse) != 0) return false;
                return limit(RLIMIT_NPROC, most);
              }),
              0)
        << most;
  }
}

// Room for the stacks of some threads.
TEST(ParallelLimits, AddressSpace) {
  long pages = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(std::fscanf(file, "%ld", &pages), 1);
  std::fclose(file);
  const auto used = static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
  for (rlim_t room : {1, 10, 20, 50, 100}) {
    EXPECT_EQ(status_under([&] { return limit(RLIMIT_AS, used + (room << 20)); }), 0) << room;
  }
}

TEST(ParallelLimits, WithoutLimitsEveryThreadIsGiven) {
  for (int wanted : {0, 5, 3}) EXPECT_EQ(TeamHelpers(wanted).size(), has_threads() ? wanted : 0);
}

}  // namespace
}  // namespace rnnlib
#endif
