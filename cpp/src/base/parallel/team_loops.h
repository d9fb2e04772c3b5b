// SPDX-License-Identifier: Apache-2.0
// The loops of a team's threads, which take part in each other's. A thread joins a loop when it has nothing to do;
// nobody waits for a thread that has not joined.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/function_ref.h"
#include "rnnlib/types.h"

namespace rnnlib {

class TeamLoops {
 public:
  using Task = FunctionRef<void(Index i, int thread)>;

  // Runs work(i, thread) for every i in [0, n), on the calling thread and on those that join: at most as many threads
  // as the calling thread may use (OwnTeam::threads). `ascending`: tasks are begun in the order of their numbers.
  // `work` must not throw.
  void run(Index n, bool ascending, const Task& work);

  // What the other threads of the team do until leave() is called.
  void help();
  void leave();

 private:
  struct Loop;

  void open(Loop* loop);
  void close(Loop* loop);

  std::mutex mutex_;
  std::condition_variable opened_;
  std::condition_variable finished_;
  std::vector<Loop*> open_;  // which further threads may join
  std::atomic<int> num_open_{0};
  std::atomic<bool> left_{false};
};

// The team that the calling thread is in.
struct OwnTeam {
  TeamLoops* loops = nullptr;  // null: it is in none
  int rank = 0;                // of this thread in the team: 0 for the one that began it
  int threads = 1;             // of the team, that this thread's loops may use
};
OwnTeam& own_team();

// Gives the calling thread another OwnTeam for the length of a scope.
class OwnTeamScope {
 public:
  explicit OwnTeamScope(const OwnTeam& team) : before_(own_team()) { own_team() = team; }
  ~OwnTeamScope() { own_team() = before_; }
  OwnTeamScope(const OwnTeamScope&) = delete;
  OwnTeamScope& operator=(const OwnTeamScope&) = delete;

 private:
  const OwnTeam before_;
};

}  // namespace rnnlib
