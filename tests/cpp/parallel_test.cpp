// SPDX-License-Identifier: Apache-2.0
// Loops on threads: every task once, sums in order, the error of the lowest task.
#include "loops_on.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace rnnlib {
namespace {

const int kThreads[] = {1, 2, 3, 8};

TEST(Parallel, EveryTaskRunsOnceOnAThreadInRange) {
  for (int threads : kThreads) {
    for (Index n : {0, 1, 2, 7, 200}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(n));
      std::atomic<bool> in_range{true};
      loop_on(threads, n, [&](Index i, int thread) {
        ++runs[static_cast<std::size_t>(i)];
        if (thread < 0 || thread >= threads) in_range = false;
      });
      for (const auto& count : runs) EXPECT_EQ(count, 1);
      EXPECT_TRUE(in_range);
    }
  }
}

TEST(Parallel, NoThreadRunsTwoTasksAtOnce) {
  for (int threads : kThreads) {
    std::vector<std::atomic<int>> busy(static_cast<std::size_t>(threads));
    std::atomic<bool> alone{true};
    loop_on(threads, 300, [&](Index, int thread) {
      std::atomic<int>& own = busy[static_cast<std::size_t>(thread)];
      if (++own != 1) alone = false;
      --own;
    });
    EXPECT_TRUE(alone);
  }
}

TEST(Parallel, OrderedPartsRunInOrderAfterTheirTasks) {
  for (int threads : kThreads) {
    std::vector<int> done(100, 0);
    std::vector<Index> order;
    std::vector<int> working(static_cast<std::size_t>(threads), -1);
    bool same_thread = true;
    ordered_loop_on(
        threads, 100,
        [&](Index i, int thread) {
          done[static_cast<std::size_t>(i)] = 1;
          working[static_cast<std::size_t>(thread)] = static_cast<int>(i);
        },
        [&](Index i, int thread) {
          same_thread = same_thread && working[static_cast<std::size_t>(thread)] == static_cast<int>(i);
          same_thread = same_thread && done[static_cast<std::size_t>(i)] == 1;
          order.push_back(i);
        });
    EXPECT_TRUE(same_thread);  // a thread's workspace still holds what in_order reads
    ASSERT_EQ(order.size(), 100u);
    for (Index i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  }
}

void fail_at(Index i) {
  if (i % 7 == 5) throw std::runtime_error("task " + std::to_string(i));
}

TEST(Parallel, TheErrorOfTheLowestTaskIsThrown) {
  for (int threads : kThreads) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      try {
        loop_on(threads, 40, [](Index i, int) { fail_at(i); });
        FAIL() << "no error";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "task 5");
      }
      try {
        ordered_loop_on(threads, 40, [](Index i, int) { fail_at(i); }, [](Index, int) {});
        FAIL() << "no error";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "task 5");
      }
    }
  }
}

// Task 5 fails only after a later task has, where there is a second thread to run it.
TEST(Parallel, TheErrorOfTheLowestTaskIsThrownThoughItCameLast) {
  for (int threads : kThreads) {
    std::atomic<bool> later_failed{false};
    const auto work = [&](Index i, int) {
      constexpr int kPatience = 200000;  // without a second thread nothing comes
      for (int n = 0; i == 5 && threads > 1 && !later_failed && n < kPatience; ++n) std::this_thread::yield();
      if (i == 12) later_failed = true;
      fail_at(i);
    };
    try {
      loop_on(threads, 40, work);
      FAIL() << "no error";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "task 5");
    }
  }
}

TEST(Parallel, AfterAnErrorNoHigherTaskIsBegun) {
  constexpr Index kTasks = 4000;
  for (int threads : kThreads) {
    std::atomic<Index> runs{0};
    std::atomic<bool> failing{false};
    const auto work = [&](Index i, int) {
      ++runs;
      if (i == 0) {
        failing = true;
        throw std::runtime_error("task 0");
      }
      // Time for the error to be noted: without it all could run in between.
      if (failing) std::this_thread::sleep_for(std::chrono::microseconds(50));
    };
    const auto wait_for_first = [&](Index i, int thread) {
      while (i > 0 && threads > 1 && !failing) std::this_thread::yield();
      work(i, thread);
    };
    EXPECT_THROW(loop_on(threads, kTasks, wait_for_first), std::runtime_error);
    EXPECT_LT(runs, kTasks);
    runs = 0;
    failing = false;
    EXPECT_THROW(ordered_loop_on(threads, kTasks, wait_for_first, [](Index, int) {}), std::runtime_error);
    EXPECT_LT(runs, kTasks);
  }
}

TEST(Parallel, ErrorsOfOrderedPartsAreThrownAndNothingFollowsThem) {
  for (int threads : kThreads) {
    Index last = -1;
    const auto in_order = [&](Index i, int) {
      last = i;
      fail_at(i);
    };
    EXPECT_THROW(ordered_loop_on(threads, 40, [](Index, int) {}, in_order), std::runtime_error);
    EXPECT_EQ(last, 5);
  }
}

// A later task fails first; the parts of the tasks before the lowest that fails run all the same.
TEST(Parallel, OrderedPartsRunUpToTheLowestTaskThatFails) {
  for (int threads : kThreads) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      Index parts = 0;
      std::atomic<bool> later_failed{false};
      const auto work = [&](Index i, int) {
        constexpr int kPatience = 200000;  // without a second thread nothing comes
        for (int n = 0; i == 0 && threads > 6 && !later_failed && n < kPatience; ++n) std::this_thread::yield();
        if (i == 6 || i == 7) later_failed = true;
        if (i >= 6) throw std::runtime_error("task " + std::to_string(i));
      };
      const auto in_order = [&](Index i, int) {
        ++parts;
        if (i == 4) throw std::runtime_error("part 4");
      };
      try {
        ordered_loop_on(threads, 40, work, in_order);
        FAIL() << "no error";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "part 4");
      }
      EXPECT_EQ(parts, 5);
    }
  }
}

}  // namespace
}  // namespace rnnlib
