// SPDX-License-Identifier: Apache-2.0
// Teams of threads: loops inside them, loops inside the loops' tasks, and how many threads each of them may use.
#include "base/parallel/team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/parallel/loops.h"
#include "rnnlib/build_info.h"

namespace rnnlib {
namespace {

const int kThreads[] = {1, 2, 3, 8};

void fail_at(Index i) {
  if (i % 7 == 5) throw std::runtime_error("task " + std::to_string(i));
}

// Those that a team of so many has.
int had(int threads) { return has_threads() ? threads : 1; }

TEST(ParallelTeam, LoopsOutsideOfATeamRunOnTheCallingThread) {
  EXPECT_EQ(team_threads(), 1);
  const std::thread::id own = std::this_thread::get_id();
  std::vector<Index> order;
  parallel_for(100, [&](Index i, int thread) {
    EXPECT_EQ(std::this_thread::get_id(), own);
    EXPECT_EQ(thread, 0);
    order.push_back(i);
  });
  parallel_for_ordered(
      100, [&](Index i, int) { order.push_back(i); }, [&](Index i, int) { EXPECT_EQ(order.back(), i); });
  parallel_blocks(100, 30, [&](Index first, Index count, int) { EXPECT_EQ(count, first < 90 ? 30 : 10); });
  EXPECT_EQ(order.size(), 200u);
}

// Each of as many tasks as there are threads waits until all have begun.
TEST(ParallelTeam, LoopsUseAllThreadsOfTheirTeam) {
  for (int threads : kThreads) {
    with_team(threads, [&] {
      const int all = had(threads);
      std::atomic<int> begun{0};
      std::atomic<bool> met{true};
      parallel_for(all, [&](Index, int) {
        ++begun;
        constexpr int kPatience = 2000000;
        for (int n = 0; begun < all && n < kPatience; ++n) std::this_thread::yield();
        if (begun < all) met = false;
      });
      EXPECT_TRUE(met) << threads;
    });
  }
}

TEST(ParallelTeam, ATeamInsideATeamHasFewerOfItsThreadsAndNeverMore) {
  with_team(4, [&] {
    with_team(2, [&] {
      EXPECT_EQ(team_threads(), had(2));
      std::atomic<bool> in_range{true};
      parallel_for(200, [&](Index, int thread) {
        if (thread >= 2) in_range = false;
      });
      EXPECT_TRUE(in_range);
      with_team(3, [&] { EXPECT_EQ(team_threads(), had(2)); });
    });
    for (int none : {1, 0, -1}) with_team(none, [&] { EXPECT_EQ(team_threads(), 1); });
    with_team(8, [&] { EXPECT_EQ(team_threads(), had(4)); });
    EXPECT_EQ(team_threads(), had(4));
  });
}

// On whichever thread they run.
TEST(ParallelTeam, TasksMayUseAsManyThreadsAsTheirLoop) {
  with_team(4, [&] {
    for (int threads : {1, 3, 4}) {
      with_team(threads, [&] {
        std::atomic<bool> same{true}, in_range{true};
        std::atomic<int> runs{0};
        parallel_for(3, [&](Index, int) {  // fewer tasks than threads
          if (team_threads() != had(threads)) same = false;
          parallel_for(50, [&](Index, int thread) {
            if (thread >= threads) in_range = false;
            ++runs;
          });
        });
        EXPECT_TRUE(same) << threads;
        EXPECT_TRUE(in_range) << threads;
        EXPECT_EQ(runs, 150);
      });
    }
  });
}

TEST(ParallelTeam, LoopsOfATeamAndTheirTasksLoopsRunEveryTaskOnce) {
  for (int threads : kThreads) {
    constexpr Index kOuter = 5, kInner = 70;
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(kOuter * kInner));
    std::atomic<bool> in_range{true};
    std::vector<Index> order;
    with_team(threads, [&] {
      EXPECT_EQ(team_threads(), has_threads() ? threads : 1);
      for (int repeat = 0; repeat < 50; ++repeat) {
        order.clear();
        const auto outer = [&](Index i, int) {
          parallel_for(kInner, [&](Index k, int thread) {
            ++runs[static_cast<std::size_t>(i * kInner + k)];
            if (thread < 0 || thread >= threads) in_range = false;
          });
        };
        parallel_for_ordered(kOuter, outer, [&](Index i, int) { order.push_back(i); });
        EXPECT_EQ(order, (std::vector<Index>{0, 1, 2, 3, 4}));
      }
    });
    EXPECT_EQ(team_threads(), 1);
    for (const auto& count : runs) EXPECT_EQ(count, 50);
    EXPECT_TRUE(in_range);
  }
}

TEST(ParallelTeam, ErrorsLeaveATeam) {
  for (int threads : kThreads) {
    EXPECT_THROW(with_team(threads, [] { throw std::runtime_error("body"); }), std::runtime_error);
    EXPECT_EQ(team_threads(), 1);
    try {
      with_team(threads, [&] {
        parallel_for(4, [&](Index i, int) { parallel_for(20, [&](Index k, int) { fail_at(i + k); }); });
      });
      FAIL() << "no error";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "task 5");
    }
    Index tasks = 0;
    with_team(threads, [&] { parallel_for_ordered(9, [](Index, int) {}, [&](Index, int) { ++tasks; }); });
    EXPECT_EQ(tasks, 9);
  }
}

// Nor more than tasks: callers keep something for each.
TEST(ParallelTeam, ALoopHasNoMoreThreadsThanItAskedFor) {
  with_team(4, [&] {
    for (int repeat = 0; repeat < 500; ++repeat) {
      std::atomic<bool> in_range{true};
      parallel_for(2, [&](Index, int thread) {
        if (thread >= 2) in_range = false;
      });
      ASSERT_TRUE(in_range);
    }
    for (int threads : {1, 2, 3}) {
      std::atomic<bool> in_range{true};
      with_team(threads, [&] {
        parallel_for(200, [&](Index, int thread) {
          if (thread >= threads) in_range = false;
        });
      });
      EXPECT_TRUE(in_range);
    }
  });
}

}  // namespace
}  // namespace rnnlib
