// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "base/thread_supply.h"
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

// The size of the team that this thread had last: OpenMP keeps its threads for the next one.
thread_local int kept_size = 1;

// fork() copies only the thread that calls it. libgomp keeps a thread's team for its next parallel region: in the child
// it would wait forever for threads that are not there. So the calling thread's team is dissolved before fork() and
// made anew by whoever needs one; where that cannot be done, the child keeps to one thread. LLVM's OpenMP looks after
// itself, and hangs when asked to pause during fork().
#ifdef RNNLIB_LIBGOMP
bool team_dissolved = false;
bool one_thread_only = false;

void before_fork() {
  team_dissolved = false;
  kept_size = 1;
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
#elif defined(_OPENMP)
bool may_start_team() { return true; }
#else
bool may_start_team() { return false; }
#endif

// A team of `wanted` threads, or of fewer where the system gives no more.
int startable_team(int wanted) {
  if (wanted > kept_size) wanted = kept_size + startable_threads(wanted - kept_size);
  kept_size = wanted;
  return wanted;
}

int team_size(Index n, int threads) {
  const Index wanted = std::min<Index>(n, threads);
  return wanted > 1 && may_start_team() ? static_cast<int>(wanted) : 1;
}

using Clock = std::chrono::steady_clock;

// Other programs take the cores: until when that is suspected, and until when it counts as certain.
std::atomic<Clock::rep> suspected_until{0};
std::atomic<Clock::rep> crowded_until{0};

bool is_before(Clock::time_point now, const std::atomic<Clock::rep>& end) {
  return now.time_since_epoch().count() < end.load(std::memory_order_relaxed);
}

// A thread was away for long. Once may be chance.
void note_absence(Clock::time_point now) {
  constexpr std::chrono::milliseconds kSuspected{50};
  constexpr std::chrono::milliseconds kCrowded{500};
  if (is_before(now, suspected_until)) crowded_until = (now + kCrowded).time_since_epoch().count();
  suspected_until = (now + kSuspected).time_since_epoch().count();
}

// Whether ready() within the time in which what is waited for mostly comes. Who waits longer should sleep. Yielding
// leaves the core to other programs, if they want it. One that takes it keeps it for long, and a thread that sleeps is
// given a core sooner than one that has been yielding: then there is no such waiting for a while.
template <class Ready>
bool ready_soon(const Ready& ready) {
  constexpr std::chrono::microseconds kSoon{50};
  constexpr std::chrono::microseconds kTaken{200};  // so long takes no yielding to nobody
  constexpr int kLooks = 8;                         // between two looks at the clock
  if (cores_are_taken()) return ready();
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin; now - begin < kSoon;) {
    for (int i = 0; i < kLooks; ++i) {
      if (ready()) return true;
      std::this_thread::yield();
    }
    const Clock::time_point last = now;
    now = Clock::now();
    if (now - last > kTaken) note_absence(now);
  }
  return ready();
}

using Task = FunctionRef<void(Index i, int thread)>;

// The tasks of a loop that nobody has taken yet.
class Remaining {
 public:
  explicit Remaining(Index n) : n_(n), few_(n < kFew ? (std::uint64_t{1} << n) - 1 : 0) {}

  // Takes one; -1 when there is none. Of few, the first from `wanted` on: a thread that wants the same tasks of one
  // loop after the other finds in its caches what it wrote. Of many, the first.
  Index take(Index wanted) {
    if (n_ >= kFew) {
      const Index i = next_++;
      return i < n_ ? i : -1;
    }
    std::uint64_t free = few_;
    while (free != 0) {
      Index i = wanted;
      while ((free >> i & 1) == 0) i = i + 1 < n_ ? i + 1 : 0;
      if (few_.compare_exchange_weak(free, free & ~(std::uint64_t{1} << i))) return i;
    }
    return -1;
  }

 private:
  static constexpr Index kFew = 64;

  const Index n_;
  std::atomic<std::uint64_t> few_;  // by bits
  std::atomic<Index> next_{0};      // of many
};

// Which of the team's threads this one is: 0 for the one that began it.
thread_local int own_place = 0;

// Threads that take part in each other's loops, from the beginning to the end of a with_team(). A thread joins a loop
// when it has nothing to do; nobody waits for one that has not joined.
class Team {
 public:
  explicit Team(int size) : size_(size) {}
  int size() const { return size_; }

