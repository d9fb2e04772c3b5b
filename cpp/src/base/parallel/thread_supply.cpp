// SPDX-License-Identifier: Apache-2.0
#include "base/parallel/thread_supply.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#define RNNLIB_HAS_PTHREADS
#include <pthread.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace rnnlib {

#ifdef RNNLIB_HAS_PTHREADS

namespace {

using Clock = std::chrono::steady_clock;

// Bytes of the stacks that OpenMP's threads get by the environment ("512", "4M"), 0 = the system's default.
std::size_t stack_bytes() {
  for (const char* name : {"OMP_STACKSIZE", "GOMP_STACKSIZE"}) {
    const char* const text = std::getenv(name);
    if (text == nullptr) continue;
    char* end = nullptr;
    const unsigned long long number = std::strtoull(text, &end, 10);
    while (*end == ' ') ++end;
    const std::string units = "bBkKmMgG";
    const std::size_t unit = *end == '\0' ? 2 : units.find(*end);
    if (number > 0 && unit != std::string::npos && number < (1ULL << 20)) return number << (unit / 2 * 10);
  }
  return 0;
}

// Threads that do nothing until all of them may end.
class Probe {
 public:
  // Makes up to `wanted`; returns how many there are.
  int make(int wanted) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return 0;
    if (const std::size_t bytes = stack_bytes()) pthread_attr_setstacksize(&attributes, bytes);
    threads_.reserve(static_cast<std::size_t>(wanted));
    ids_.reserve(static_cast<std::size_t>(wanted));
    pthread_t thread;
    while (static_cast<int>(threads_.size()) < wanted && pthread_create(&thread, &attributes, &wait, this) == 0) {
      threads_.push_back(thread);
    }
    pthread_attr_destroy(&attributes);
    return static_cast<int>(threads_.size());
  }

  ~Probe() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      may_end_ = true;
      changed_.notify_all();
    }
    for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
    for (const long id : ids_) wait_until_gone(id);
  }

 private:
  static void* wait(void* self) {
    Probe& probe = *static_cast<Probe*>(self);
    std::unique_lock<std::mutex> lock(probe.mutex_);
#ifdef __linux__
    probe.ids_.push_back(syscall(SYS_gettid));
#endif
    probe.changed_.wait(lock, [&] { return probe.may_end_; });
    return nullptr;
  }

  // A thread that has been joined counts against limits for a moment more.
  static void wait_until_gone(long id) {
    const std::string path = "/proc/self/task/" + std::to_string(id);
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(50);
    while (access(path.c_str(), F_OK) == 0 && Clock::now() < end) std::this_thread::yield();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool may_end_ = false;
  std::vector<pthread_t> threads_;
  std::vector<long> ids_;  // as the system numbers them
};

// What was found good last, until when that counts, and in which process: a forked child may have other limits.
std::atomic<int> found{0};
std::atomic<Clock::rep> found_until{0};
std::atomic<pid_t> found_by{0};

}  // namespace

int startable_threads(int wanted) {
  const Clock::time_point now = Clock::now();
  if (wanted <= found && now.time_since_epoch().count() < found_until && found_by == getpid()) return wanted;
  Probe probe;
  const int startable = std::max(probe.make(wanted + 1) - 1, 0);  // others may take one meanwhile
  if (startable == wanted) {
    found = wanted;
    found_by = getpid();
    found_until = (now + std::chrono::milliseconds(100)).time_since_epoch().count();
  }
  return startable;
}

#else

int startable_threads(int wanted) { return wanted; }

#endif

}  // namespace rnnlib
