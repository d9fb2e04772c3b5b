// SPDX-License-Identifier: Apache-2.0
// Helpers are never ended and never freed: threads may be in the engine while the process ends. fork() copies only the
// thread that calls it, so a forked child finds out that the helpers are not its own, and makes new ones.
#include "base/parallel/helpers.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>

#ifdef RNNLIB_HAS_THREADS
#include <thread>
#endif

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#include <csignal>
#endif

namespace rnnlib {

// A thread that takes part in one team after another, and sleeps in between.
class Helper {
 public:
  void help(const OwnTeam& team) {
    const std::lock_guard<std::mutex> lock(mutex_);
    team_ = team;
    changed_.notify_all();
  }

  // Returns when it is in no team. A helper that still sleeps is waited for, too: the system gives a core sooner to a
  // thread that has slept, which counts where other programs want the cores.
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return team_.loops == nullptr; });
  }

  // What its thread does, for ever.
  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return team_.loops != nullptr; });
      const OwnTeam team = team_;
      lock.unlock();
      {
        const OwnTeamScope scope(team);
        team.loops->help();
      }
      lock.lock();
      team_ = {};
      changed_.notify_all();
    }
  }

  Helper* next_idle = nullptr;  // the pool's list, which needs no memory of its own

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  OwnTeam team_;  // which it is to help
};

namespace {

#if defined(__unix__) || defined(__APPLE__)
using ProcessId = pid_t;
ProcessId own_process() { return getpid(); }

// Threads that are made within a scope get no signals but those of their own faults: handlers run on the program's own
// threads.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};
#else
using ProcessId = int;
ProcessId own_process() { return 0; }
struct WithoutSignals {
  WithoutSignals() {}
};
#endif

// The helpers of a process that are in no team.
struct Pool {
  const ProcessId process;
  Pool* const before;  // that of the process which this one was forked from
  std::mutex mutex;
  Helper* idle;  // the first of a list
};

Pool& own_pool() {
  static std::atomic<Pool*> newest{nullptr};
  const ProcessId process = own_process();
  Pool* found = newest.load(std::memory_order_acquire);
  while (found == nullptr || found->process != process) {
    Pool* const made = new Pool{process, found, {}, nullptr};
    if (newest.compare_exchange_strong(found, made, std::memory_order_acq_rel)) return *made;
    delete made;
  }
  return *found;
}

// Null when the system gives no thread, or not the memory for one.
Helper* make_helper() {
#ifdef RNNLIB_HAS_THREADS
  Helper* made = nullptr;
  try {
    made = new Helper;
    const WithoutSignals scope;
    std::thread([made] { made->serve(); }).detach();
    return made;
  } catch (const std::exception&) {
    delete made;
  }
#endif
  return nullptr;
}

}  // namespace

TeamHelpers::TeamHelpers(int wanted) {
  helpers_.reserve(static_cast<std::size_t>(wanted));
  Pool& pool = own_pool();
  {
    const std::lock_guard<std::mutex> lock(pool.mutex);
    for (; size() < wanted && pool.idle != nullptr; pool.idle = pool.idle->next_idle) helpers_.push_back(pool.idle);
  }
  while (size() < wanted) {
    Helper* const made = make_helper();
    if (made == nullptr) break;
    helpers_.push_back(made);
  }
}

TeamHelpers::~TeamHelpers() {
  for (Helper* helper : helpers_) helper->wait();
  Pool& pool = own_pool();
  const std::lock_guard<std::mutex> lock(pool.mutex);
  for (Helper* helper : helpers_) {
    helper->next_idle = pool.idle;
    pool.idle = helper;
  }
}

void TeamHelpers::help(TeamLoops& loops) {
  for (int i = 0; i < size(); ++i) helpers_[static_cast<std::size_t>(i)]->help({&loops, i + 1, size() + 1});
}

}  // namespace rnnlib
