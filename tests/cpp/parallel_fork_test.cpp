// SPDX-License-Identifier: Apache-2.0
// Loops on threads after fork(), in the child and in the parent.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "loops_on.h"
#include "rnnlib/build_info.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RNNLIB_TSAN
#endif
#endif

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>

namespace rnnlib {
namespace {

constexpr unsigned kSecondsToHang = 20;  // a child that waits for threads that are not there is ended

// Whether two tasks run at the same time: each waits for the other, and gives up after a while.
bool two_threads_at_once() {
  std::atomic<int> arrived{0};
  std::atomic<bool> met{true};
  loop_on(2, 2, [&](Index, int) {
    ++arrived;
    constexpr int kPatience = 2000000;
    for (int n = 0; arrived < 2 && n < kPatience; ++n) std::this_thread::yield();
    if (arrived < 2) met = false;
  });
  return met;
}

// The exit status of a child that runs `work`, or -1 for one that hung or crashed.
template <class Work>
int status_of_child(const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(kSecondsToHang);
    _exit(work());
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

int child_has_threads() { return two_threads_at_once() ? 0 : 1; }

class ParallelFork : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_threads()) GTEST_SKIP() << "built without threads";
#if defined(RNNLIB_TSAN) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the thread sanitizer ends a child that starts threads";
#endif
  }
};

TEST_F(ParallelFork, ParentAndChildHaveThreads) {
  for (int repeat = 0; repeat < 3; ++repeat) {
    ASSERT_TRUE(two_threads_at_once());
    ASSERT_EQ(status_of_child(&child_has_threads), 0);
  }
  EXPECT_TRUE(two_threads_at_once());
}

TEST_F(ParallelFork, AChildOfAChildHasThreads) {
  ASSERT_TRUE(two_threads_at_once());
  EXPECT_EQ(status_of_child([] { return child_has_threads() + status_of_child(&child_has_threads); }), 0);
}

TEST_F(ParallelFork, AThreadOfItsOwnForks) {
  ASSERT_TRUE(two_threads_at_once());
  int without_team = -1, with_team = -1;
  std::thread([&] {
    without_team = status_of_child(&child_has_threads);
    (void)two_threads_at_once();
    with_team = status_of_child(&child_has_threads);
  }).join();
  EXPECT_EQ(without_team, 0);
  EXPECT_EQ(with_team, 0);
  EXPECT_TRUE(two_threads_at_once());
}

TEST_F(ParallelFork, WhileAnotherThreadIsInALoop) {
  ASSERT_TRUE(two_threads_at_once());
  std::atomic<bool> stop{false};
  std::atomic<Index> tasks{0};
  std::thread other([&] {
    while (!stop) loop_on(2, 10, [&](Index, int) { ++tasks; });
  });
  while (tasks == 0) std::this_thread::yield();
  for (int repeat = 0; repeat < 5; ++repeat) EXPECT_EQ(status_of_child(&child_has_threads), 0);
  const Index before = tasks;
  while (tasks == before) std::this_thread::yield();  // it goes on
  stop = true;
  other.join();
  EXPECT_TRUE(two_threads_at_once());
}

}  // namespace
}  // namespace rnnlib
#endif
