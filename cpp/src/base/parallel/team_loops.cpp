// SPDX-License-Identifier: Apache-2.0
#include "base/parallel/team_loops.h"

#include <algorithm>

#include "base/parallel/untaken_tasks.h"
#include "base/parallel/waiting.h"

namespace rnnlib {

OwnTeam& own_team() {
  thread_local OwnTeam team;
  return team;
}

struct TeamLoops::Loop {
  Loop(Index size, int team_threads, bool in_order, const Task& task)
      : n(size),
        allowed(team_threads),
        most(static_cast<int>(std::min<Index>(size, team_threads))),
        ascending(in_order),
        work(task),
        untaken(size) {}

  // Runs tasks until none is left. Loops inside a task may use as many threads as this one.
  void take_part(int thread) {
    const OwnTeam own = own_team();
    const OwnTeamScope scope({own.loops, own.rank, allowed});
    const Index wanted = ascending ? 0 : std::min(own.rank * n / most, n - 1);
    for (Index i = untaken.take(wanted); i >= 0; i = untaken.take(wanted)) work(i, thread);
  }

  const Index n;
  const int allowed;  // threads of the team
  const int most;     // threads of this loop: no more than it has tasks
  const bool ascending;
  const Task& work;
  UntakenTasks untaken;
  int joined = 1;               // threads so far; guarded by the team's mutex
  std::atomic<int> helpers{0};  // threads in it now, beside the one that began it
};

void TeamLoops::run(Index n, bool ascending, const Task& work) {
  Loop loop(n, own_team().threads, ascending, work);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    open(&loop);
  }
  const ParallelClock::time_point begin = ParallelClock::now();
  loop.take_part(0);
  const ParallelClock::time_point own_end = ParallelClock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  close(&loop);
  const auto done = [&] { return loop.helpers == 0; };
  if (done()) return;
  lock.unlock();
  if (ready_soon(done)) {
    lock.lock();  // the last helper has left the loop alone
    return;
  }
  lock.lock();
  finished_.wait(lock, done);
  // A helper may have one task more than this thread; one that needs so much longer was descheduled.
  constexpr std::chrono::microseconds kLong{500};
  const ParallelClock::time_point end = ParallelClock::now();
  if (end - own_end > std::max<ParallelClock::duration>(2 * (own_end - begin), kLong)) note_descheduled(end);
}

void TeamLoops::help() {
  for (;;) {
    (void)ready_soon([&] { return num_open_ != 0 || left_; });
    std::unique_lock<std::mutex> lock(mutex_);
    opened_.wait(lock, [&] { return num_open_ != 0 || left_; });
    if (left_) return;
    Loop* const loop = open_.back();
    const int thread = loop->joined++;
    ++loop->helpers;
    if (loop->joined == loop->most) close(loop);
    lock.unlock();
    loop->take_part(thread);
    lock.lock();
    close(loop);
    if (--loop->helpers == 0) finished_.notify_all();
  }
}

void TeamLoops::leave() {
  const std::lock_guard<std::mutex> lock(mutex_);
  left_ = true;
  opened_.notify_all();
}

// Under the mutex, as close().
void TeamLoops::open(Loop* loop) {
  open_.push_back(loop);
  ++num_open_;
  for (int i = 1; i < loop->most; ++i) opened_.notify_one();
}

// No further thread joins.
void TeamLoops::close(Loop* loop) {
  const auto found = std::find(open_.begin(), open_.end(), loop);
  if (found == open_.end()) return;
  open_.erase(found);
  --num_open_;
}

}  // namespace rnnlib