  // Runs work(i, thread) for every i in [0, n), on this thread and those that join. `work` must not throw.
  void run(Index n, int threads, bool ascending, const Task& work) {
    Loop loop(n, static_cast<int>(std::min<Index>(n, threads)), ascending, work);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      open(&loop);
    }
    const Clock::time_point begin = Clock::now();
    loop.take_part(0);
    const Clock::time_point own_end = Clock::now();
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
    // A thread that takes so much longer for its share has lost its core; one task more than others it may have.
    constexpr std::chrono::microseconds kLong{500};
    const Clock::time_point end = Clock::now();
    if (end - own_end > std::max<Clock::duration>(2 * (own_end - begin), kLong)) note_absence(end);
  }

  // What the other threads do until leave().
  void help() {
    for (;;) {
      (void)ready_soon([&] { return num_open_ != 0 || left_; });
      std::unique_lock<std::mutex> lock(mutex_);
      opened_.wait(lock, [&] { return num_open_ != 0 || left_; });
      if (left_) return;
      Loop* const loop = open_.back();
      const int thread = loop->joined++;
      ++loop->helpers;
      if (loop->joined == loop->threads) close(loop);
      lock.unlock();
      loop->take_part(thread);
      lock.lock();
      close(loop);
      if (--loop->helpers == 0) finished_.notify_all();
    }
  }

  void leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    left_ = true;
    opened_.notify_all();
  }

 private:
  struct Loop {
    Loop(Index size, int most_threads, bool in_order, const Task& task)
        : n(size), threads(most_threads), ascending(in_order), work(task), remaining(size) {}
    void take_part(int thread) {
      const Index wanted = ascending ? 0 : std::min(own_place * n / threads, n - 1);
      for (Index i = remaining.take(wanted); i >= 0; i = remaining.take(wanted)) work(i, thread);
    }

    const Index n;
    const int threads;  // at most
    const bool ascending;
    const Task& work;
    Remaining remaining;
    int joined = 1;               // threads, so far; guarded by the team's mutex
    std::atomic<int> helpers{0};  // that are in it now
  };

  void open(Loop* loop) {
    open_.push_back(loop);
    ++num_open_;
    for (int i = 1; i < loop->threads; ++i) opened_.notify_one();
  }
  // For further threads.
  void close(Loop* loop) {
    const auto found = std::find(open_.begin(), open_.end(), loop);
    if (found == open_.end()) return;
    open_.erase(found);
    --num_open_;
  }

  std::mutex mutex_;
  std::condition_variable opened_;
  std::condition_variable finished_;
  std::vector<Loop*> open_;
  std::atomic<int> num_open_{0};
  std::atomic<bool> left_{false};
  const int size_;
};

thread_local Team* own_team = nullptr;

class Membership {
 public:
  Membership(Team* team, int place) {
    own_team = team;
    own_place = place;
  }
  ~Membership() {
    own_team = nullptr;
    own_place = 0;
  }
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;
};

// Each task once, `ascending`: begun in the order of their numbers. `work` must not throw.
void run_tasks(Index n, int threads, bool ascending, const Task& work) {
  with_team(team_size(n, threads), [&] {
    if (own_team != nullptr) return own_team->run(n, threads, ascending, work);
    for (Index i = 0; i < n; ++i) work(i, 0);
  });
}

// Lets one task after the other pass.
class Turns {
 public:
  void wait_for(Index i) {
    const auto is_next = [&] { return next_ == i; };
    if (ready_soon(is_next)) return;
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, is_next);
  }
  void pass() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++next_;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<Index> next_{0};
};

}  // namespace

bool has_threads() {
#ifdef _OPENMP
  return true;
#else
  return false;
#endif
}

void with_team(int threads, FunctionRef<void()> body) {
  const int size = own_team == nullptr ? startable_team(team_size(threads, threads)) : 1;
  if (size == 1) return body();
#ifndef _OPENMP
  body();
#else
  Team team(size);
  std::exception_ptr error;
#pragma omp parallel num_threads(size)
  {
    const Membership membership(&team, omp_get_thread_num());
    if (omp_get_thread_num() != 0) {
      team.help();
    } else {
      try {
        body();
      } catch (...) {
        error = std::current_exception();
      }
      team.leave();
    }
  }
  if (error) std::rethrow_exception(error);
#endif
}

bool cores_are_taken() { return is_before(Clock::now(), crowded_until); }

int team_threads() { return own_team == nullptr ? 1 : own_team->size(); }

void parallel_for(Index n, int threads, Task work) {
  if (n < 2 || threads < 2) {
    for (Index i = 0; i < n; ++i) work(i, 0);
    return;
  }
  FirstError error;
  run_tasks(n, threads, false, [&](Index i, int thread) { error.run(i, [&] { work(i, thread); }); });
  error.rethrow();
}

void parallel_for_ordered(Index n, int threads, Task work, Task in_order) {
  if (n < 2 || threads < 2) {
    for (Index i = 0; i < n; ++i) {
      work(i, 0);
      in_order(i, 0);
    }
    return;
  }
  FirstError error;
  Turns turns;
  run_tasks(n, threads, true, [&](Index i, int thread) {
    error.run(i, [&] { work(i, thread); });
    turns.wait_for(i);
    error.run(i, [&] { in_order(i, thread); });
    turns.pass();
  });
  error.rethrow();
}

}  // namespace rnnlib
